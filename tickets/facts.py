from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.actor import Actor
from crm.core.sockets import Fact, facts
from customers.models import Customer

from .choices import SlaState, TicketKind
from .models import Rating, Ticket

#: Scores up to this one are bad.
BAD_SCORE = 2


def open_complaint(actor: Actor, customer: Customer) -> Any:
    """Whether a complaint is not resolved yet."""
    rows = Ticket.objects.visible_in_outline(actor).filter(customer=customer).unresolved()
    count = rows.filter(request_type__kind=TicketKind.COMPLAINT)[:100].count()
    return (
        ngettext("%(count)s open complaint", "%(count)s open complaints", count) % {"count": count} if count else None
    )


def broken_promise(actor: Actor, customer: Customer) -> Any:
    """Whether an unresolved ticket is past its deadline."""
    rows = Ticket.objects.visible_in_outline(actor).filter(customer=customer, sla_state=SlaState.BREACHED).unresolved()
    count = rows[:100].count()
    return (
        ngettext("%(count)s ticket overdue", "%(count)s tickets overdue", count) % {"count": count} if count else None
    )


def bad_last_rating(actor: Actor, customer: Customer) -> Any:
    """Whether the last rating that the customer gave was a bad one."""
    seen = Ticket.objects.visible_in_outline(actor).filter(customer=customer)
    last = Rating.objects.filter(ticket__in=seen, score__isnull=False).order_by("-rated_at", "-pk").first()
    if last is None or last.score > BAD_SCORE:
        return None
    return _("Last satisfaction: %(score)s of 5") % {"score": last.score}


facts.register(
    Fact("tickets.bad_rating", "customer", _("Satisfaction"), "warning", bad_last_rating, "customers.view", 30),
    Fact("tickets.complaint", "customer", _("Complaint"), "danger", open_complaint, "customers.view", 10),
    Fact("tickets.overdue", "customer", _("Overdue"), "warning", broken_promise, "customers.view", 20),
)
