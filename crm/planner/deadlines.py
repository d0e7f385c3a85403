"""When a task's day ends, and when its holder is reminded."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from crm.accounts.models import User
from crm.core.models import Brand

from .models import Task

#: A task for a day is announced at this hour where its holder lives.
MORNING = dt.time(9)


def zone_of(holder: User | None) -> ZoneInfo:
    """The holder's zone; the company's for a team."""
    return ZoneInfo(holder.timezone if holder is not None else Brand.default().timezone)


def end_of_day(day: dt.date, holder: User | None) -> dt.datetime:
    """The first moment that no longer belongs to the day."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone_of(holder)).astimezone(dt.UTC)


def reminder_of(task: Task, now: dt.datetime) -> dt.datetime | None:
    """When to remind: before the deadline, or before nine o'clock of its day; None for never or already past."""
    if task.due_at is None or task.remind_minutes is None:
        return None
    start = task.due_at
    if task.due_on is not None:
        start = dt.datetime.combine(task.due_on, MORNING, tzinfo=zone_of(task.assignee)).astimezone(dt.UTC)
    at = start - dt.timedelta(minutes=task.remind_minutes)
    return at if at > now else None
