"""Finds the clocks whose next level has come and lets each take effect, once."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import connection, transaction
from django.db.models import F

from crm.core import clock as core_clock

from .actions.clocks import next_check
from .choices import ClockState, Level
from .models import Clock, ClockEvent

logger = logging.getLogger(__name__)

BATCH = 500
#: After a failed effect the clock waits 2, 4, 8 … seconds, at most this long.
MAX_WAIT_SECONDS = 600
#: Shorter than PostgreSQL's deadlock_timeout (1 s): where a person's verb holds the subject and waits for the
#: clock, it is the sweep that gives way and tries again.
LOCK_WAIT = "500ms"


def sweep_clocks(limit: int = BATCH) -> int:
    """Handles up to `limit` clocks that are due by the database's clock. Returns how many it took up.

    Each has a transaction of its own: an effect that fails undoes that clock's alone and is tried again later.
    """
    now = core_clock.database_now()
    taken = 0
    while taken < limit and _handle_next(now):
        taken += 1
    return taken


def _handle_next(now: dt.datetime) -> bool:
    clock: Clock | None = None
    try:
        with transaction.atomic():
            clock = (
                Clock.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
                .filter(next_check_at__lte=now)
                .order_by("next_check_at")
                .first()
            )
            if clock is None:
                return False
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
            _pass_level(clock, now)
    except Exception:
        if clock is None:
            raise
        logger.exception("the effect of clock %s failed", clock.pk)
        _postpone(clock, now)
    return True


def _pass_level(clock: Clock, now: dt.datetime) -> None:
    """Marks what was passed and runs the effect of the highest level, unless this cycle has had it."""
    level = None
    if clock.warn_at is not None and clock.warn_at <= now:
        level, clock.warned_at = Level.WARNING, clock.warn_at
    if clock.due_at <= now:
        level, clock.breached_at = Level.BREACH, clock.due_at
    clock.next_check_at, clock.attempts = next_check(clock), 0
    clock.save(update_fields=["warned_at", "breached_at", "next_check_at", "attempts"])
    if level is None:
        return
    _event, first_time = ClockEvent.objects.get_or_create(clock=clock, cycle=clock.cycle, level=level)
    if first_time and clock.declared is not None:
        clock.declared.on_level(clock, str(level.value))


def _postpone(clock: Clock, now: dt.datetime) -> None:
    wait = min(MAX_WAIT_SECONDS, 2 ** min(clock.attempts + 1, 16))
    Clock.objects.filter(pk=clock.pk, state=ClockState.RUNNING, next_check_at__lte=now).update(
        next_check_at=now + dt.timedelta(seconds=wait), attempts=F("attempts") + 1
    )
