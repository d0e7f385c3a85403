"""Devices at customers, and what a request is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers

from ..choices import AfterSales
from ..models import Concern, Customer, Equipment, Order, Product, Shipment

EDITABLE = ("product", "name", "serial_number", "place", "installed_on", "warranty_until", "state")
SEVERITIES = (1, 2, 3)


@action(permission="orders.manage")
def save_equipment(
    *, actor: Actor, customer: Customer, values: Mapping[str, Any], record: Equipment | None = None
) -> Equipment:
    """Adds or changes a device of a customer. Raises `Invalid`, also for a serial number that another has."""
    owner = Customer.objects.visible_to(actor).lock().filter(pk=customer.pk).first()
    row = Equipment(customer=owner) if record is None else Equipment.objects.lock().filter(pk=record.pk).first()
    if owner is None or row is None or row.customer_id != owner.pk:
        raise NotFound
    columns = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    if set(columns) - set(EDITABLE):
        raise Invalid
    store_answers(row, custom_values(values))
    for name, value in columns.items():
        setattr(row, name, clean_line(value) if isinstance(value, str) else value)
    if not row.name and row.product is not None:
        row.name = str(row.product.name)[:120]
    try:
        row.full_clean(exclude=["search_key"])
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    row.save()
    record_activity(actor=actor, type="orders.equipment_saved", subject=row, anchors=[owner], data={"name": str(row)})
    return row


@action(permission="orders.view")
def set_concern(
    *,
    actor: Actor,
    subject: models.Model,
    customer: Customer,
    wants: str,
    severity: int = 1,
    order: Order | None = None,
    shipment: Shipment | None = None,
    product: Product | None = None,
    equipment: Equipment | None = None,
) -> Concern:
    """Says what a record, such as a ticket, is about; saying it again replaces it. severity: 1 low to 3 high.

    The customer is the record's. A parcel brings its order, a device its product. Raises `Invalid`, `NotFound` for
    something of another customer.
    """
    if wants not in AfterSales.values or severity not in SEVERITIES:
        raise Invalid(fields={"wants": _("Choose one of the values")})
    order = shipment.order if shipment is not None else order
    product = product or (equipment.product if equipment is not None else None)
    for thing in (order, equipment):
        if thing is not None and thing.customer_id != customer.pk:
            raise NotFound
    where = {"kind": kind_of(subject).code, "object_id": subject.pk}
    said = {
        "customer": customer, "wants": wants, "severity": severity, "order": order, "shipment": shipment,
        "product": product, "equipment": equipment,
    }  # fmt: skip
    concern, _is_new = Concern.objects.update_or_create(**where, defaults=said)
    about = next((str(thing) for thing in (shipment, order, equipment, product) if thing is not None), "--")
    record_activity(
        actor=actor, type="orders.concern_set", subject=subject, anchors=[customer, order, equipment],
        data={"about": about},
    )  # fmt: skip
    return concern
