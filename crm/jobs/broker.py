"""Wake-ups through the broker. The work is in PostgreSQL: a lost wake-up costs a second, never a request."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: After a failed publish nobody tries again for this long, so that requests never queue behind it.
OPEN_SECONDS = 5.0


class _Breaker:
    def __init__(self) -> None:
        self.open_until = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.open_until

    def trip(self) -> None:
        self.open_until = time.monotonic() + OPEN_SECONDS

    def reset(self) -> None:
        self.open_until = 0.0


breaker = _Breaker()


def enqueue(task: str, *args: Any, queue: str = "default", expires_seconds: float | None = None) -> bool:
    """Publishes a task by name now. False when the broker cannot be reached; the caller loses nothing.

    expires_seconds: a wake-up that nobody took in that time is dropped, since another one follows.
    """
    if breaker.is_open:
        return False
    try:
        current_app.send_task(task, args=args, queue=queue, retry=False, ignore_result=True, expires=expires_seconds)
    except (OperationalError, RedisError, OSError) as error:
        breaker.trip()
        logger.warning("broker unreachable, %s waits for the ticker: %s", task, error)
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Waking:
    """A publish to come; two of the same are equal."""

    task: str
    args: tuple[Any, ...]
    queue: str

    def __call__(self) -> None:
        enqueue(self.task, *self.args, queue=self.queue)


def enqueue_on_commit(task: str, *args: Any, queue: str = "default") -> None:
    """Publishes once the transaction has committed; what the transaction is to publish already is not said twice."""
    waking = _Waking(task, args, queue)
    inside = set(connection.savepoint_ids)
    if any(known == waking and savepoints <= inside for savepoints, known, _robust in connection.run_on_commit):
        return
    transaction.on_commit(waking, robust=True)
