"""Sending push messages: claim, say what is new about the record, hand it to the browser's service, note how it went.

The message is made when it goes: who read the line meanwhile, or may no longer see the record, is told nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import logging
import time
from typing import Any

from django.db.models import Q
from django.utils.translation import override

from crm.accounts.access import actor_for
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.installation import sends
from crm.core.models import Brand
from crm.core.outbound import AddressRefused, Answer, Unreachable, post
from crm.core.secrets import decrypt

from ..actions import pushing
from ..models import Notification, PushKey, PushMessage, PushSubscription
from ..schedule import quiet_until
from ..selectors import delivery_of, lines_of
from .encryption import encrypt
from .vapid import authorization, private_key

logger = logging.getLogger(__name__)

#: How long a service keeps a message for a device that is switched off.
TTL_SECONDS = 12 * 3600
BATCH = 50
#: How long one task goes on: a service that does not answer must not hold a worker.
INLINE_SECONDS = 40.0
_ACTOR = Actor.system("push")
_GONE = frozenset({404, 410})
_AGAIN = frozenset({408, 425, 429})


def send_due(limit: int = BATCH) -> int:
    """Sends what is due. A restored copy sends nothing. Returns how many messages were looked at."""
    if not sends():
        return 0
    due = PushMessage.objects.filter(next_attempt_at__lte=clock.database_now())
    deadline, done = time.monotonic() + INLINE_SECONDS, 0
    for message_id in list(due.order_by("next_attempt_at").values_list("pk", flat=True)[:limit]):
        if time.monotonic() > deadline:
            break
        send(message_id)
        done += 1
    return done


def send(message_id: int) -> bool:
    """Sends one message if it is due and nobody else has it. True when the service took it."""
    message = pushing.claim_push(actor=_ACTOR, message_id=message_id)
    if message is None:
        return False
    payload, urgent = payload_of(message)
    delivery = delivery_of(message.subscription.user)
    end = quiet_until(delivery, clock.database_now()) if payload else None
    if end and not (urgent and delivery.urgent_when_quiet):
        pushing.postpone_push(actor=_ACTOR, message=message, until=end)
        return False
    if not payload:
        pushing.note_pushed(actor=_ACTOR, message=message, sent=False)
        return False
    try:
        answer = _transmit(message, payload, urgent)
    except Unreachable as error:
        pushing.note_push_failure(actor=_ACTOR, message=message, error=str(error))
    except (AddressRefused, ValueError) as error:
        pushing.note_push_failure(actor=_ACTOR, message=message, error=str(error), is_permanent=True)
    except DomainError as error:  # the key cannot be read: an administrator's matter, not this device's
        logger.error("push message %s: %s", message.pk, error)
        pushing.note_push_failure(actor=_ACTOR, message=message, error=str(error))
    else:
        return _note(message, answer)
    return False


def payload_of(message: PushMessage) -> tuple[dict[str, Any], bool]:
    """What the device shows of the record, in its person's language, and whether it is urgent; {} for nothing.

    title: the newest sentence, which names the record. text: an excerpt, only where the person wants it there.
    """
    user = message.subscription.user
    fresh = message.created_at - dt.timedelta(minutes=1)  # what went by push alone long ago is no news
    rows = Notification.objects.filter(
        Q(unread=True) | Q(in_app=False, updated_at__gte=fresh),
        user=user, subject_kind=message.subject_kind, object_id=message.object_id, push=True,
    ).order_by("-updated_at", "-pk")[:10]  # fmt: skip
    if not user.is_active:
        return {}, False
    with override(user.language):
        lines = [(row, line) for row, line in zip(rows, lines_of(actor_for(user), rows), strict=True)]
        shown = [(row, line) for row, line in lines if not line.is_gone]
        if not shown:
            return {}, False
        newest = shown[0][1]
        payload = {
            "title": newest.sentence,
            "text": newest.text[:500] if delivery_of(user).push_shows_text else "",
            "url": newest.url or "/notifications/",
            "tag": f"{message.subject_kind}:{message.object_id}",
            "lang": user.language,
        }
    return payload, any(row.declared is not None and row.declared.urgent for row, _line in shown)


def _transmit(message: PushMessage, payload: dict[str, Any], urgent: bool) -> Answer:
    device: PushSubscription = message.subscription
    key = PushKey.objects.get(pk=PushKey.ONLY)
    signed = authorization(
        device.endpoint, private=private_key(decrypt(key.private)), contact=_contact(), now=clock.now()
    )
    headers = {
        "Authorization": signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_SECONDS),
        "Topic": _topic(payload["tag"]),
        "Urgency": "high" if urgent else "normal",
    }
    body = encrypt(json.dumps(payload, ensure_ascii=False).encode(), p256dh=device.p256dh, auth=device.auth)
    return post(device.endpoint, body, headers)


def _note(message: PushMessage, answer: Answer) -> bool:
    if 200 <= answer.status < 300:
        pushing.note_pushed(actor=_ACTOR, message=message)
        return True
    if answer.status in _GONE:
        pushing.forget_device(actor=_ACTOR, message=message)
        return False
    after = answer.headers.get("retry-after", "")
    pushing.note_push_failure(
        actor=_ACTOR,
        message=message,
        error=f"{answer.status} {answer.text}",
        is_permanent=answer.status < 500 and answer.status not in _AGAIN,
        retry_after_seconds=int(after) if after.isdecimal() and len(after) < 8 else 0,
    )
    return False


def _topic(tag: str) -> str:
    """A newer message takes an older one's place at the service: at most 32 characters of base64url (RFC 8030 §5.4)."""
    return base64.urlsafe_b64encode(hashlib.sha256(tag.encode()).digest())[:32].decode()


def _contact() -> str:
    """Whom a push service may write to about this server."""
    brand = Brand.default()
    return brand.base_url if brand.base_url.startswith("https:") else f"mailto:{brand.sender_email}"
