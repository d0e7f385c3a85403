"""Who works when. A person with shifts follows them; one without follows the calendar's hours.

A public holiday closes the calendar, not a shift: who is off on that day has a shift exception.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from zoneinfo import ZoneInfo

from .choices import ExceptionKind
from .hours import hours_of
from .models import Calendar, Shift, ShiftException

#: How far `next_shift_start` looks.
HORIZON_DAYS = 60
_DAY = dt.timedelta(days=1)
_INSTANT = dt.timedelta(microseconds=1)

Span = tuple[dt.datetime, dt.datetime]


def on_shift(user_ids: Collection[int], at: dt.datetime, calendar: Calendar) -> set[int]:
    """Those of the users who work at that moment. Two queries, or three."""
    roster = Roster(user_ids, calendar, at.astimezone(dt.UTC).date())
    return {user_id for user_id in roster.user_ids if roster.works(user_id, at)}


def next_shift_start(user_ids: Collection[int], at: dt.datetime, calendar: Calendar) -> dt.datetime | None:
    """When the next of the users begins to work, later than `at`; None when nobody does within 60 days.

    Somebody who works at `at` counts from their next beginning.
    """
    first = at.astimezone(dt.UTC).date()
    roster = Roster(user_ids, calendar, first, days=HORIZON_DAYS)
    best: dt.datetime | None = None
    for number in range(-1, HORIZON_DAYS):
        day = first + dt.timedelta(days=number)
        if best is not None and day > best.date() + _DAY:
            break
        for user_id in roster.distinct_ids():
            for start, _end in roster.spans(user_id, day):
                if start > at and (best is None or start < best) and not roster.works(user_id, start - _INSTANT):
                    best = start
    return best


class Roster:
    """Shifts and exceptions of some users around some days, read once."""

    def __init__(self, user_ids: Collection[int], calendar: Calendar, first: dt.date, days: int = 1):
        self.user_ids = sorted(set(user_ids))
        self._hours = hours_of(calendar)
        self._shifts: dict[int, list[Shift]] = defaultdict(list)
        for shift in Shift.objects.filter(user_id__in=self.user_ids):
            self._shifts[shift.user_id].append(shift)
        until = first + dt.timedelta(days=days + 2)
        exceptions = ShiftException.objects.filter(user_id__in=self.user_ids, date__range=(first - 3 * _DAY, until))
        self._exceptions = {(row.user_id, row.date): row for row in exceptions}

    def distinct_ids(self) -> list[int]:
        """The users, with one to stand for all who simply follow the calendar."""
        own = set(self._shifts) | {user_id for user_id, _day in self._exceptions}
        plain = [user_id for user_id in self.user_ids if user_id not in own]
        return [user_id for user_id in self.user_ids if user_id in own] + plain[:1]

    def works(self, user_id: int, at: dt.datetime) -> bool:
        """Whether the user works at the moment. Nights and zones reach two days back and one ahead."""
        today = at.astimezone(dt.UTC).date()
        return any(
            start <= at < end
            for offset in (-2, -1, 0, 1)
            for start, end in self.spans(user_id, today + dt.timedelta(days=offset))
        )

    def spans(self, user_id: int, day: dt.date) -> list[Span]:
        """The working time that begins on the user's own `day`, in UTC."""
        exception = self._exceptions.get((user_id, day))
        if exception is not None:
            if exception.kind == ExceptionKind.OFF or exception.start is None or exception.end is None:
                return []
            return [_span(day, exception.start, exception.end, exception.timezone)]
        if user_id in self._shifts:
            shifts = [shift for shift in self._shifts[user_id] if _begins_on(shift, day)]
            return sorted(_span(day, shift.start, shift.end, shift.timezone) for shift in shifts)
        return self._hours.openings(_midnight(day, self._hours.zone), _midnight(day + _DAY, self._hours.zone))


def _begins_on(shift: Shift, day: dt.date) -> bool:
    return (
        day.weekday() in shift.weekdays
        and (shift.valid_from is None or shift.valid_from <= day)
        and (shift.valid_until is None or day <= shift.valid_until)
    )


def _span(day: dt.date, start: dt.time, end: dt.time, timezone: str) -> Span:
    zone = ZoneInfo(timezone)
    last = day if end > start else day + _DAY
    return (
        dt.datetime.combine(day, start, tzinfo=zone).astimezone(dt.UTC),
        dt.datetime.combine(last, end, tzinfo=zone).astimezone(dt.UTC),
    )


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC)
