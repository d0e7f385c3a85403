"""What an import made goes again, as long as nobody has worked with it since.

Customers go to the recycle bin with their people. Products, orders and equipment have no bin: they go for good, and
their history says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict, NotReady
from crm.exchange.memory import images, require_same
from crm.ui.generic.dependents import dependents_of

from ..models import (
    Contact,
    Customer,
    CustomerFacts,
    Equipment,
    Identity,
    Offer,
    Order,
    OrderLine,
    PossibleDuplicate,
    Product,
    SegmentChange,
    SegmentCheck,
    SegmentMember,
)
from .customers import delete_customers

GONE = gettext_lazy("It is no longer there, or no longer yours to change")
CHANGED = gettext_lazy("Somebody changed it since")
#: What goes with a record because it is a part of it, or because it was reckoned from it.
_PARTS: dict[type[Model], tuple[type[Model], ...]] = {
    Customer: (
        Contact, Identity, CustomerFacts, Offer, PossibleDuplicate, SegmentChange, SegmentCheck, SegmentMember,
    ),
    Contact: (Identity,),
    Order: (OrderLine,),
    Product: (),
    Equipment: (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import left of a customer: its image, and id → image of each of its people."""

    image: Mapping[str, Any]
    people: Mapping[int, Mapping[str, Any]]


@action(permission="customers.import")
def withdraw_customers(*, actor: Actor, kept: Mapping[int, Kept]) -> None:
    """Moves customers to the recycle bin, all or none. kept: id → what the import left.

    Raises `Conflict` for what changed since, `NotReady` for what hangs on one of them.
    """
    rows = list(Customer.objects.visible_to(actor).lock().filter(pk__in=kept))
    if len(rows) < len(kept):
        raise Conflict(GONE)
    now = images(rows, {name for each in kept.values() for name in each.image})
    if any(now[pk] != dict(each.image) for pk, each in kept.items()):
        raise Conflict(CHANGED)
    people = {contact.pk: contact for contact in Contact.objects.filter(customer__in=rows)}
    if any(pk not in kept[contact.customer_id].people for pk, contact in people.items()):
        raise Conflict(_("Other contacts were added since"))
    _require_same_people({pk: (row, kept[row.customer_id].people[pk]) for pk, row in people.items()})
    if people:
        _require_free(*people.values())
    _require_free(*rows)
    delete_customers(actor=actor, customers=rows)


@action(permission="customers.import")
def withdraw_contact(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Takes a person off a customer that stays. Raises as `withdraw_customers`."""
    row = _locked(actor, Contact, pk)
    _require_same_people({pk: (row, kept)})
    _require_free(row)
    now = clock.now()
    row.identities.update(deleted_at=now, deleted_by_id=actor.user_id)
    row.deleted_at, row.deleted_by_id = now, actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    data = {"what": _("contact"), "name": row.name}
    record_activity(actor=actor, type="customers.detail_removed", subject=row.customer, anchors=[row], data=data)


@action(permission="orders.catalogue")
def withdraw_product(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Deletes a product that nothing points at. Raises as `withdraw_customers`."""
    _withdraw(actor, Product, pk, kept)


@action(permission="orders.manage")
def withdraw_order(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Deletes an order without parcels, refunds or requests. Raises as `withdraw_customers`."""
    _withdraw(actor, Order, pk, kept)


@action(permission="orders.manage")
def withdraw_equipment(*, actor: Actor, pk: int, kept: Mapping[str, Any]) -> None:
    """Deletes a device that no request is about. Raises as `withdraw_customers`."""
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
        raise Conflict(GONE)
    return row


def _require_same_people(people: Mapping[int, tuple[Contact, Mapping[str, Any]]]) -> None:
    """Raises `Conflict` unless each is as the import left it, addresses included. people: id → row and image."""
    if not people:
        return
    fields = {name for _row, kept in people.values() for name in kept if name != "addresses"}
    now = images([row for row, _kept in people.values()], fields)
    addresses: dict[int, list[list[str]]] = {pk: [] for pk in people}
    rows = Identity.objects.filter(contact__in=list(people)).values_list("contact_id", "kind", "value")
    for pk, kind, value in rows:
        addresses[pk].append([kind, value])
    for pk, (_row, kept) in people.items():
        facts = {name: value for name, value in kept.items() if name != "addresses"}
        if now[pk] != facts or sorted(addresses[pk]) != sorted(list(pair) for pair in kept["addresses"]):
            raise Conflict(_("Somebody changed the contact since"))


def _require_free(row: Model, *others: Model) -> None:
    """Raises `NotReady` naming what hangs on the records, all of one model, besides their own parts."""
    own = {model._meta.verbose_name for model in _PARTS[type(row)]}
    own |= {model._meta.verbose_name_plural for model in _PARTS[type(row)]}
    found = dependents_of(row, *others)
    groups = [group for group in (*found.blocking, *found.going) if group.label not in own and group.count]
    if groups:
        words = ", ".join(f"{group.count} {group.label}" for group in groups)
        raise NotReady(_("Other records belong to it now: %(records)s") % {"records": words})
