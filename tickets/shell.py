"""The work queue on the home page: what needs me, grouped by why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.accounts.selectors import absence_of
from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import ShellSlot, shell_slots

from .models import StandIn, Ticket
from .querysets import TicketQuerySet
from .selectors import public_request_types

GROUP = 8
SOON = dt.timedelta(hours=2)


def _mine(actor: Actor) -> TicketQuerySet:
    return Ticket.objects.visible_to(actor).active().filter(assignee_id=actor.user_id)


def _unassigned(actor: Actor) -> TicketQuerySet:
    return Ticket.objects.visible_to(actor).active().in_my_teams(actor).filter(assignee__isnull=True)


def tiles(actor: Actor) -> dict[str, Any]:
    """Four counts above the fold, each a link to its list."""
    now = clock.now()
    mine, waiting = _mine(actor), _unassigned(actor)
    return {
        "close": mine.filter(next_due_at__gt=now, next_due_at__lte=now + SOON)[:1000].count(),
        "first_due": mine.filter(next_due_at__isnull=False).order_by("next_due_at").select_related("customer").first(),
        "answer": mine.filter(customer_waits=True)[:1000].count(),
        "unassigned": waiting[:1000].count(),
        "pressing": waiting.filter(priority__gte=3)[:1000].count(),
        "mine": Ticket.objects.visible_to(actor).unresolved().filter(assignee_id=actor.user_id)[:1000].count(),
    }


def queue(actor: Actor) -> dict[str, Any]:
    """My tickets by reason, most pressing first: due soon, the customer wrote, waiting for anybody of my teams."""
    soon = clock.now() + SOON
    related = ("status", "customer", "team")
    mine = _mine(actor).select_related(*related)
    due = list(mine.filter(next_due_at__lte=soon).order_by("next_due_at")[:GROUP])
    answer = list(
        mine.filter(customer_waits=True)
        .exclude(pk__in=[t.pk for t in due])
        .order_by("last_customer_message_at")[:GROUP]
    )
    waiting = _unassigned(actor).select_related(*related)
    free = list(waiting.order_by(F("next_due_at").asc(nulls_last=True), "created_at")[:GROUP])
    groups = [
        (_("Overdue or due within 2 hours"), due),
        (_("Customer replied"), answer),
        (_("Unassigned in my teams"), free),
    ]
    return {"groups": [group for group in groups if group[1]]}


def standing_in(actor: Actor) -> dict[str, Any]:
    """How long the actor is away, or what others still hold for them since they were."""
    away = absence_of(actor.user_id or 0, clock.now())
    held = StandIn.objects.filter(absent_id=actor.user_id or 0, ended_at=None, holder__isnull=False)
    still = Ticket.objects.unresolved().filter(pk=OuterRef("ticket_id"), assignee_id=OuterRef("holder_id"))
    return {"absence": away, "held": 0 if away else held.filter(Exists(still))[:1000].count()}


def door(actor: Actor) -> dict[str, Any]:
    """Whether anybody may ask for something; beside the portal's sign-in. One query."""
    return {"may_ask": bool(public_request_types())}


shell_slots.register(
    ShellSlot("tickets.submit", "public_nav", "tickets/public/_nav.html", lambda actor: {}),
    ShellSlot("tickets.door", "door", "tickets/public/_door.html", door),
)
shell_slots.register(
    ShellSlot("tickets.standing_in", "home", "tickets/home/_standing_in.html", standing_in, "tickets.take", 5),
    ShellSlot("tickets.tiles", "home.top", "tickets/home/_tiles.html", tiles, "tickets.take", 10),
    ShellSlot("tickets.queue", "home", "tickets/home/_queue.html", queue, "tickets.take", 20),
)
