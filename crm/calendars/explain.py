"""Why a clock is due when it is, step by step."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from crm.core.clock import now

from .choices import ClockState, DayKind
from .hours import hours_of
from .models import Clock
from .words import duration_text, moment_text

Step = dict[str, Any]


def explain_clock(clock: Clock) -> list[Step]:
    """The reasons behind `due_at`, each with `key`, its values and a translated `text`.

    Keys in order: policy, calendar, started, target, then pauses and special days (`paused`, `holiday`,
    `makeup`) by time, and the outcome: due, met or stopped. Two or three queries.
    """
    steps: list[Step] = []
    if clock.policy_label:
        steps.append(
            {
                "key": "policy",
                "policy_id": clock.policy_id,
                "version": clock.policy_version,
                "text": _("Policy: %(policy)s") % {"policy": clock.policy_label},
            }
        )
    calendar = clock.calendar
    target = duration_text(clock.target_seconds, days=False)
    steps += [
        {
            "key": "calendar",
            "calendar_id": calendar.pk,
            "timezone": calendar.timezone,
            "text": _("Counted in the calendar %(calendar)s (%(zone)s)")
            % {"calendar": calendar.name, "zone": calendar.timezone},
        },
        {
            "key": "started",
            "at": clock.started_at,
            "text": _("Started on %(moment)s") % {"moment": moment_text(clock.started_at)},
        },
        {
            "key": "target",
            "business_seconds": clock.target_seconds,
            "text": _("Target: %(duration)s of business time") % {"duration": target},
        },
    ]
    between = _pauses(clock) + _special_days(clock)
    steps += [step for _moment, step in sorted(between, key=lambda pair: pair[0])]
    return [*steps, _outcome(clock)]


def _pauses(clock: Clock) -> list[tuple[dt.datetime, Step]]:
    hours = hours_of(clock.calendar)
    found = []
    for span in clock.spans:
        seconds = hours.between(span.start, span.end or now())
        values = {"start": moment_text(span.start), "duration": duration_text(seconds, days=False)}
        if span.end is None:
            text = _("Paused since %(start)s; so far %(duration)s of business time do not count") % values
        else:
            values["end"] = moment_text(span.end)
            text = _("Paused from %(start)s to %(end)s, which adds %(duration)s of business time") % values
        step = {
            "key": "paused",
            "from": span.start,
            "to": span.end,
            "business_seconds": seconds,
            "reason": str(span.reason),
            "text": text,
        }
        found.append((span.start, step))
    return found


def _special_days(clock: Clock) -> list[tuple[dt.datetime, Step]]:
    """Days on the way that did not follow their weekday."""
    zone = ZoneInfo(clock.calendar.timezone)
    first, last = clock.started_at.astimezone(zone).date(), (clock.met_at or clock.due_at).astimezone(zone).date()
    found = []
    for row in clock.calendar.holidays.filter(date__range=(first, last)):
        day = {"date": formats.date_format(row.date, "SHORT_DATE_FORMAT"), "name": str(row.name)}
        if row.kind == DayKind.MAKEUP:
            text = _("%(date)s is a make-up workday: %(name)s") % day
        else:
            text = _("%(date)s is a holiday and does not count: %(name)s") % day
        step = {"key": str(row.kind), "date": row.date, "name": str(row.name), "text": text}
        found.append((dt.datetime.combine(row.date, dt.time(), tzinfo=zone), step))
    return found


def _outcome(clock: Clock) -> Step:
    if clock.state == ClockState.STOPPED:
        return {"key": "stopped", "text": _("Stopped: the deadline no longer counts")}
    if clock.state == ClockState.PAUSED:
        return {"key": "due", "at": None, "text": _("No deadline while paused; it is set again on resuming")}
    if clock.state == ClockState.MET and clock.met_at is not None:
        values = {"due": moment_text(clock.due_at), "met": moment_text(clock.met_at)}
        text = _("Was due on %(due)s, met on %(met)s") % values
        return {"key": "met", "due_at": clock.due_at, "at": clock.met_at, "text": text}
    return {"key": "due", "at": clock.due_at, "text": _("Due on %(moment)s") % {"moment": moment_text(clock.due_at)}}
