"""How fast mail and text messages may go out: a token bucket a server, in PostgreSQL, so that all workers share it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

#: The bucket holds this many seconds' worth, so that a quiet server takes a burst at once.
BURST_SECONDS = 10
#: What goes to many leaves this share of the bucket to everything else.
BULK_RESERVE = 0.5


def may_send(server: str, now: dt.datetime, *, per_minute: int, is_bulk: bool = False) -> bool:
    """Takes a token of the server's bucket; False when there is none, or only what bulk has to leave."""
    rate = per_minute / 60
    burst = max(1.0, rate * BURST_SECONDS)
    needed = max(1.0, burst * BULK_RESERVE) if is_bulk else 1.0
    values: dict[str, Any] = {"name": server[:200], "now": now, "rate": rate, "burst": burst, "needed": needed}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_mailserver (name, tokens, at) VALUES (%(name)s, %(burst)s, %(now)s)"
            " ON CONFLICT (name) DO NOTHING",
            values,
        )
        cursor.execute(
            "UPDATE messaging_mailserver SET at = GREATEST(at, %(now)s), tokens = LEAST(%(burst)s,"
            " tokens + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - at)) * %(rate)s) - 1"
            " WHERE name = %(name)s AND LEAST(%(burst)s,"
            " tokens + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - at)) * %(rate)s) >= %(needed)s",
            values,
        )
        return bool(cursor.rowcount)


def next_token_after(per_minute: int) -> dt.timedelta:
    """How long until the bucket holds one more, at least a second."""
    return dt.timedelta(seconds=max(1.0, 60 / per_minute))
