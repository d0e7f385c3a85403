"""Spans of time and clocks in words."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .choices import ClockState
from .models import Clock


class StateText(TypedDict):
    """A clock at a glance. tone: danger, warning, success or neutral. due_at: None while it is not fixed."""

    state: str
    tone: str
    text: str
    due_at: dt.datetime | None


def duration_text(seconds: int, *, days: bool = True) -> str:
    """The two largest units, rounded down: "3 d 4 h", "2 h 10 m", "35 m", "40 s".

    Less than nothing is "0 s". days=False stays with hours, for business time, of which a day has no fixed amount.
    """
    seconds = max(0, seconds)
    minutes, hours = seconds // 60, seconds // 3600
    if days and hours >= 24:
        if hours % 24:
            return _("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}
        return _("%(days)s d") % {"days": hours // 24}
    if hours:
        if minutes % 60:
            return _("%(hours)s h %(minutes)s m") % {"hours": hours, "minutes": minutes % 60}
        return _("%(hours)s h") % {"hours": hours}
    if minutes:
        return _("%(minutes)s m") % {"minutes": minutes}
    return _("%(seconds)s s") % {"seconds": seconds}


def moment_text(moment: dt.datetime) -> str:
    """Date and time in the reader's zone and format."""
    return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def state_text(clock: Clock, at: dt.datetime) -> StateText:
    """What a badge says of the clock at a moment; no query.

    "Due in" and "Overdue by" are time on the wall clock, since a reader waits by it. "Met in" is business
    time, since that is the measure.
    """
    words = {
        ClockState.MET: _met,
        ClockState.STOPPED: lambda _clock, _at: ("neutral", _("Stopped")),
        ClockState.PAUSED: _paused,
    }.get(ClockState(clock.state), _running)
    tone, text = words(clock, at)
    fixed = clock.state in (ClockState.RUNNING, ClockState.MET)
    return {"state": clock.state, "tone": tone, "text": text, "due_at": clock.due_at if fixed else None}


def _met(clock: Clock, _at: dt.datetime) -> tuple[str, str]:
    if clock.breached_at is not None and clock.met_at is not None:
        late = int((clock.met_at - clock.due_at).total_seconds())
        return "danger", _("Met %(duration)s late") % {"duration": duration_text(late)}
    duration = duration_text(clock.business_seconds or 0, days=False)
    return "success", _("Met in %(duration)s") % {"duration": duration}


def _paused(clock: Clock, _at: dt.datetime) -> tuple[str, str]:
    reason = str(clock.spans[-1].reason)
    return "neutral", _("Paused (%(reason)s)") % {"reason": reason} if reason else _("Paused")


def _running(clock: Clock, at: dt.datetime) -> tuple[str, str]:
    left = int((clock.due_at - at).total_seconds())
    if at > clock.due_at:
        return "danger", _("Overdue by %(duration)s") % {"duration": duration_text(-left)}
    tone = "warning" if clock.warn_at is not None and at >= clock.warn_at else "neutral"
    return tone, _("Due in %(duration)s") % {"duration": duration_text(left)}
