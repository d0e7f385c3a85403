"""The life of a delivery: made with the deed, claimed in its turn, arrived, tried again or given up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from crm.activity.models import Activity, Outbox
from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotReady
from crm.jobs.broker import enqueue_on_commit

from ..choices import DeliveryState, PauseReason
from ..exceptions import IsPaused
from ..models import Webhook, WebhookDelivery
from ..webhooks.payload import TEST_TYPE, body_of, is_wanted
from .webhooks import pause_webhook

#: Waits between tries, in seconds; the last one goes on until a day has passed.
DELAYS = (10, 30, 120, 600, 1800, 3600, 7200, 14_400)
GIVE_UP_AFTER = dt.timedelta(hours=24)
#: A sender that says nothing for so long is lost; its delivery goes again.
LEASE = dt.timedelta(seconds=90)
#: After so many failures in a row the address is spared, longer each time.
SPARE_FROM, SPARE_SECONDS, SPARE_MOST = 5, 10, 600
ANSWER_CHARS = 2000
SUBSCRIBER = "integrations.webhooks"
_GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went. status: of the answer, None without one. for_good: another try cannot help."""

    status: int | None
    answer: str
    error: str = ""
    for_good: bool = False
    retry_after_seconds: int = 0

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@action()
def note_event(*, actor: Actor, activity: Activity) -> int:
    """Makes a delivery for each webhook that is to be told of the activity, once each. Returns how many."""
    made = 0
    for webhook in Webhook.objects.listening_to(activity.key).select_related("owner"):
        if not is_wanted(webhook, activity):
            continue
        delivery, is_new = WebhookDelivery.objects.get_or_create(
            webhook=webhook, activity_id=activity.pk,
            defaults={"type": activity.key, "order_key": f"{activity.kind_key}:{activity.object_id}"},
        )  # fmt: skip
        made += is_new
        enqueue_on_commit("integrations.deliver", delivery.pk, queue="bulk")
    return made


@action()
def claim_delivery(*, actor: Actor, delivery_id: int) -> WebhookDelivery | None:
    """Takes a delivery that is due and whose turn has come, with its body; None when there is nothing to send.

    One at a time for each record and webhook, under an advisory lock on its order_key.
    """
    found = WebhookDelivery.objects.filter(pk=delivery_id).values_list("webhook_id", "order_key").first()
    if found is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"webhook:{found[0]}:{found[1]}"])
    now = clock.database_now()
    due = WebhookDelivery.objects.due(now).in_turn().select_related("webhook__owner").filter(pk=delivery_id)
    row: WebhookDelivery | None = due.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if row is None or _told_before(row):
        return None
    row.body = row.body or body_of(row)
    if not row.body:
        _settle(row, DeliveryState.DEAD, _("Its owner may no longer see the record."))
        return None
    row.state, row.leased_until, row.attempts = DeliveryState.SENDING, now + LEASE, row.attempts + 1
    row.retries_until = row.retries_until or now + GIVE_UP_AFTER
    row.save(update_fields=["state", "leased_until", "attempts", "retries_until", "body"])
    return row


@action()
def note_outcome(*, actor: Actor, delivery_id: int, outcome: Outcome, duration_ms: int) -> bool:
    """Keeps how a try went, and plans the next. True when it arrived.

    410 switches the webhook off at once; a day without one success, with the first delivery that is given up.
    """
    row = WebhookDelivery.objects.select_related("webhook").lock().filter(pk=delivery_id).first()
    if row is None or row.state != DeliveryState.SENDING:
        return False
    now = clock.database_now()
    row.status, row.answer, row.error = outcome.status, outcome.answer[:ANSWER_CHARS], outcome.error[:500]
    row.answer = row.answer.replace("\x00", "\ufffd")
    row.duration_ms, row.leased_until = duration_ms, None
    entry = {"at": now.isoformat(), "status": outcome.status, "ms": duration_ms, "error": row.error}
    row.log = row.noted(entry)
    if outcome.arrived:
        row.state, row.next_at, row.delivered_at = DeliveryState.DELIVERED, None, now
        Webhook.objects.filter(pk=row.webhook_id).update(
            failures=0, failing_since=None, quiet_until=None, last_success_at=now
        )
        row.save()
        _wake_next(row)
        return True
    webhook = _note_failure(row.webhook_id, now)
    gone = outcome.status == _GONE
    if gone or outcome.for_good or (row.retries_until is not None and now >= row.retries_until):
        _settle(row, DeliveryState.DEAD, row.error)
        if gone or now - (webhook.failing_since or now) >= GIVE_UP_AFTER:
            pause_webhook(actor=actor, record=webhook, reason=PauseReason.GONE if gone else PauseReason.FAILING)
        return False
    delay = max(DELAYS[min(row.attempts, len(DELAYS)) - 1], outcome.retry_after_seconds)
    row.state, row.next_at = DeliveryState.WAITING, now + dt.timedelta(seconds=delay)
    row.save()
    return False


@action(permission="integrations.manage")
def send_again(*, actor: Actor, record: WebhookDelivery) -> WebhookDelivery:
    """Puts a delivery that arrived or was given up back in line, for a day. Raises `NotReady`, `IsPaused`."""
    row: WebhookDelivery = WebhookDelivery.objects.select_related("webhook").lock().get(pk=record.pk)
    if row.state not in {DeliveryState.DELIVERED, DeliveryState.DEAD}:
        raise NotReady(_("It is still on its way."))
    if not row.webhook.is_active:
        raise IsPaused
    now = clock.now()
    row.state, row.attempts, row.next_at = DeliveryState.WAITING, 0, now
    row.retries_until, row.delivered_at = now + GIVE_UP_AFTER, None
    row.save()
    enqueue_on_commit("integrations.deliver", row.pk, queue="bulk")
    return row


@action(permission="integrations.manage")
def make_test(*, actor: Actor, record: Webhook) -> WebhookDelivery:
    """A delivery that tells of nothing, to see whether the address answers. Raises `IsPaused`."""
    if not Webhook.objects.filter(pk=record.pk, is_active=True).update(quiet_until=None):
        raise IsPaused
    delivery = WebhookDelivery.objects.create(webhook=record, type=TEST_TYPE)
    record_activity(actor=actor, type="integrations.webhook_tested", subject=record, data={"name": record.name})
    return delivery


def _told_before(row: WebhookDelivery) -> bool:
    """Whether an earlier deed on the record has not been handed to webhooks yet: its delivery may still come."""
    if row.activity_id is None:
        return False
    earlier = Outbox.objects.filter(order_key=row.order_key, activity_id__lt=row.activity_id)
    return earlier.exclude(done__contains=[SUBSCRIBER]).exists()


def _settle(row: WebhookDelivery, state: DeliveryState, error: str) -> None:
    row.state, row.error, row.next_at, row.leased_until = state, str(error)[:500], None, None
    row.save()
    _wake_next(row)


def _wake_next(row: WebhookDelivery) -> None:
    """The next about the same record need not wait for the sweep."""
    if row.activity_id is None:
        return
    line = WebhookDelivery.objects.open().filter(webhook=row.webhook_id, order_key=row.order_key)
    following = (
        line.filter(activity_id__gt=row.activity_id).order_by("activity_id").values_list("pk", flat=True).first()
    )
    if following is not None:
        enqueue_on_commit("integrations.deliver", following, queue="bulk")


def _note_failure(webhook_id: int, now: dt.datetime) -> Webhook:
    """Counts a failure of the address; after several in a row it is left alone for a while."""
    webhook: Webhook = Webhook.objects.lock().get(pk=webhook_id)
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    if webhook.failures >= SPARE_FROM:
        seconds = min(SPARE_MOST, SPARE_SECONDS * 2 ** min(webhook.failures - SPARE_FROM, 10))
        webhook.quiet_until = now + dt.timedelta(seconds=seconds)
    webhook.save(update_fields=["failures", "failing_since", "quiet_until"])
    return webhook
