"""What a sender writes down before and after it talks to the server. The talking is `delivery` and `sms.delivery`."""

from __future__ import annotations

import datetime as dt

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.text import without_addresses

from ..choices import MailState, MessageState, OptOutSource, SmsState
from ..models import Message, OutgoingMail, OutgoingSms, SmsOptOut
from ..models.outgoing import Outgoing
from ..outcomes import Failure
from ..pace import may_send, next_token_after

#: A sender that has not reported after this long is taken for dead.
LEASE = dt.timedelta(minutes=3)
#: Waits after the first, second, … failure, in seconds; the last one repeats.
BACK_OFF_SECONDS = (60, 300, 1800, 7200, 14_400, 28_800)
GIVE_UP_AFTER = dt.timedelta(days=3)
#: A gateway that asks for more patience than this is asked again all the same.
LONGEST_WAIT_SECONDS = 6 * 3600


@action()
def claim(*, actor: Actor, model: type[Outgoing], row_id: int, bucket: tuple[str, int]) -> Outgoing | None:
    """Takes a due row for sending; None when another sender has it, it is not due, or the pace is reached.

    bucket: the server's name and how many a minute it takes.
    """
    now = clock.database_now()
    due = model.objects.due(now).filter(pk=row_id)
    row: Outgoing | None = due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if row is None:
        return None
    server, per_minute = bucket
    if not may_send(server, now, per_minute=per_minute, is_bulk=row.is_bulk):
        row.state, row.next_attempt_at, row.woken_at = MailState.WAITING, now + next_token_after(per_minute), None
        row.save(update_fields=["state", "next_attempt_at", "woken_at"])
        return None
    row.state, row.lease_until, row.attempts = MailState.SENDING, now + LEASE, row.attempts + 1
    row.save(update_fields=["state", "lease_until", "attempts"])
    return row


@action()
def note_sent(*, actor: Actor, model: type[Outgoing], row_id: int, reference: str = "") -> None:
    """The server has taken the row; what it reported meanwhile stays."""
    row: Outgoing = model.objects.lock().get(pk=row_id)
    if row.state in {SmsState.DELIVERED, SmsState.FAILED}:
        return
    row.state, row.sent_at, row.error = MailState.SENT, clock.now(), ""
    row.save(update_fields=["state", "sent_at", "error", *row.taken(reference)])
    Message.objects.filter(pk=row.related_id or 0).update(
        state=MessageState.SENT, delivered_at=row.sent_at, error="", updated_at=row.sent_at
    )


@action()
def note_failure(
    *, actor: Actor, model: type[Outgoing], row_id: int, lease_until: dt.datetime, failure: Failure
) -> None:
    """The server refused the row or could not be reached: try again later, or give up and say so.

    Nothing is noted when the lease is no longer the sender's: another one has the row by now.
    """
    held = model.objects.filter(pk=row_id, state=MailState.SENDING, lease_until=lease_until)
    row: Outgoing | None = held.lock().first()
    if row is None:
        return
    now = clock.now()
    row.error = failure.error[:2000]
    if failure.is_permanent or now - row.first_tried_at >= GIVE_UP_AFTER:
        row.state = MailState.FAILED
        _tell(actor, row)
    else:
        wait = BACK_OFF_SECONDS[min(row.attempts, len(BACK_OFF_SECONDS)) - 1]
        wait = max(wait, min(failure.retry_after_seconds, LONGEST_WAIT_SECONDS))
        row.state, row.next_attempt_at, row.woken_at = MailState.WAITING, now + dt.timedelta(seconds=wait), None
    row.save(update_fields=["state", "error", "next_attempt_at", "woken_at"])
    if failure.opted_out and isinstance(row, OutgoingSms):
        SmsOptOut.objects.get_or_create(phone=row.to_phone, defaults={"source": OptOutSource.GATEWAY})


@action()
def note_bounce(*, actor: Actor, message_id: str, recipient: str, error: str) -> None:
    """A report says that a mail the server had taken was not delivered. One about an unknown mail changes nothing."""
    mail = OutgoingMail.objects.lock().filter(message_id=message_id).first()
    if mail is None or mail.state == MailState.FAILED:
        return
    if recipient and recipient.lower() not in {address.lower() for address in (mail.to_email, *mail.cc)}:
        error = f"{recipient}: {error}"
    mail.state, mail.error = MailState.FAILED, error[:2000]
    mail.save(update_fields=["state", "error"])
    _tell(actor, mail)


@action()
def note_complaint(*, actor: Actor, message_id: str, feedback: str) -> None:
    """Whoever got a mail of ours called it spam: once a mail, told to the apps. An unknown mail changes nothing.

    feedback: the provider's word for it, such as "abuse" (RFC 5965).
    """
    mail = OutgoingMail.objects.lock().filter(message_id=message_id).first()
    if mail is None or mail.complained_at is not None:
        return
    mail.complained_at = clock.now()
    mail.save(update_fields=["complained_at"])
    record(actor=actor, type="messaging.complained", subject=mail, data={"to": mail.shown_to, "feedback": feedback})


@action()
def note_report(*, actor: Actor, key: str, gateway_id: str, state: str, error: str = "") -> None:
    """What the gateway reports of a text message it took: sent, delivered or failed.

    A report only moves a message forward, so that a repeated, late or unknown one changes nothing. It also settles a
    message whose sender never heard the answer, which is then not sent again.
    """
    sms = OutgoingSms.objects.lock().filter(key=key).first()
    if sms is None or sms.state in {SmsState.DELIVERED, SmsState.FAILED, SmsState.HELD}:
        return
    if sms.state == state or state not in {SmsState.SENT, SmsState.DELIVERED, SmsState.FAILED}:
        return
    now = clock.now()
    sms.state, sms.gateway_id, sms.error = state, gateway_id[:64] or sms.gateway_id, error[:2000]
    sms.sent_at = sms.sent_at or now
    sms.delivered_at = now if state == SmsState.DELIVERED else None
    sms.save(update_fields=["state", "gateway_id", "error", "sent_at", "delivered_at"])
    if state == SmsState.FAILED:
        _tell(actor, sms)
        return
    Message.objects.filter(pk=sms.related_id).update(
        state=MessageState.SENT, delivered_at=now, error="", updated_at=now
    )


def _tell(actor: Actor, row: Outgoing) -> None:
    """The message shows the failure, and its activity reaches whoever listens; of one of many their sender tells."""
    if row.is_bulk:
        return
    said = without_addresses(row.error)
    Message.objects.filter(pk=row.related_id or 0).update(state=MessageState.FAILED, error=said, updated_at=clock.now())
    record(
        actor=actor,
        type=row.failed_type,
        subject=row,
        anchors=[row.about],
        data={"to": row.shown_to, "error": said[:300], "message": row.related_id},
    )
