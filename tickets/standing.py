"""How a customer stands with the service desk: what is open, what is late, and how it was rated last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from crm.core.actor import Actor
from crm.core.memo import remembered
from customers.models import Customer

from .choices import SlaState, TicketKind
from .models import Rating, Ticket

#: How many verdicts say how satisfied a customer is now.
LATEST = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Unresolved tickets of a customer. next_due_at: the deadline that is nearest, or longest past."""

    open: int
    complaints: int
    breached: int
    at_risk: int
    next_due_at: dt.datetime | None


def standing_of(viewer: Actor, customer: Customer) -> Standing:
    """What is open, in outline: whoever may see the customer is told. One query, once a page."""
    return remembered(customer, ("tickets.standing", viewer.id), lambda: _standing(viewer, customer))


def scores_of(viewer: Actor, customer: Customer) -> list[int]:
    """The latest scores from 1 to 5 that the customer gave, newest first. One query, once a page."""
    return remembered(customer, ("tickets.scores", viewer.id), lambda: _scores(viewer, customer))


def _standing(viewer: Actor, customer: Customer) -> Standing:
    rows = Ticket.objects.visible_in_outline(viewer).whole().filter(customer=customer).unresolved()
    clocked = Q(sla_state__in=(SlaState.FINE, SlaState.AT_RISK, SlaState.BREACHED))
    return Standing(
        **rows.order_by().aggregate(
            open=Count("pk"),
            complaints=Count("pk", filter=Q(request_type__kind=TicketKind.COMPLAINT)),
            breached=Count("pk", filter=Q(sla_state=SlaState.BREACHED)),
            at_risk=Count("pk", filter=Q(sla_state=SlaState.AT_RISK)),
            next_due_at=Min("next_due_at", filter=clocked),
        )
    )


def _scores(viewer: Actor, customer: Customer) -> list[int]:
    seen = Ticket.objects.visible_in_outline(viewer).filter(customer=customer)
    rows = Rating.objects.filter(ticket__in=seen, score__isnull=False).order_by("-rated_at", "-pk")
    return list(rows.values_list("score", flat=True)[:LATEST])
