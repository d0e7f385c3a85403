"""What an import made goes again, as long as nobody has worked with it since.

Customers go to the recycle bin with their people. Products, orders and equipment have no bin: they go for good, and
their history says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict, NotReady
from crm.exchange.memory import require_same
from crm.ui.generic.dependents import dependents_of

from ..models import Contact, Customer, Equipment, Identity, Order, OrderLine, Product
from .customers import delete_customer

#: What goes with a record because it is a part of it.
_PARTS: dict[type[Model], tuple[type[Model], ...]] = {
    Customer: (Contact, Identity),
    Contact: (Identity,),
    Order: (OrderLine,),
    Product: (),
    Equipment: (),
}


@action(permission="customers.import")
def withdraw_customer(
    *, actor: Actor, pk: int, kept: Mapping[str, Any], people: Mapping[int, Mapping[str, Any]]
) -> None:
    """Moves a customer to the recycle bin. kept: what the import left; people: id → what it left of each.

    Raises `Conflict` for what changed since, `NotReady` for what hangs on it.
    """
    row = _locked(actor, Customer, pk)
    require_same(row, kept)
    found = list(row.contacts.all())
    if {contact.pk for contact in found} - set(people):
        raise Conflict(_("Other contacts were added since"))
    for contact in found:
        _require_same_person(contact, people[contact.pk])
        _require_free(contact)
    _require_free(row)
    delete_customer(actor=actor, customer=row)


@action(permission="customers.import")
def withdraw_contact(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Takes a person off a customer that stays. Raises as `withdraw_customer`."""
    row = _locked(actor, Contact, pk)
    _require_same_person(row, kept)
    _require_free(row)
    now = clock.now()
    row.identities.update(deleted_at=now, deleted_by_id=actor.user_id)
    row.deleted_at, row.deleted_by_id = now, actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    data = {"what": _("contact"), "name": row.name}
    record_activity(actor=actor, type="customers.detail_removed", subject=row.customer, anchors=[row], data=data)


@action(permission="orders.catalogue")
def withdraw_product(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Deletes a product that nothing points at. Raises as `withdraw_customer`."""
    _withdraw(actor, Product, pk, kept)


@action(permission="orders.manage")
def withdraw_order(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Deletes an order without parcels, refunds or requests. Raises as `withdraw_customer`."""
    _withdraw(actor, Order, pk, kept)


@action(permission="orders.manage")
def withdraw_equipment(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Deletes a device that no request is about. Raises as `withdraw_customer`."""
    _withdraw(actor, Equipment, pk, kept)


def _withdraw(actor: Actor, model: type[Model], pk: int, kept: Mapping[str, Any]) -> None:
    row = _locked(actor, model, pk)
    require_same(row, kept)
    _require_free(row)
    anchors = [row.customer] if isinstance(row, Order | Equipment) else []
    subject = anchors[0] if anchors else row
    record_activity(actor=actor, type="orders.withdrawn", subject=subject, anchors=[row], data={"name": str(row)})
    row.delete()


def _locked(actor: Actor, model: type[Model], pk: int) -> Any:
    """The record, fresh and locked. Raises `Conflict` when it is gone or out of the actor's set."""
    row = model._default_manager.visible_to(actor).lock().filter(pk=pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise Conflict(_("It is no longer there, or no longer yours to change"))
    return row


def _require_same_person(contact: Contact, kept: Mapping[str, Any]) -> None:
    require_same(contact, {name: value for name, value in kept.items() if name != "addresses"})
    now = sorted([kind, value] for kind, value in contact.identities.values_list("kind", "value"))
    if now != sorted(list(pair) for pair in kept["addresses"]):
        raise Conflict(_("Somebody changed the contact since"))


def _require_free(row: Model) -> None:
    """Raises `NotReady` naming what hangs on the record besides its own parts."""
    own = {model._meta.verbose_name for model in _PARTS[type(row)]}
    own |= {model._meta.verbose_name_plural for model in _PARTS[type(row)]}
    found = dependents_of(row)
    groups = [group for group in (*found.blocking, *found.going) if group.label not in own and group.count]
    if groups:
        words = ", ".join(f"{group.count} {group.label}" for group in groups)
        raise NotReady(_("Other records belong to it now: %(records)s") % {"records": words})
