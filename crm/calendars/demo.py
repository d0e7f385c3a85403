"""When the demo's staff work: weekly patterns in three time zones, public holidays and days of leave."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm.core.demo import DemoContext
from crm.core.sockets import DemoStep, demo

from .choices import DayKind, ExceptionKind
from .hours import Hours
from .models import Calendar, Holiday, Shift, ShiftException
from .public_holidays import public_days
from .week import Day

_WORKDAYS, _TO_SUNDAY, _FROM_SATURDAY = (0, 1, 2, 3, 4), (2, 3, 4, 5, 6), (5, 6, 0, 1, 2)


class Pattern(NamedTuple):
    """A weekly shift: zone, weekdays (Monday is 0), from hour to hour (halves allowed)."""

    zone: str
    weekdays: tuple[int, ...]
    start: float
    end: float


PATTERNS = {
    "early": Pattern("Asia/Shanghai", _WORKDAYS, 8.5, 17.5),
    "day": Pattern("Asia/Shanghai", _WORKDAYS, 9, 18),
    "late": Pattern("Asia/Shanghai", _WORKDAYS, 12, 21),
    "weekend": Pattern("Asia/Shanghai", _TO_SUNDAY, 9, 18),
    "london": Pattern("Europe/London", _WORKDAYS, 9, 18),
    "london_weekend": Pattern("Europe/London", _FROM_SATURDAY, 9, 18),
    "vancouver": Pattern("America/Vancouver", _WORKDAYS, 9, 18),
    "vancouver_weekend": Pattern("America/Vancouver", _FROM_SATURDAY, 9, 18),
}
#: Demo history reaches this far back, plans this far ahead.
_PAST, _AHEAD = dt.timedelta(days=380), dt.timedelta(days=75)


def make_shifts(context: DemoContext) -> None:
    """Holidays of the year before, shifts, and days off; leaves each user's `Hours` in `made["hours"]`."""
    first, last = (context.now - _PAST).date(), (context.now + _AHEAD).date()
    closed = _complete_holidays(first.year, context.now)
    rng = context.rng("calendars.leave")
    shifts, leave, hours = [], [], {}
    for member in context.made["staff"].members:
        if not member.is_agent:
            continue
        pattern = PATTERNS[member.person.pattern]
        off = {day for day in closed if first <= day <= last} if pattern.zone == "Asia/Shanghai" else set()
        if "weekend" in member.person.pattern:
            off = set()
        off |= {first + dt.timedelta(days=rng.randrange((last - first).days)) for _number in range(9)}
        off.discard(context.now.date())
        shifts.append(
            Shift(
                user=member.user, weekdays=list(pattern.weekdays), start=_time(pattern.start), end=_time(pattern.end),
                timezone=pattern.zone,
            )
        )  # fmt: skip
        leave += [
            ShiftException(user=member.user, date=day, kind=ExceptionKind.OFF, timezone=pattern.zone)
            for day in sorted(off)
        ]
        hours[member.user.pk] = working_hours(pattern, off)
    Shift.objects.bulk_create(shifts)
    ShiftException.objects.bulk_create(leave)
    context.made["hours"] = hours


def working_hours(pattern: Pattern, off: set[dt.date]) -> Hours:
    """The pattern as hours that time can be counted in."""
    span: Day = ((int(pattern.start * 3600), int(pattern.end * 3600)),)
    week = tuple(span if day in pattern.weekdays else () for day in range(7))
    return Hours(week=week, zone=ZoneInfo(pattern.zone), special=dict.fromkeys(off, ()))


def _complete_holidays(year: int, now: dt.datetime) -> set[dt.date]:
    """Adds the holidays of earlier years to the default calendar. Returns the days it is closed on."""
    calendar = Calendar.default()
    known = set(calendar.holidays.values_list("date", flat=True))
    Holiday.objects.bulk_create(
        Holiday(calendar=calendar, date=day.date, kind=day.kind, name=day.name)
        for each in range(year, now.year + 1)
        for day in public_days("CN", each)
        if day.date not in known
    )
    calendar.save()
    return set(calendar.holidays.filter(kind=DayKind.HOLIDAY).values_list("date", flat=True))


def _time(hours: float) -> dt.time:
    return dt.time(int(hours), int(hours % 1 * 60))


demo.register(DemoStep("calendars.shifts", "Shifts and holidays", make_shifts, order=20))
