"""What a sender writes down before and after it talks to the server. The talking is `messaging.delivery`."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..choices import MailState, MessageState
from ..models import Message, OutgoingMail
from ..pace import may_send, next_token_after

#: A sender that has not reported after this long is taken for dead.
LEASE = dt.timedelta(minutes=3)
#: Waits after the first, second, … failure, in seconds; the last one repeats.
BACK_OFF_SECONDS = (60, 300, 1800, 7200, 14_400, 28_800)
GIVE_UP_AFTER = dt.timedelta(days=3)


@action()
def claim_mail(*, actor: Actor, mail_id: int) -> OutgoingMail | None:
    """Takes a due mail for sending; None when another sender has it, it is not due, or the pace is reached."""
    now = clock.database_now()
    due = OutgoingMail.objects.due(now).filter(pk=mail_id)
    mail = due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if mail is None:
        return None
    if not may_send(settings.EMAIL_HOST, now):
        mail.state, mail.next_attempt_at, mail.woken_at = MailState.WAITING, now + next_token_after(), None
        mail.save(update_fields=["state", "next_attempt_at", "woken_at"])
        return None
    mail.state, mail.lease_until, mail.attempts = MailState.SENDING, now + LEASE, mail.attempts + 1
    mail.save(update_fields=["state", "lease_until", "attempts"])
    return mail


@action()
def note_sent(*, actor: Actor, mail_id: int) -> None:
    """The server has taken the mail."""
    mail = OutgoingMail.objects.lock().get(pk=mail_id)
    mail.state, mail.sent_at, mail.error = MailState.SENT, clock.now(), ""
    mail.save(update_fields=["state", "sent_at", "error"])
    Message.objects.filter(pk=mail.related_id).update(
        state=MessageState.SENT, delivered_at=mail.sent_at, error="", updated_at=mail.sent_at
    )


@action()
def note_failure(*, actor: Actor, mail_id: int, lease_until: dt.datetime, error: str, is_permanent: bool) -> None:
    """The server refused the mail or could not be reached: try again later, or give up and say so.

    Nothing is noted when the lease is no longer the sender's: another one has the mail by now.
    """
    held = OutgoingMail.objects.filter(pk=mail_id, state=MailState.SENDING, lease_until=lease_until)
    mail = held.lock().first()
    if mail is None:
        return
    now = clock.now()
    mail.error = error[:2000]
    if is_permanent or now - mail.first_tried_at >= GIVE_UP_AFTER:
        mail.state = MailState.FAILED
        _tell(actor, mail)
    else:
        wait = BACK_OFF_SECONDS[min(mail.attempts, len(BACK_OFF_SECONDS)) - 1]
        mail.state, mail.next_attempt_at, mail.woken_at = MailState.WAITING, now + dt.timedelta(seconds=wait), None
    mail.save(update_fields=["state", "error", "next_attempt_at", "woken_at"])


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


def _tell(actor: Actor, mail: OutgoingMail) -> None:
    """The message shows the failure, and its activity reaches whoever listens."""
    related = mail.related
    if related is not None:
        Message.objects.filter(pk=related.pk).update(
            state=MessageState.FAILED, error=mail.error, updated_at=clock.now()
        )
    record(
        actor=actor,
        type="messaging.mail_failed",
        subject=mail,
        anchors=[related.conversation if related else None],
        data={"to": mail.to_email, "error": mail.error[:300], "message": mail.related_id},
    )
