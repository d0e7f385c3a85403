"""The product's one source of "now", so that tests and demo data can live at another moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.utils import timezone

_offset: ContextVar[dt.timedelta] = ContextVar("clock_offset", default=dt.timedelta())


def now() -> dt.datetime:
    """The current moment, aware, UTC."""
    return timezone.now() + _offset.get()


def database_now() -> dt.datetime:
    """The database's clock, which sweeps trust above any worker's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0] + _offset.get()


def today(zone: dt.tzinfo | None = None) -> dt.date:
    """The calendar day in `zone`, or in the active time zone."""
    return timezone.localtime(now(), zone).date()


@contextmanager
def shifted(by: dt.timedelta) -> Iterator[None]:
    """Runs the block as if `by` had already passed; for tests."""
    token = _offset.set(_offset.get() + by)
    try:
        yield
    finally:
        _offset.reset(token)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Runs the block as if it were `moment`; time goes on from there."""
    token = _offset.set(moment - timezone.now())
    try:
        yield
    finally:
        _offset.reset(token)
