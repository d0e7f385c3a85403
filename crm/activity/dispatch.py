"""Delivery: claims outbox rows, hands each activity to its subscribers, deletes the row."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from crm.core import clock
from crm.core.sockets import Subscriber, subscribers

from .models import Activity, DeadDelivery, Outbox
from .recording import quietly

logger = logging.getLogger(__name__)

LANES = ("urgent", "default", "bulk")
MAX_ATTEMPTS = 8
BATCH = 200
#: Rows of the bulk lane in one transaction.
TOGETHER = 100

Pair = tuple[Outbox, Activity]

_by_type: dict[str, list[Subscriber]] = {}


def subscribers_of(type_key: str) -> list[Subscriber]:
    """Who declared this activity type, in order."""
    if not _by_type:
        found: dict[str, list[Subscriber]] = defaultdict(list)
        for subscriber in subscribers:
            for key in subscriber.types:
                found[key].append(subscriber)
        _by_type.update(found)
    return _by_type.get(type_key, [])


def dispatch(lane: str, limit: int = BATCH) -> int:
    """Delivers up to `limit` rows of a lane, each in its own transaction. Returns how many were claimed.

    The bulk lane is delivered by the hundred, so that readers who can take many at once do.
    """
    size = TOGETHER if lane == "bulk" else 1
    done = 0
    while done < limit and (claimed := _deliver(lane, size)):
        done += claimed
    return done


def _deliver(lane: str, size: int) -> int:
    """The next rows of a lane, in one transaction. Returns how many there were."""
    with transaction.atomic():
        due = Outbox.objects.filter(lane=lane, available_at__lte=clock.now()).order_by("id")
        rows = list(due.select_for_update(skip_locked=True, no_key=True)[:size])
        found = Activity.objects.in_bulk([row.activity_id for row in rows])
        pairs = [(row, found[row.activity_id]) for row in rows if row.activity_id in found]
        failed: dict[int, tuple[Subscriber, Exception]] = {}
        for quiet in (False, True):
            with quietly(quiet):
                _hand_over([pair for pair in pairs if bool(pair[1].data.get("quiet")) is quiet], failed)
        Outbox.objects.filter(pk__in=[row.pk for row in rows if row.pk not in failed]).delete()
        for row in rows:
            if row.pk in failed:
                _put_back(row, *failed[row.pk])
    return len(rows)


def _hand_over(pairs: Sequence[Pair], failed: dict[int, tuple[Subscriber, Exception]]) -> None:
    """Runs every subscriber that has not run yet, each under a savepoint; `failed` gets the first failure of a row."""
    wanted = {key: subscribers_of(key) for key in {activity.key for _row, activity in pairs}}
    for subscriber in subscribers.everything():
        mine = [
            (row, activity) for row, activity in pairs
            if subscriber in wanted[activity.key] and subscriber.key not in row.done
        ]  # fmt: skip
        if len(mine) > 1 and subscriber.run_many is not None and _ran_many(subscriber, mine):
            continue
        for row, activity in mine:
            try:
                with transaction.atomic():
                    subscriber.run(activity)
            except Exception as error:
                logger.exception("%s failed on activity %s", subscriber.key, activity.pk)
                failed.setdefault(row.pk, (subscriber, error))
            else:
                row.done = [*row.done, subscriber.key]


def _ran_many(subscriber: Subscriber, mine: Sequence[Pair]) -> bool:
    """Whether a subscriber took these activities together; if not, nothing of it stands and each is tried alone."""
    assert subscriber.run_many is not None
    try:
        with transaction.atomic():
            subscriber.run_many([activity for _row, activity in mine])
    except Exception:
        logger.exception("%s failed on %s activities together", subscriber.key, len(mine))
        return False
    for row, _activity in mine:
        row.done = [*row.done, subscriber.key]
    return True


def _put_back(row: Outbox, subscriber: Subscriber, error: Exception) -> None:
    row.attempts += 1
    if row.attempts >= MAX_ATTEMPTS:
        DeadDelivery.objects.create(
            activity_id=row.activity_id,
            lane=row.lane,
            subscriber=subscriber.key,
            error=f"{type(error).__name__}: {error}"[:2000],
        )
        row.delete()
        return
    row.available_at = clock.now() + dt.timedelta(seconds=min(600, 2**row.attempts))
    row.save(update_fields=["attempts", "available_at", "done"])


def retry_dead(dead: DeadDelivery) -> None:
    """Puts a dead delivery back into its lane, for the subscriber that failed and any after it."""
    done = [s.key for s in subscribers_of(Activity.objects.get(pk=dead.activity_id).key) if s.key != dead.subscriber]
    Outbox.objects.create(lane=dead.lane, activity_id=dead.activity_id, done=done)
    dead.delete()
