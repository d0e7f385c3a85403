"""Business time: how much of it lies between two moments, and when so much of it will have passed.

`Hours` is compiled once per version of a calendar and then only does binary searches.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .choices import DayKind
from .exceptions import NoOpeningHours, OutOfReach, StillPaused
from .models import Calendar
from .openings import SECOND, Span, from_micros, join, open_spans, to_micros, year_start
from .week import Day, Week, read_week

#: Years that a calendar answers for.
FIRST_YEAR, LAST_YEAR = 1900, 2200
#: How long after the last special day a week must have opened, if it ever does.
HORIZON_YEARS = 2

#: A pause: from, to; to is None while it lasts.
Pause = tuple[dt.datetime, dt.datetime | None]


class _Table(NamedTuple):
    """Open spans of the years first..last (UTC). before[i] is the open time up to span i; one longer than starts."""

    first: int
    last: int
    floor: int
    ceiling: int
    starts: list[int]
    ends: list[int]
    before: list[int]


class Hours:
    """The opening hours of one calendar, immutable for its users; years are compiled when first asked for.

    week: seven days, Monday first. special: days that do not follow their weekday. Moments are aware
    datetimes; answers are in UTC. Every method raises `OutOfReach` outside the years 1900 to 2200.
    """

    __slots__ = ("_horizon_year", "_special", "_table", "_week", "zone")

    def __init__(self, *, week: Week, zone: ZoneInfo, special: Mapping[dt.date, Day] | None = None):
        self.zone = zone
        self._week = week
        self._special = dict(special or {})
        self._horizon_year = max((day.year for day, spans in self._special.items()), default=FIRST_YEAR) + 1
        self._table: _Table | None = None

    def add(self, start: dt.datetime, seconds: int, paused: Iterable[Pause] = ()) -> dt.datetime:
        """The first moment at which `seconds` of business time have passed since `start`.

        It may be a closing time. Zero gives `start` itself. Time inside `paused` does not count.
        Raises `NoOpeningHours` when the calendar does not open that long, `StillPaused` when an endless
        pause comes first.
        """
        if seconds < 0:
            raise ValueError("business time only goes forward")
        position, rest = to_micros(start), seconds * SECOND
        for pause_start, pause_end in _merged(paused):
            if pause_end is not None and pause_end <= position:
                continue
            available = self._between(position, pause_start)
            if available >= rest:
                break
            if pause_end is None:
                raise StillPaused
            rest -= available
            position = pause_end
        return from_micros(self._add(position, rest))

    def between(self, a: dt.datetime, b: dt.datetime, paused: Iterable[Pause] = ()) -> int:
        """Whole business seconds from `a` to `b`, 0 when b is not later; time inside `paused` does not count."""
        start, end = to_micros(a), to_micros(b)
        total = self._between(start, end)
        for pause_start, pause_end in _merged(paused):
            total -= self._between(max(start, pause_start), end if pause_end is None else min(end, pause_end))
        return total // SECOND

    def is_open(self, at: dt.datetime) -> bool:
        """Whether the moment is inside opening hours; a closing time is not."""
        moment = to_micros(at)
        table = self._covering(moment, moment)
        index = bisect_right(table.starts, moment) - 1
        return index >= 0 and moment < table.ends[index]

    def next_opening(self, at: dt.datetime) -> dt.datetime:
        """`at` itself while open, else the next time the doors open. Raises `NoOpeningHours`."""
        moment = to_micros(at)
        table, index = self._span_after(moment)
        return from_micros(max(moment, table.starts[index]))

    def next_closing(self, at: dt.datetime) -> dt.datetime | None:
        """The end of the opening that is under way or comes next; None when it never closes again.

        Raises `NoOpeningHours` when none comes.
        """
        moment = to_micros(at)
        table, index = self._span_after(moment)
        limit = self._limit_year(moment)
        while table.ends[index] == table.ceiling:
            if table.last >= limit:
                return None
            table = self._grow(table.first, table.last + 1)
            index = bisect_right(table.ends, moment)
        return from_micros(table.ends[index])

    def openings(self, a: dt.datetime, b: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
        """The open spans between two moments, cut at both."""
        start, end = to_micros(a), to_micros(b)
        table = self._covering(start, end)
        spans = []
        for index in range(bisect_right(table.ends, start), bisect_left(table.starts, end)):
            spans.append((from_micros(max(start, table.starts[index])), from_micros(min(end, table.ends[index]))))
        return spans

    def _between(self, start: int, end: int) -> int:
        if end <= start:
            return 0
        table = self._covering(start, end)
        return _elapsed(table, end) - _elapsed(table, start)

    def _add(self, start: int, micros: int) -> int:
        if micros == 0:
            return start
        table = self._covering(start, start)
        passed = _elapsed(table, start)
        while table.before[-1] - passed < micros:
            if not any(self._week) and table.last >= self._limit_year(start):
                raise NoOpeningHours
            if table.last >= LAST_YEAR:
                raise OutOfReach
            table = self._grow(table.first, min(LAST_YEAR, table.last * 2 - table.first + 1))
            passed = _elapsed(table, start)
        index = bisect_left(table.before, passed + micros) - 1
        return table.starts[index] + passed + micros - table.before[index]

    def _span_after(self, moment: int) -> tuple[_Table, int]:
        """The span that contains the moment or comes next."""
        table = self._covering(moment, moment)
        limit = self._limit_year(moment)
        while True:
            index = bisect_right(table.ends, moment)
            if index < len(table.ends):
                return table, index
            if table.last >= limit:
                raise NoOpeningHours
            table = self._grow(table.first, table.last + 1)

    def _limit_year(self, moment: int) -> int:
        return min(LAST_YEAR, max(from_micros(moment).year, self._horizon_year) + HORIZON_YEARS)

    def _covering(self, start: int, end: int) -> _Table:
        """A table that reaches from before `start` to after `end`."""
        table = self._table
        if table is not None and table.floor <= start and end < table.ceiling:
            return table
        return self._grow(from_micros(start).year, from_micros(end).year)

    def _grow(self, first: int, last: int) -> _Table:
        """Adds the missing years. A rival thread may do the same work; each leaves a whole table behind."""
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise OutOfReach
        table = self._table
        if table is None:
            spans: list[Span] = []
            known_first, known_last = first, first - 1
        else:
            spans = list(zip(table.starts, table.ends, strict=True))
            known_first, known_last = table.first, table.last
        if table is not None and first >= known_first and last <= known_last:
            return table
        for year in range(known_last + 1, last + 1):
            spans = join(spans, open_spans(self._week, self._special, self.zone, year))
        for year in range(known_first - 1, first - 1, -1):
            spans = join(open_spans(self._week, self._special, self.zone, year), spans)
        self._table = _tabled(min(first, known_first), max(last, known_last), spans)
        return self._table


def _tabled(first: int, last: int, spans: list[Span]) -> _Table:
    before = [0]
    for start, end in spans:
        before.append(before[-1] + end - start)
    starts, ends = [start for start, _end in spans], [end for _start, end in spans]
    return _Table(first, last, year_start(first), year_start(last + 1), starts, ends, before)


def _elapsed(table: _Table, moment: int) -> int:
    """Open time from the table's floor to the moment."""
    index = bisect_right(table.starts, moment) - 1
    return table.before[index] + min(moment, table.ends[index]) - table.starts[index] if index >= 0 else 0


def _merged(paused: Iterable[Pause]) -> list[tuple[int, int | None]]:
    """Pauses in order without overlap; one without an end swallows all that follow."""
    merged: list[tuple[int, int | None]] = []
    for pause in sorted(paused, key=lambda span: span[0]):
        start, end = to_micros(pause[0]), None if pause[1] is None else to_micros(pause[1])
        if merged and (merged[-1][1] is None or start <= merged[-1][1]):
            last_start, last_end = merged[-1]
            merged[-1] = (last_start, None if last_end is None or end is None else max(last_end, end))
        elif end is None or end > start:
            merged.append((start, end))
    return merged


_CACHED = 64
_compiled: OrderedDict[tuple[int, dt.datetime], Hours] = OrderedDict()


def hours_of(calendar: Calendar | int) -> Hours:
    """The compiled hours of a calendar, given as row (no query once compiled) or id (one query).

    Kept per process under the calendar's id and `updated_at`; whoever changes a holiday touches its calendar.
    Raises `Calendar.DoesNotExist` for an unknown id.
    """
    if not isinstance(calendar, Calendar):
        calendar = Calendar.objects.get(pk=calendar)
    key = (calendar.pk, calendar.updated_at)
    hours = _compiled.get(key)
    if hours is None:
        hours = _compiled[key] = compile_hours(calendar)
        if len(_compiled) > _CACHED:
            _compiled.popitem(last=False)
    return hours


def compile_hours(calendar: Calendar) -> Hours:
    """Reads the calendar's special days and builds its hours. Raises `Invalid` for a week that cannot be read."""
    week = read_week(calendar.week)
    special: dict[dt.date, Day] = {
        row.date: week[row.as_weekday or 0] if row.kind == DayKind.MAKEUP else () for row in calendar.holidays.all()
    }
    return Hours(week=week, zone=ZoneInfo(calendar.timezone), special=special)
