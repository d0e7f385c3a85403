"""What customers add to meetings: whom to invite, and an interaction for each that was held."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.planner.meetings import Guest

from .actions.interactions import log_interaction
from .choices import InteractionKind
from .models import Customer
from .selectors import contacts_of, email_of, shown_address


def guests_of(actor: Actor, customer: Customer) -> list[tuple[Guest, str]]:
    """The customer's people that have a mail address, each with what the actor may read of it. Two queries."""
    found = []
    for contact in contacts_of(actor, customer):
        address = email_of(contact)
        if address is not None:
            guest = Guest(contact.name, address.value, contact.language or customer.language)
            found.append((guest, f"{contact.name} · {shown_address(actor, address)}"))
    return found


def log_meeting(actor: Actor, customer: Customer | None, meeting: Any) -> Customer | None:
    """Logs a held meeting as an interaction of the customer; returns the customer, whose timeline tells of it by that.

    None where the actor may not log one: the planner's own entry stands there then.
    """
    mine = Customer.objects.visible_to(actor).filter(pk=customer.pk) if customer is not None else None
    if customer is None or mine is None or not actor.can("customers.update") or not mine.exists():
        return None
    text = f"{meeting.title}\n{meeting.outcome}"
    log_interaction(
        actor=actor, customer=customer, kind=InteractionKind.MEETING, text=text, happened_at=meeting.starts_at,
        minutes=min(meeting.minutes, 1440),
    )  # fmt: skip
    return customer


def guests_of_customers(actor: Actor, record: Any) -> list[tuple[Guest, str]]:
    """The same for a record that has a `customer`, such as a ticket or an opportunity."""
    return guests_of(actor, record.customer) if record.customer is not None else []


def log_with_customers(actor: Actor, record: Any, meeting: Any) -> Customer | None:
    """The same for a record that has a `customer`."""
    return log_meeting(actor, record.customer, meeting)
