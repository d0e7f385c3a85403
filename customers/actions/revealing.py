"""Uncovering one masked address: for a visit, and never without a trace."""

from __future__ import annotations

from crm.activity.models import Sight
from crm.activity.recording import record
from crm.activity.sightings import saw
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.translated import in_all_languages

from ..choices import IdentityKind
from ..models import Identity, Order
from ..recognising.identities import shown_phone


@action(permission="customers.uncover")
def uncover_address(*, actor: Actor, identity: Identity) -> str:
    """The whole mail address, phone number or chat id, noted on the customer's timeline and among who saw what.

    Raises `NotFound` outside the actor's set.
    """
    row = Identity.objects.visible_to(actor).select_related("contact__customer").filter(pk=identity.pk).first()
    if row is None:
        raise NotFound
    kind = IdentityKind(row.kind)
    record(
        actor=actor, type="customers.uncovered", subject=row.contact.customer, anchors=[row.contact],
        data={"what": in_all_languages(kind.label), "name": row.contact.name, "identity": row.pk},
    )  # fmt: skip
    saw(actor, row.contact, Sight.REVEALED)
    return shown_phone(row.value) if kind == IdentityKind.PHONE else row.value


@action(permission="customers.uncover")
def uncover_ship_to(*, actor: Actor, order: Order) -> str:
    """Where an order is sent, in full; noted as `uncover_address` does. Raises `NotFound` outside the actor's set."""
    row = Order.objects.visible_to(actor).select_related("customer").filter(pk=order.pk).first()
    if row is None:
        raise NotFound
    what = in_all_languages(Order._meta.get_field("ship_to").verbose_name)  # type: ignore[union-attr]
    record(
        actor=actor, type="customers.uncovered", subject=row.customer, anchors=[row],
        data={"what": what, "name": row.label, "order": row.pk},
    )  # fmt: skip
    saw(actor, row, Sight.REVEALED)
    return str(row.ship_to)
