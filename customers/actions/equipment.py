"""Devices at customers, and what a request is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import Deed, kind_of, record_many
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.fields.forms import PREFIX

from ..choices import AfterSales
from ..models import Concern, Customer, Equipment, Order, Product, Shipment
from .customers import locked_many
from .storing import locked_rows, require_valid, set_values, write_rows

EDITABLE = (
    "product", "name", "serial_number", "order_line", "place", "installed_on", "warranty_until", "state",
)  # fmt: skip
_TEXTS = ("name", "serial_number", "place")
SEVERITIES = (1, 2, 3)


@action(permission="orders.manage")
def save_equipment(
    *, actor: Actor, customer: Customer, values: Mapping[str, Any], record: Equipment | None = None
) -> Equipment:
    """Adds or changes a device of a customer. Raises `Invalid`, also for another's serial number or order."""
    return save_devices(actor=actor, rows=[(customer, record, values)])[0]


@action(permission="orders.manage")
def save_devices(
    *, actor: Actor, rows: Sequence[tuple[Customer, Equipment | None, Mapping[str, Any]]]
) -> list[Equipment]:
    """`save_equipment` for many, all or none. rows: customer, record (None for a new one), values. Raises as that."""
    owners = locked_many(actor, [customer for customer, _record, _values in rows])
    known = locked_rows(Equipment, [record for _customer, record, _values in rows])
    devices, columns = [], {"name", "search_key"}
    for customer, record, values in rows:
        row = known[record.pk] if record is not None else Equipment(customer=owners[customer.pk])
        if row.customer_id != customer.pk:
            raise NotFound
        if {name for name in values if not name.startswith(PREFIX)} - set(EDITABLE):
            raise Invalid
        columns |= set_values(
            row, {name: clean_line(each) if name in _TEXTS else each for name, each in values.items()}
        )
        if not row.name and row.product is not None:
            row.name = str(row.product.name)[:120]
        line = values.get("order_line")
        if line is not None and line.order.customer_id != customer.pk:
            raise Invalid(fields={"order_line": [_("This order is of another customer.")]})
        row.fill_keys()
        devices.append(row)
    require_valid(devices)
    write_rows(Equipment, devices, columns)
    record_many(
        actor=actor,
        deeds=[Deed("orders.equipment_saved", row, [owners[row.customer_id]], {"name": str(row)}) for row in devices],
    )
    return devices


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
