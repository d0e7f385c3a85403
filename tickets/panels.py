"""A customer's tickets on the customer's page, and beside each other ticket."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel, panels
from customers.links import linked_ids, name_of
from customers.models import Contact, Customer
from knowledge.selectors import uses_on

from . import articles
from .choices import UNRESOLVED
from .conversation import conversation_for_customer
from .models import Rating, Ticket

SHOWN = 5
#: How many of a ticket's public messages stand beside its part.
OUTLINE = 20


def _outline(actor: Actor, customer_id: int) -> Any:
    rows = Ticket.objects.visible_in_outline(actor).whole().filter(customer_id=customer_id)
    return rows.select_related("status", "assignee")


def open_tickets(actor: Actor, customer: Customer) -> dict[str, Any]:
    """The newest unresolved tickets, and how many there are in all."""
    rows = _outline(actor, customer.pk)
    return {
        "tickets": list(rows.unresolved().order_by("-last_message_at")[:SHOWN]),
        "openable": _openable(actor, customer.pk),
        "customer": customer,
        "total": rows.count(),
        "asks": f"customer={customer.number}",
    }


def tickets_of_contact(actor: Actor, contact: Contact) -> dict[str, Any]:
    """The person's newest tickets, and the way to open one for them."""
    rows = Ticket.objects.visible_in_outline(actor).whole().filter(contact=contact)
    tickets = list(rows.select_related("status", "assignee").order_by("-last_message_at")[:SHOWN])
    return {"tickets": tickets, "openable": _openable(actor, contact.customer_id), "asks": f"contact={contact.pk}"}


def tickets_of_deal(actor: Actor, deal: Any) -> dict[str, Any]:
    """Tickets that a deal was made from or that were made from it, and the way to open one. Three queries."""
    rows = Ticket.objects.visible_in_outline(actor).filter(pk__in=linked_ids(deal, "ticket"))
    tickets = list(rows.select_related("status", "assignee").order_by("-last_message_at")[:SHOWN])
    asks = f"customer={deal.customer.number}&from={name_of(deal)}"
    return {"tickets": tickets, "openable": _openable(actor, deal.customer_id), "asks": asks}


def all_tickets(actor: Actor, customer: Customer) -> dict[str, Any]:
    """The latest fifty tickets, whatever their state."""
    rows = _outline(actor, customer.pk).order_by("-last_message_at")[:50]
    return {"tickets": list(rows), "openable": _openable(actor, customer.pk), "customer": customer}


def satisfaction(actor: Actor, customer: Customer) -> dict[str, Any]:
    """The last five ratings; comments only of tickets that the viewer may open."""
    tickets = Ticket.objects.visible_in_outline(actor).filter(customer=customer)
    rows = Rating.objects.filter(ticket__in=tickets, score__isnull=False).select_related("ticket")
    return {"ratings": list(rows.order_by("-rated_at")[:SHOWN]), "openable": _openable(actor, customer.pk)}


def other_tickets(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """Further unresolved tickets of the same customer."""
    context = open_tickets(actor, ticket.customer)
    return {**context, "asks": "", "tickets": [row for row in context["tickets"] if row.pk != ticket.pk]}


def parts_beside(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """Of a ticket, its parts; of a part, what its ticket says: public messages, never the notes of another team.

    Whoever sees the ticket sees its parts in outline; only those in the viewer's set are links.
    """
    if ticket.parent is not None:
        whole = ticket.parent
        return {
            "ticket": ticket,
            "whole": whole,
            "openable": set(Ticket.objects.visible_to(actor).filter(pk=whole.pk).values_list("pk", flat=True)),
            "lines": conversation_for_customer(whole, proved=True)[-OUTLINE:],
        }
    rows = Ticket.objects.filter(parent=ticket).select_related("status", "team", "assignee").order_by("number")
    may_ask = actor.can("tickets.create") and ticket.status.category in UNRESOLVED
    return {
        "ticket": ticket,
        "parts": list(rows[:50]),
        "openable": set(Ticket.objects.visible_to(actor).filter(parent=ticket).values_list("pk", flat=True)),
        "may_ask": may_ask and Ticket.objects.workable_by(actor).filter(pk=ticket.pk).exists(),
    }


def articles_beside(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """Articles that may answer the ticket, and those it already has to do with."""
    texts = articles.suggested(actor, ticket)
    return {
        "ticket": ticket,
        "suggested": [(text, articles.link_to(ticket, text), articles.is_for_customers(text)) for text in texts],
        "uses": uses_on(actor, ticket),
        "may_write": actor.can("knowledge.write"),
        "may_insert": actor.can("tickets.reply") and ticket.status.category in UNRESOLVED,
    }


def ratings_beside(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """The customer's last verdicts."""
    return satisfaction(actor, ticket.customer)


def _openable(actor: Actor, customer_id: int) -> set[int]:
    """Ids of the tickets the viewer may open; the others are shown in outline only."""
    rows = Ticket.objects.visible_to(actor).filter(customer_id=customer_id).order_by("-last_message_at")
    return set(rows.values_list("pk", flat=True)[:100])


_SEE = "customers.view"

panels.register(
    Panel("tickets.open", "customer", _("Open tickets"), "tickets/panels/_tickets.html", open_tickets, _SEE, order=10),
    Panel(
        "tickets.of_contact",
        "contact",
        _("Tickets"),
        "tickets/panels/_tickets.html",
        tickets_of_contact,
        _SEE,
        order=10,
    ),
    Panel(
        "tickets.of_deal", "opportunity", _("Tickets"), "tickets/panels/_tickets.html", tickets_of_deal, _SEE, order=60
    ),
    Panel(
        "tickets.ratings", "customer", _("Satisfaction"), "tickets/panels/_ratings.html", satisfaction, _SEE, order=20
    ),
    Panel(
        "tickets.all", "customer", _("Tickets"), "tickets/panels/_all.html", all_tickets, _SEE, place="tab", order=10
    ),
    Panel("tickets.parts", "ticket", _("Parts"), "tickets/panels/_parts.html", parts_beside, "tickets.view", order=5),
    Panel(
        "tickets.others",
        "ticket",
        _("Other open tickets"),
        "tickets/panels/_tickets.html",
        other_tickets,
        "tickets.view",
        order=10,
    ),
    Panel(
        "tickets.verdicts",
        "ticket",
        _("Satisfaction, last five"),
        "tickets/panels/_ratings.html",
        ratings_beside,
        "tickets.view",
        order=20,
    ),
)
panels.register(
    Panel(
        "tickets.articles",
        "ticket",
        _("Articles"),
        "tickets/panels/_articles.html",
        articles_beside,
        "knowledge.view",
        order=7,
        queries=12,
    ),
    owner="knowledge",
)
