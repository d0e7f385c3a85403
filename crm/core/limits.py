"""Attempt limits that hold across processes and survive an empty Redis."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import connection

from . import clock
from .errors import TooMany


def hit(scope: str, subject: str, *, limit: int, window_seconds: int) -> None:
    """Counts one attempt of `subject` under `scope`. Raises `TooMany` past `limit` a window.

    The subject is stored hashed, so that addresses do not lie in a table of attempts. Commits with the
    caller's transaction: call it outside the action, before the work.
    """
    now = clock.now()
    start = dt.datetime.fromtimestamp(now.timestamp() // window_seconds * window_seconds, tz=dt.UTC)
    key = f"{scope}:{hashlib.sha256(subject.encode()).hexdigest()[:40]}"
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO core_ratebucket (key, "window", count) VALUES (%s, %s, 1)'
            ' ON CONFLICT (key, "window") DO UPDATE SET count = core_ratebucket.count + 1 RETURNING count',
            [key, start],
        )
        count = cursor.fetchone()[0]
    if count > limit:
        raise TooMany(retry_after_seconds=max(1, int(start.timestamp() + window_seconds - now.timestamp())))
