"""The scheduler: a one-second loop under a PostgreSQL advisory lock, so that it may run on every host.

Due work goes to the workers; urgent work is done here when the broker or every worker is gone.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection

from crm.core import clock, switches
from crm.core.sockets import Sweep, sweeps

from .broker import enqueue
from .heartbeat import beat, is_fresh

logger = logging.getLogger(__name__)

#: The advisory lock that makes one ticker the leader.
LOCK_KEY = 0x63726D
#: How often the worker is asked for a heartbeat.
WORKER_BEAT_SECONDS = 5


def run_sweep(key: str) -> int:
    """Runs one sweep under its own advisory lock and notes what it did. Returns the rows handled."""
    sweep = sweeps[key]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"sweep:{key}"])
        if not cursor.fetchone()[0]:
            return 0
    error, rows = "", 0
    try:
        rows = sweep.run()
    except Exception as failure:
        logger.exception("sweep %s failed", key)
        error = f"{type(failure).__name__}: {failure}"[:2000]
    finally:
        _note(key, rows, error)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"sweep:{key}"])
    return rows


def _note(key: str, rows: int, error: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_sweeprun (key, last_run_at, last_rows, total_rows, error) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (key) DO UPDATE SET last_run_at = excluded.last_run_at, last_rows = excluded.last_rows,"
            " total_rows = jobs_sweeprun.total_rows + excluded.last_rows, error = excluded.error",
            [key, clock.now(), rows, rows, error],
        )


class Ticker:
    """Holds the schedule in memory; what is due is in the database, so a restart loses nothing."""

    def __init__(self, *, stop: Callable[[], bool] = lambda: False):
        self.stop = stop
        self.next_run: dict[str, float] = {}
        self.next_beat = 0.0
        self.worker_lives = True

    def run(self) -> None:
        """Ticks every second until told to stop; waits while another ticker leads."""
        while not self.stop():
            started = time.monotonic()
            try:
                if self._lead():
                    self.tick()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("database unreachable, the scheduler waits: %s", error)
                connection.close()
            time.sleep(max(0.05, 1.0 - (time.monotonic() - started)))

    def _lead(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = %s"
                " AND objsubid = 1 AND pid = pg_backend_pid()) OR pg_try_advisory_lock(%s)",
                [LOCK_KEY, LOCK_KEY],
            )
            return bool(cursor.fetchone()[0])

    def tick(self) -> None:
        """One round: the heartbeat, then every sweep whose time has come."""
        now = time.monotonic()
        beat("scheduler")
        switches.refresh()
        if now >= self.next_beat:
            enqueue("jobs.beat", queue="urgent", expires_seconds=WORKER_BEAT_SECONDS * 2)
            self.worker_lives = is_fresh("worker")
            self.next_beat = now + WORKER_BEAT_SECONDS
        for sweep in sweeps:
            if now >= self.next_run.get(sweep.key, 0.0):
                self.next_run[sweep.key] = now + sweep.every_seconds
                self._start(sweep)

    def _start(self, sweep: Sweep) -> None:
        sent = enqueue("jobs.sweep", sweep.key, queue=sweep.queue, expires_seconds=sweep.every_seconds * 2 + 5)
        if sweep.urgent and (not sent or not self.worker_lives):
            run_sweep(sweep.key)


def stale_after(sweep: Sweep) -> dt.timedelta:
    """How long after its last run a sweep counts as late."""
    return dt.timedelta(seconds=sweep.every_seconds * 3 + 30)
