"""From a week on the wall clock to open spans in UTC, a year at a time.

A moment is open when the wall clock of the calendar's zone stands inside an interval of that day. An hour
that a time change skips is therefore never open, and one that comes twice is open twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from .week import Day, Week

#: Moments are whole microseconds since 1970, so that sums are exact.
SECOND = 1_000_000
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)

Span = tuple[int, int]


def to_micros(moment: dt.datetime) -> int:
    """An aware datetime as microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> dt.datetime:
    """Microseconds since 1970 as an aware datetime in UTC."""
    return EPOCH + dt.timedelta(microseconds=micros)


def year_start(year: int) -> int:
    """The first microsecond of a year in UTC."""
    return to_micros(dt.datetime(year, 1, 1, tzinfo=dt.UTC))


def open_spans(week: Week, special: Mapping[dt.date, Day], zone: ZoneInfo, year: int) -> list[Span]:
    """The open spans of one UTC year, in order, touching ones joined.

    special: days that do not follow their weekday (a holiday is an empty day, a make-up day another weekday's).
    """
    spans: list[Span] = []
    for start, end, offset in _stretches(zone, year):
        day = (start + offset).date()
        while True:
            midnight = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) - offset
            if midnight >= end:
                break
            for opens, closes in special.get(day, week[day.weekday()]):
                _append(
                    spans,
                    to_micros(max(start, midnight + dt.timedelta(seconds=opens))),
                    to_micros(min(end, midnight + dt.timedelta(seconds=closes))),
                )
            day += _DAY
    return spans


def join(spans: list[Span], more: list[Span]) -> list[Span]:
    """Two neighbouring lists as one; a span that goes over the seam becomes one span."""
    joined = spans[:-1]
    for start, end in [*spans[-1:], *more]:
        _append(joined, start, end)
    return joined


def _append(spans: list[Span], start: int, end: int) -> None:
    if start >= end:
        return
    if spans and spans[-1][1] == start:
        spans[-1] = (spans[-1][0], end)
    else:
        spans.append((start, end))


def _stretches(zone: ZoneInfo, year: int) -> Iterator[tuple[dt.datetime, dt.datetime, dt.timedelta]]:
    """The parts of a UTC year in which the zone keeps one offset, with that offset."""
    moment = start = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    finish = dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    offset = _offset(zone, start)
    while moment < finish:
        following = moment + _DAY
        changed = _offset(zone, following)
        if changed != offset:
            change = _change_between(zone, moment, following)
            yield start, change, offset
            start, offset = change, changed
        moment = following
    yield start, finish, offset


def _offset(zone: ZoneInfo, moment: dt.datetime) -> dt.timedelta:
    return moment.astimezone(zone).utcoffset() or dt.timedelta()


def _change_between(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    """The second at which the offset becomes that of `high`."""
    before = _offset(zone, low)
    seconds = int((high - low).total_seconds())
    left, right = 0, seconds
    while right - left > 1:
        middle = (left + right) // 2
        if _offset(zone, low + dt.timedelta(seconds=middle)) == before:
            left = middle
        else:
            right = middle
    return low + dt.timedelta(seconds=right)
