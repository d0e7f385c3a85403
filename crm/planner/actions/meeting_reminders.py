"""Telling people that a meeting begins, and asking afterwards what came of it."""

from __future__ import annotations

import datetime as dt

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..models import Meeting
from .meetings import tell

#: Nobody is asked about meetings that ended longer ago than this, as after a long standstill.
ASKED_WITHIN = dt.timedelta(days=3)


@action()
def remind_of_meetings(*, actor: Actor, limit: int = 200) -> int:
    """Announces meetings whose reminder has come, each once. Returns how many."""
    due = Meeting.objects.planned().filter(remind_at__lte=clock.database_now()).order_by("remind_at")
    rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    for row in rows:
        row.remind_at = None
        row.save(update_fields=["remind_at"])
        tell(actor, "planner.meeting_due", row)
    return len(rows)


@action()
def ask_for_outcomes(*, actor: Actor, limit: int = 200) -> int:
    """Asks once what came of a meeting that is over and about a record. Returns how many were asked about."""
    now = clock.database_now()
    over = Meeting.objects.planned().filter(
        ends_at__lte=now, ends_at__gt=now - ASKED_WITHIN, asked_at__isnull=True, held_at__isnull=True,
        kind__isnull=False,
    ).order_by("ends_at")  # fmt: skip
    rows = list(over.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    for row in rows:
        row.asked_at = now
        row.save(update_fields=["asked_at"])
        tell(actor, "planner.meeting_over", row)
    return len(rows)
