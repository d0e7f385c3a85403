"""What an agent on the phone needs to know: whom the words mean, and what the person asked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Value, When

from crm.core.actor import Actor
from crm.search.declarations import search_documents
from crm.search.selectors import find
from customers.models import Contact
from customers.recognising.finding import find_people, people_in_order
from customers.selectors import email_of, phone_of, shown_address

from .choices import UNRESOLVED
from .models import Rating, Ticket

OFFERED = 8
SHOWN_TICKETS, SHOWN_RATINGS = 8, 3


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the offer. address: in full or masked, as the viewer may see it. ticket: what they were found by."""

    contact: Contact
    address: str
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """tickets: the person's own, open ones first. company: other open ones of their company. open: of the person.

    openable: ids of those that the viewer may open.
    """

    tickets: Sequence[Ticket]
    company: Sequence[Ticket]
    open: Sequence[Ticket]
    openable: frozenset[int]
    ratings: Sequence[Rating]
    note: str


def look_for(viewer: Actor, text: str) -> list[Person]:
    """People by address, name or company; then those of tickets that have the words or the number in them."""
    contacts = find_people(viewer, text, limit=OFFERED)
    if len(contacts) >= OFFERED or not viewer.can("tickets.view"):
        return as_offered(viewer, contacts)
    hits = find(viewer, text, search_documents["ticket"], limit=OFFERED).documents
    rows = Ticket.objects.visible_to(viewer).filter(pk__in=[hit.id for hit in hits]).order_by("-last_message_at")
    tickets: dict[int, str] = {}
    for contact_id, number, subject in rows.values_list("contact_id", "number", "subject"):
        tickets.setdefault(contact_id, f"#{number} {subject}")
    known = {contact.pk for contact in contacts}
    more = people_in_order(viewer, [pk for pk in tickets if pk not in known])
    return as_offered(viewer, [*contacts, *more[: OFFERED - len(contacts)]], tickets)


def as_offered(viewer: Actor, contacts: Sequence[Contact], tickets: Mapping[int, str] | None = None) -> list[Person]:
    """These people as the viewer may read them."""
    found = tickets or {}
    return [Person(contact, _address(viewer, contact), found.get(contact.pk, "")) for contact in contacts]


def history_of(viewer: Actor, contact: Contact) -> History:
    """What the person and their company asked before, in outline where a ticket is not in the viewer's set."""
    is_open = Case(
        When(status__category__in=UNRESOLVED, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    rows = Ticket.objects.visible_in_outline(viewer).whole().select_related("status", "assignee", "team")
    own = rows.filter(contact=contact).annotate(is_open=is_open).order_by("-is_open", "-last_message_at")
    tickets = list(own[:SHOWN_TICKETS])
    company = rows.filter(customer_id=contact.customer_id).exclude(contact=contact).unresolved()
    others = list(company.order_by("-last_message_at")[:SHOWN_TICKETS])
    ids = [ticket.pk for ticket in (*tickets, *others)]
    openable = Ticket.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True)
    ratings = Rating.objects.filter(ticket__in=[ticket.pk for ticket in tickets], score__isnull=False)
    return History(
        tickets=tickets,
        company=others,
        open=[ticket for ticket in tickets if ticket.is_open],
        openable=frozenset(openable),
        ratings=list(ratings.select_related("ticket").order_by("-rated_at")[:SHOWN_RATINGS]),
        note=contact.customer.note if viewer.can("customers.view") else "",
    )


def _address(viewer: Actor, contact: Contact) -> str:
    identity = phone_of(contact) or email_of(contact)
    return shown_address(viewer, identity) if identity is not None else ""
