"""How long a step waits, in the time of the journey's zone or of the office."""

from __future__ import annotations

import contextlib
import datetime as dt
import zoneinfo
from typing import Any

from crm.calendars.exceptions import NoOpeningHours
from crm.calendars.hours import hours_of
from crm.calendars.models import Calendar

from ..choices.journeys import WaitKind, WaitUnit

_SECONDS = {WaitUnit.MINUTES: 60, WaitUnit.HOURS: 3600, WaitUnit.DAYS: 86_400}
#: The longest wait that a step may have.
MAX_DAYS = 365


def is_nothing(settings: dict[str, Any]) -> bool:
    """Whether the wait is over before it begins."""
    return settings.get("how") != WaitKind.UNTIL and int(settings.get("n", 0)) <= 0


def until(settings: dict[str, Any], now: dt.datetime, timezone: str) -> dt.datetime:
    """When somebody who comes to the step now goes on.

    A number of days ends at the same time of day in the zone, whatever its clocks do meanwhile. Until a weekday and
    time: the next one after now. office: if that moment lies outside office hours, when the doors open next; without
    any opening, the moment itself.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    if settings.get("how") == WaitKind.UNTIL:
        moment = _next(now.astimezone(zone), settings.get("weekday"), dt.time.fromisoformat(settings["time"]))
    elif settings.get("unit") == WaitUnit.DAYS:
        local = now.astimezone(zone)
        moment = _at(local.date() + dt.timedelta(days=int(settings["n"])), local.time(), zone)
    else:
        moment = now + dt.timedelta(seconds=int(settings["n"]) * _SECONDS[WaitUnit(settings["unit"])])
    if settings.get("office"):
        with contextlib.suppress(NoOpeningHours):
            moment = hours_of(Calendar.default()).next_opening(moment)
    return moment.astimezone(dt.UTC)


def _next(local: dt.datetime, weekday: int | None, time: dt.time) -> dt.datetime:
    """The next moment with this time on this weekday (0 is Monday), or on any day."""
    zone = local.tzinfo
    assert isinstance(zone, zoneinfo.ZoneInfo)
    for days in range(8):
        day = local.date() + dt.timedelta(days=days)
        moment = _at(day, time, zone)
        if moment > local and weekday in {None, day.weekday()}:
            return moment
    raise AssertionError("a week has every weekday")


def _at(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """A time of day; one that the clocks skip is as much later, in UTC and back."""
    return dt.datetime.combine(day, time.replace(tzinfo=None, fold=0), zone).astimezone(dt.UTC).astimezone(zone)
