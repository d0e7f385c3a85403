"""Sending: claim under the record's lock, call outside any transaction, note how it went."""

from __future__ import annotations

import datetime as dt
import time

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.installation import sends
from crm.core.outbound import AddressRefused, Answer, Unreachable, post
from crm.core.secrets import decrypt
from crm.jobs.broker import enqueue
from crm.jobs.heartbeat import is_fresh

from ..actions import deliveries as verbs
from ..models import WebhookDelivery
from .signing import headers

BATCH = 100
#: How long the sweep itself sends when no worker can.
INLINE_SECONDS = 5.0
#: How long what arrived, or was given up, can be read.
KEEP = dt.timedelta(days=30)
_ACTOR = Actor.system("webhooks")


def deliver(delivery_id: int) -> bool:
    """Sends one delivery when it is due and its turn has come. True when it arrived. A restored copy sends nothing."""
    if not sends():
        return False
    row = verbs.claim_delivery(actor=_ACTOR, delivery_id=delivery_id)
    if row is None:
        return False
    started = time.monotonic()
    try:
        answer = _send(row)
    except (AddressRefused, DomainError) as error:
        outcome = verbs.Outcome(None, "", str(error), for_good=True)
    except (Unreachable, ValueError) as error:
        outcome = verbs.Outcome(None, "", str(error))
    else:
        outcome = verbs.Outcome(answer.status, answer.text, retry_after_seconds=_wait(answer))
    took = round((time.monotonic() - started) * 1000)
    return verbs.note_outcome(actor=_ACTOR, delivery_id=row.pk, outcome=outcome, duration_ms=took)


def wake_due() -> int:
    """Deliveries whose turn has come: asks workers, or sends for a few seconds itself when there are none."""
    if not sends():
        return 0
    due = WebhookDelivery.objects.due(clock.database_now()).in_turn()
    ids = list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:BATCH])
    workers_live = bool(ids) and is_fresh("worker")
    deadline = time.monotonic() + INLINE_SECONDS
    for delivery_id in ids:
        if not (workers_live and enqueue("integrations.deliver", delivery_id, queue="bulk", expires_seconds=10)):
            if time.monotonic() > deadline:
                break
            deliver(delivery_id)
    return len(ids)


def forget_old() -> int:
    """Removes deliveries that are over, thirty days after they were made."""
    old = WebhookDelivery.objects.filter(created_at__lt=clock.database_now() - KEEP).exclude(
        pk__in=WebhookDelivery.objects.open()
    )
    return old.delete()[0]


def _send(row: WebhookDelivery) -> Answer:
    secret = decrypt(row.webhook.secret)
    timestamp = int(clock.now().timestamp())
    return post(row.webhook.url, row.body.encode(), headers(secret, row.event_id, timestamp, row.body))


def _wait(answer: Answer) -> int:
    """The seconds a busy address asks for, an hour at most."""
    text = answer.headers.get("retry-after", "")
    return min(3600, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 0
