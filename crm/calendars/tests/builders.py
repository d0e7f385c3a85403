"""Legal states for tests: calendars, people, and a kind of clock whose effects can be watched."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from crm.accounts.models import User
from crm.calendars.actions.calendars import create_calendar
from crm.calendars.models import Calendar, Clock
from crm.calendars.week import DAYS
from crm.core.actor import Actor
from crm.core.sockets import ClockKind, clock_kinds

KIND = "calendars.probe"
_numbers = itertools.count(1)

OFFICE = {"v": 1} | {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in DAYS[:5]}


def utc(text: str) -> dt.datetime:
    """`utc("2026-03-02 01:00")`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def make_calendar(week: dict[str, Any] | None = None, timezone: str = "Asia/Shanghai") -> Calendar:
    return create_calendar(
        actor=Actor.system(), name={"en": "Probe", "zh-hans": "测试"}, timezone=timezone, week=week or OFFICE
    )


def make_user(timezone: str = "Asia/Shanghai") -> User:
    number = next(_numbers)
    return User.objects.create_user(f"shift{number}@example.test", name=f"Person {number}", timezone=timezone)


@contextmanager
def probe_kind(effect: Callable[[Clock, str], None]) -> Iterator[None]:
    """A clock kind that exists within the block; the registries are frozen, so it is put in by hand."""
    kind = ClockKind(30_000, KIND, "Probe", effect)
    clock_kinds._entries[KIND] = clock_kinds._by_code[kind.code] = kind
    try:
        yield
    finally:
        del clock_kinds._entries[KIND], clock_kinds._by_code[kind.code]
