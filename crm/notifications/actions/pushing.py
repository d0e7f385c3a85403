"""Devices that take push messages, and what a sender writes down. The talking is `notifications.push.sending`."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.outbound import AddressRefused, check
from crm.core.text import clean_line

from ..models import Notification, PushKey, PushMessage, PushSubscription
from ..push import vapid
from ..push.encryption import check_keys

#: More devices than a person has; what is beyond it is a script.
DEVICES = 20
#: Services' addresses are a few hundred characters long; what the column holds.
ENDPOINT_CHARS = 1000
#: A sender that has not reported after this long is taken for dead.
LEASE = dt.timedelta(minutes=1)
#: Waits after the first, second, … failure, in seconds. After the last one the message is given up.
BACK_OFF_SECONDS = (30, 120, 600, 1800, 3600)

_QUEUE = """
    INSERT INTO notifications_pushmessage AS message
        (subscription_id, subject_kind, object_id, attempts, next_attempt_at, created_at)
    SELECT id, %(kind)s, %(object)s, 0, %(now)s, %(now)s FROM notifications_pushsubscription
    WHERE user_id = ANY(%(users)s) ORDER BY id
    ON CONFLICT (subscription_id, subject_kind, object_id) DO UPDATE SET
        attempts = 0, next_attempt_at = excluded.next_attempt_at
"""


def hash_of(endpoint: str) -> str:
    """The subscription's name that a page may show: SHA-256 of its endpoint in hex."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


@action()
def make_push_key(*, actor: Actor) -> PushKey:
    """The installation's pair of keys; made when there is none, never replaced."""
    public, private = vapid.generate()
    row, _created = PushKey.objects.get_or_create(pk=PushKey.ONLY, defaults={"public": public, "private": private})
    return row


@action()
def subscribe_device(*, actor: Actor, endpoint: str, p256dh: str, auth: str, device: str = "") -> PushSubscription:
    """The actor's browser takes push messages from now on. One that somebody else used here becomes the actor's.

    Raises `Invalid` for an address that is no push service's, for keys that no browser made, and past `DEVICES`.
    """
    try:
        check(endpoint)
        check_keys(p256dh, auth)
    except (AddressRefused, ValueError) as error:
        raise Invalid(_("This browser's push service cannot be used.")) from error
    if len(endpoint) > ENDPOINT_CHARS:
        raise Invalid(_("This browser's push service cannot be used."))
    name = hash_of(endpoint)
    user = User.objects.select_for_update(no_key=True).get(pk=actor.user_id or 0)
    if PushSubscription.objects.filter(user=user).exclude(endpoint_hash=name).count() >= DEVICES:
        raise Invalid(_("You have too many devices. Remove one that you no longer use."))
    values = {"user": user, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "device": clean_line(device, 100)}
    row, _created = PushSubscription.objects.update_or_create(
        endpoint_hash=name, defaults={**values, "last_error": "", "created_at": clock.now()}
    )
    PushMessage.objects.filter(subscription=row).delete()  # what waited may have been for whoever used it before
    return row


@action()
def remove_device(*, actor: Actor, subscription_id: int) -> None:
    """The device hears nothing more. Raises `NotFound` for anybody else's."""
    PushSubscription.objects.visible_to(actor).fetch(actor, pk=subscription_id).delete()


@action()
def queue_push(*, actor: Actor, user_ids: Collection[int], subject_kind: int, object_id: int) -> None:
    """Every device of these users is to be told of the record, once, with the newest of it."""
    values: dict[str, Any] = {"users": sorted(user_ids), "kind": subject_kind, "object": object_id, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, values)


@action()
def claim_push(*, actor: Actor, message_id: int) -> PushMessage | None:
    """Takes a due message for sending; None when another sender has it, or it is not due."""
    now = clock.database_now()
    due = PushMessage.objects.filter(pk=message_id, next_attempt_at__lte=now)
    row = due.select_for_update(of=("self",), skip_locked=True).select_related("subscription__user").first()
    if row is None:
        return None
    row.attempts, row.next_attempt_at = row.attempts + 1, now + LEASE
    row.save(update_fields=["attempts", "next_attempt_at"])
    return row


@action()
def postpone_push(*, actor: Actor, message: PushMessage, until: dt.datetime) -> None:
    """Quiet time: the message waits for its end, and the try does not count."""
    _still(message).update(next_attempt_at=until, attempts=message.attempts - 1)


@action()
def note_pushed(*, actor: Actor, message: PushMessage, sent: bool = True) -> None:
    """The service took the message, or (sent=False) there was nothing left to tell.

    Lines that go by push alone are done with. News that came meanwhile keep the message for another round.
    """
    if sent:
        PushSubscription.objects.filter(pk=message.subscription_id).update(last_sent_at=clock.now(), last_error="")
    _still(message).delete()
    by_push_alone = Notification.objects.filter(
        user_id=message.subscription.user_id, subject_kind=message.subject_kind, object_id=message.object_id,
        in_app=False, push=True, unread=True, mail_due_at__isnull=True,
    )  # fmt: skip
    by_push_alone.update(unread=False, read_at=clock.now())


@action()
def note_push_failure(
    *, actor: Actor, message: PushMessage, error: str, is_permanent: bool = False, retry_after_seconds: int = 0
) -> None:
    """The service did not take the message: again later, at `retry_after_seconds` at the earliest, or given up."""
    PushSubscription.objects.filter(pk=message.subscription_id).update(last_error=clean_line(error, 300))
    if is_permanent or message.attempts > len(BACK_OFF_SECONDS):
        _still(message).delete()
        return
    wait = max(BACK_OFF_SECONDS[message.attempts - 1], min(retry_after_seconds, BACK_OFF_SECONDS[-1]))
    _still(message).update(next_attempt_at=clock.now() + dt.timedelta(seconds=wait))


@action()
def forget_device(*, actor: Actor, message: PushMessage) -> None:
    """The service says that this browser is gone (RFC 8030 §7.3): its subscription goes too."""
    PushSubscription.objects.filter(pk=message.subscription_id).delete()


def _still(message: PushMessage) -> QuerySet[PushMessage]:
    """The row as long as it is the sender's: no other took it, and no news came meanwhile."""
    return PushMessage.objects.filter(pk=message.pk, attempts=message.attempts, next_attempt_at=message.next_attempt_at)
