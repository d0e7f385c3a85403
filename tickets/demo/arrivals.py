"""When demo tickets come in: growth over the year, a weekly and a daily rhythm, quieter holidays."""

from __future__ import annotations

import datetime as dt
import random
from itertools import accumulate
from zoneinfo import ZoneInfo

from crm.calendars.choices import DayKind
from crm.calendars.models import Holiday

DAYS = 365
_GROWTH = 2.1
_WEEK = (1.25, 1.15, 1.05, 1.0, 0.95, 0.38, 0.3)
_HOURS = (1, 0, 0, 0, 0, 1, 2, 5, 12, 22, 24, 20, 11, 17, 22, 21, 18, 14, 9, 7, 7, 6, 4, 2)
_HOLIDAY = 0.35
ZONES = {"zh-hans": ZoneInfo("Asia/Shanghai"), "en": ZoneInfo("Europe/London")}


def arrivals(rng: random.Random, count: int, now: dt.datetime, chinese: float = 0.55) -> list[tuple[dt.datetime, str]]:
    """`count` moments of the year before `now`, in order, each with the language of who asks."""
    first = (now - dt.timedelta(days=DAYS)).date()
    holidays = set(Holiday.objects.filter(kind=DayKind.HOLIDAY, date__gte=first).values_list("date", flat=True))
    days = [first + dt.timedelta(days=number) for number in range(DAYS + 2)]
    weights = list(accumulate(_weight(number, day, holidays) for number, day in enumerate(days)))
    hours = list(accumulate(_HOURS))
    oldest, newest = now - dt.timedelta(days=DAYS), now - dt.timedelta(seconds=40)
    found: list[tuple[dt.datetime, str]] = []
    while len(found) < count:
        language = "zh-hans" if rng.random() < chinese else "en"
        day = rng.choices(days, cum_weights=weights)[0]
        hour = rng.choices(range(24), cum_weights=hours)[0]
        local = dt.datetime(
            day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=ZONES[language]
        )
        at = local.astimezone(dt.UTC)
        if oldest <= at <= newest:
            found.append((at, language))
    return sorted(found)


def _weight(number: int, day: dt.date, holidays: set[dt.date]) -> float:
    growth = 1 + (_GROWTH - 1) * number / DAYS
    return growth * _WEEK[day.weekday()] * (_HOLIDAY if day in holidays else 1)
