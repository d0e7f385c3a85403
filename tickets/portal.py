"""What the service desk shows in the customer portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from customers.portals.sections import PortalSection, portal_sections

from .choices import UNRESOLVED
from .models import Ticket
from .progress import Step, is_with_customer, steps_of

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket on a list of the portal. is_yours: we wait for its requester; is_own: they are the reader."""

    ticket: Ticket
    steps: list[Step]
    is_yours: bool
    is_own: bool
    is_solved: bool


def shown(actor: Actor, ticket: Ticket) -> Card:
    """A ticket with its status and contact, as a card. No query."""
    is_solved = ticket.status.category not in UNRESOLVED
    is_own = ticket.contact_id == actor.id
    return Card(ticket, steps_of(ticket), is_with_customer(ticket), is_own, is_solved)


def waiting(actor: Actor) -> int:
    """How many of the contact's own tickets wait for their word. One query."""
    rows = Ticket.objects.in_portal(actor).unresolved().filter(contact=actor.id)
    return int(rows.filter(status__category="waiting", status__is_default=True).count())


def open_tickets(actor: Actor) -> dict[str, Any]:
    """What is open: waiting for the contact, with us, and colleagues'; with how many there are. One query."""
    rows = Ticket.objects.in_portal(actor).unresolved().select_related("status", "contact", "assignee")
    cards = [shown(actor, ticket) for ticket in rows.order_by("-last_message_at", "-pk")[:100]]
    groups = [
        (_("Waiting for you"), [card for card in cards if card.is_own and card.is_yours]),
        (_("We are working on it"), [card for card in cards if card.is_own and not card.is_yours]),
        (_("Of your colleagues"), [card for card in cards if not card.is_own]),
    ]
    found = [(label, rows[:SHOWN], len(rows)) for label, rows in groups if rows]
    return {"groups": found}


portal_sections.register(
    PortalSection(
        "tickets", _("Tickets"), "ticket", "support:ticket_list", order=10, count=waiting, block=open_tickets,
        template="tickets/portal/_open.html", asks="support:ticket_create",
    )
)  # fmt: skip
