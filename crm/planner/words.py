"""A deadline in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core import clock
from crm.ui import html

from .models import Task


@dataclass(frozen=True, slots=True)
class Due:
    """text: "Overdue by 2 days", "Today 15:00", "Tomorrow", "3 Mar". tone: danger, warning or neutral."""

    text: str
    tone: str


def due_words(task: Task, now: dt.datetime | None = None) -> Due:
    """When a task is due, in the reader's zone; when it was done, for a finished one. "" without a deadline."""
    now = now or clock.now()
    if task.done_at is not None:
        return Due(_("Done %(day)s") % {"day": html.absolute(task.done_at, short=True)}, "neutral")
    if task.due_at is None:
        return Due("", "neutral")
    if task.is_overdue(now):
        return Due(_late(task, now), "danger")
    today = timezone.localtime(now).date()
    day = task.due_on or timezone.localtime(task.due_at).date()
    clock_time = "" if task.is_all_day else dateformat.format(timezone.localtime(task.due_at), "H:i")
    return Due(_day(day, today, task.due_at, clock_time), "warning" if day <= today else "neutral")


def _late(task: Task, now: dt.datetime) -> str:
    seconds = int((now - task.due_at).total_seconds()) if task.due_at else 0
    if task.due_on is not None:
        days = seconds // 86_400 + 1
        return ngettext("Overdue by %(days)s day", "Overdue by %(days)s days", days) % {"days": days}
    return _("Overdue by %(duration)s") % {"duration": html.duration(seconds)}


def _day(day: dt.date, today: dt.date, due_at: dt.datetime, clock_time: str) -> str:
    if day <= today:
        return _("Today %(time)s") % {"time": clock_time} if clock_time else _("Today")
    if day == today + dt.timedelta(days=1):
        return _("Tomorrow %(time)s") % {"time": clock_time} if clock_time else _("Tomorrow")
    if clock_time:
        return html.absolute(due_at)
    noon = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    return html.absolute(noon, short=True)
