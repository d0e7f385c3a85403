"""Delivery: claims outbox rows, hands each activity to its subscribers, deletes the row."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict

from django.db import transaction

from crm.core import clock
from crm.core.sockets import Subscriber, subscribers

from .models import Activity, DeadDelivery, Outbox
from .recording import quietly

logger = logging.getLogger(__name__)

LANES = ("urgent", "default", "bulk")
MAX_ATTEMPTS = 8
BATCH = 200

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
    """Delivers up to `limit` rows of a lane, each in its own transaction. Returns how many were claimed."""
    done = 0
    while done < limit and _deliver_one(lane):
        done += 1
    return done


def _deliver_one(lane: str) -> bool:
    with transaction.atomic():
        row = (
            Outbox.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(lane=lane, available_at__lte=clock.now())
            .order_by("id")
            .first()
        )
        if row is None:
            return False
        activity = Activity.objects.filter(pk=row.activity_id).first()
        failed = _hand_over(row, activity) if activity else None
        if failed is None:
            row.delete()
        else:
            _put_back(row, *failed)
    return True


def _hand_over(row: Outbox, activity: Activity) -> tuple[Subscriber, Exception] | None:
    """Runs every subscriber that has not run yet, each under a savepoint; the first failure is returned."""
    failed = None
    for subscriber in subscribers_of(activity.key):
        if subscriber.key in row.done:
            continue
        try:
            with transaction.atomic(), quietly(bool(activity.data.get("quiet"))):
                subscriber.run(activity)
        except Exception as error:
            logger.exception("%s failed on activity %s", subscriber.key, activity.pk)
            failed = failed or (subscriber, error)
        else:
            row.done = [*row.done, subscriber.key]
    return failed


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
