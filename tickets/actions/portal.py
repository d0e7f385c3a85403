"""Asking from the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from customers.actions import set_concern
from customers.choices import AfterSales
from customers.models import Equipment, Order

from ..models import Ticket
from .intake import submit_ticket


@action()
def submit_in_portal(
    *, actor: Actor, values: Mapping[str, Any], order: Order | None = None, equipment: Equipment | None = None
) -> Ticket:
    """A signed-in contact asks for something, about an order or a device they see. values: as for `submit_ticket`.

    Name and address in `values` are those the contact signed in with, so that it becomes their ticket. Raises as
    `submit_ticket`, and `NotFound` for another's order or device.
    """
    ticket = submit_ticket(actor=actor, **values)
    if ticket.contact_id != actor.id:
        raise NotFound
    if order is not None or equipment is not None:
        set_concern(
            actor=Actor.system(), subject=ticket, customer=ticket.customer, wants=AfterSales.QUESTION, order=order,
            equipment=equipment,
        )  # fmt: skip
    return ticket
