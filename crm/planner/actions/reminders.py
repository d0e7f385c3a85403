"""Telling holders that a task is due."""

from __future__ import annotations

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..models import Task
from .tasks import record_on


@action()
def remind(*, actor: Actor, limit: int = 200) -> int:
    """Announces open tasks whose reminder has come, each once: the moment is cleared with the announcement.

    Returns how many were announced; what another sweep holds is left to it.
    """
    due = Task.objects.open().filter(remind_at__lte=clock.database_now()).order_by("remind_at")
    rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    for row in rows:
        row.remind_at = None
        row.save(update_fields=["remind_at"])
        record_on(actor, row, "planner.task_due")
    return len(rows)
