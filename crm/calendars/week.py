"""A week's working intervals: read from JSON and from what a person types, and written back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.core.errors import Invalid

#: Keys of the stored week, Monday first.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VERSION = 1
DAY_SECONDS = 86_400

#: Half-open spans of one day, in seconds of wall time since midnight, in order.
Day = tuple[tuple[int, int], ...]
#: Seven days, Monday first.
Week = tuple[Day, ...]

_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_SEPARATOR = re.compile("[,;\uff0c\uff1b\u3001\n]+")
_DASH = re.compile("\\s*(?:-|\u2013|\u2014|~|\uff5e|\uff0d|\u81f3|\u5230)\\s*")


def read_week(data: Any) -> Week:
    """The week of `{"v": 1, "mon": [["09:00", "12:00"], …], …}`; a missing day is closed.

    Raises `Invalid` when a time is none, an interval is empty, out of order or overlaps the one before.
    """
    if not isinstance(data, Mapping) or data.get("v") != VERSION or set(data) - {"v", *DAYS}:
        raise Invalid(_("The working hours are not in a form this version can read."))
    return tuple(_read_day(data.get(day, [])) for day in DAYS)


def write_week(week: Sequence[Sequence[tuple[int, int]]]) -> dict[str, Any]:
    """The stored form of seven days."""
    return {"v": VERSION} | {
        key: [[show_time(start), show_time(end)] for start, end in day] for key, day in zip(DAYS, week, strict=True)
    }


def parse_day(text: str) -> Day:
    """The intervals of "09:00-12:00, 13:30-18:00", sorted; an empty text is a closed day.

    Chinese commas, colons and dashes are understood. Raises `Invalid` with a sentence that quotes the mistake.
    """
    pieces = [piece.strip() for piece in _SEPARATOR.split(text.replace("\uff1a", ":")) if piece.strip()]
    return _checked(sorted(_parse_interval(piece) for piece in pieces))


def show_day(day: Day) -> str:
    """A day as a person types it."""
    return ", ".join(f"{show_time(start)}-{show_time(end)}" for start, end in day)


def show_time(seconds: int) -> str:
    """Seconds of the day as "09:00"; the day's end is "24:00"."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def parse_time(text: str) -> int:
    """Seconds since midnight of "9:00" or "24:00". Raises `Invalid`."""
    found = _TIME.fullmatch(text.strip())
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 if found else -1
    if found is None or int(found[2]) > 59 or seconds > DAY_SECONDS:
        raise Invalid(
            _("“%(text)s” is not a time of day. Write hours like 09:00-12:00, 13:30-18:00.") % {"text": text[:20]}
        )
    return seconds


def _parse_interval(piece: str) -> tuple[int, int]:
    ends = _DASH.split(piece)
    if len(ends) != 2:
        raise Invalid(
            _("“%(text)s” is not a span of time. Write hours like 09:00-12:00, 13:30-18:00.") % {"text": piece[:40]}
        )
    return parse_time(ends[0]), parse_time(ends[1])


def _read_day(intervals: Any) -> Day:
    try:
        spans = [(parse_time(start), parse_time(end)) for start, end in intervals]
    except (TypeError, ValueError, AttributeError):
        raise Invalid(_("The working hours are not in a form this version can read.")) from None
    return _checked(spans)


def _checked(spans: Sequence[tuple[int, int]]) -> Day:
    previous: tuple[int, int] | None = None
    for span in spans:
        if span[0] >= span[1]:
            raise Invalid(
                _("%(span)s ends before it starts. For a night, write 22:00-24:00 and 00:00-06:00 on the next day.")
                % {"span": show_day((span,))}
            )
        if previous is not None and span[0] < previous[1]:
            raise Invalid(
                _("%(span)s starts before %(previous)s ends. Make them one span, or leave a gap between them.")
                % {"span": show_day((span,)), "previous": show_day((previous,))}
            )
        previous = span
    return tuple(spans)
