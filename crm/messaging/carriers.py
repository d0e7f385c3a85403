"""What every way out shares: claim a row, hand it over outside any transaction, note how it went.

A sender that dies after the other side took a row leaves a lease that runs out; the row then goes again under the
same id. `delivery` carries mail, `sms.delivery` text messages.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from crm.core import clock
from crm.core.actor import Actor
from crm.core.installation import sends
from crm.jobs.broker import enqueue
from crm.jobs.heartbeat import is_fresh

from .actions.sending import claim, note_failure, note_sent
from .models.outgoing import Outgoing
from .outcomes import Outcome, Taken

logger = logging.getLogger(__name__)

#: A worker that was asked and did not answer is asked again after this long.
WAKE_AGAIN_SECONDS = 30
WAKE_BATCH = 50
#: How long the sweep itself sends when no worker can.
INLINE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """One way out. task: the wake-up of a worker; bucket: the server's name and how many a minute it takes."""

    model: type[Outgoing]
    task: str
    actor: Actor
    bucket: Callable[[], tuple[str, int]]
    transmit: Callable[[Any], Outcome]


def carry(carrier: Carrier, row_id: int) -> bool:
    """Sends one row if it is due and nobody else has it. True when it was taken.

    A restored copy sends nothing: its rows stay waiting.
    """
    if not sends():
        return False
    row = claim(actor=carrier.actor, model=carrier.model, row_id=row_id, bucket=carrier.bucket())
    if row is None or row.lease_until is None:
        return False
    outcome = carrier.transmit(row)
    if isinstance(outcome, Taken):
        note_sent(actor=carrier.actor, model=carrier.model, row_id=row.pk, reference=outcome.reference)
        return True
    logger.warning("%s %s was not taken: %s", carrier.model._meta.model_name, row.pk, outcome.error)
    note_failure(actor=carrier.actor, model=carrier.model, row_id=row.pk, lease_until=row.lease_until, failure=outcome)
    return False


def wake_due(carrier: Carrier) -> int:
    """Asks workers for what is due; sends itself, for a few seconds, when broker or workers are gone."""
    if not sends():
        return 0
    now = clock.database_now()
    again = dt.timedelta(seconds=WAKE_AGAIN_SECONDS)
    due = carrier.model.objects.due(now).filter(Q(woken_at__isnull=True) | Q(woken_at__lt=now - again))
    rows = list(due.order_by("is_bulk", "next_attempt_at").only("pk", "related_id", "is_bulk")[:WAKE_BATCH])
    deadline = time.monotonic() + INLINE_SECONDS
    workers_live = bool(rows) and is_fresh("worker")
    for row in rows:
        asked = workers_live and enqueue(carrier.task, row.pk, queue=row.queue, expires_seconds=WAKE_AGAIN_SECONDS)
        if asked:
            carrier.model.objects.filter(pk=row.pk).update(woken_at=now)
        elif time.monotonic() < deadline:
            carry(carrier, row.pk)
    return len(rows)
