"""Attempt limits that hold across processes and survive an empty Redis."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import connection

from . import clock
from .errors import TooMany


@dataclass(frozen=True, slots=True)
class Left:
    """What a window still admits, and in how many seconds the next one begins."""

    limit: int
    remaining: int
    reset_seconds: int


def hit(scope: str, subject: str, *, limit: int, window_seconds: int) -> Left:
    """Counts one attempt of `subject` under `scope`. Raises `TooMany` past `limit` a window.

    The subject is stored hashed, so that addresses do not lie in a table of attempts. Commits with the
    caller's transaction: call it outside the action, before the work.
    """
    key, start = _bucket(scope, subject, window_seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO core_ratebucket (key, "window", count) VALUES (%s, %s, 1)'
            ' ON CONFLICT (key, "window") DO UPDATE SET count = core_ratebucket.count + 1 RETURNING count',
            [key, start],
        )
        count = cursor.fetchone()[0]
    seconds = max(1, int(start.timestamp() + window_seconds - clock.now().timestamp()))
    if count > limit:
        raise TooMany(retry_after_seconds=seconds)
    return Left(limit, limit - count, seconds)


def forgive(scope: str, subject: str, *, window_seconds: int) -> None:
    """Takes back the latest attempt of `subject` in this window, so that only failures add up."""
    key, start = _bucket(scope, subject, window_seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE core_ratebucket SET count = count - 1 WHERE key = %s AND "window" = %s AND count > 0',
            [key, start],
        )


def _bucket(scope: str, subject: str, window_seconds: int) -> tuple[str, dt.datetime]:
    now = clock.now()
    start = dt.datetime.fromtimestamp(now.timestamp() // window_seconds * window_seconds, tz=dt.UTC)
    return f"{scope}:{hashlib.sha256(subject.encode()).hexdigest()[:40]}", start
