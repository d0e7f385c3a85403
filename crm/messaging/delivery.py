"""Sending mail: claim, talk to the server outside any transaction, note how it went.

A sender that dies after the server took a mail leaves a lease that runs out; the mail then goes again
under the same Message-ID, by which the receiving side knows it.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Q

from crm.core import clock
from crm.core.actor import Actor
from crm.core.installation import sends
from crm.jobs.broker import enqueue
from crm.jobs.heartbeat import is_fresh

from .actions.sending import claim_mail, note_failure, note_sent
from .models import OutgoingMail

logger = logging.getLogger(__name__)

#: A worker that was asked and did not answer is asked again after this long.
WAKE_AGAIN_SECONDS = 30
WAKE_BATCH = 50
#: How long the sweep itself sends when no worker can.
INLINE_SECONDS = 5.0
_ACTOR = Actor.system("mail")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the server did not take a mail; a permanent one is not tried again."""

    error: str
    is_permanent: bool


def deliver(mail_id: int) -> bool:
    """Sends one mail if it is due and nobody else has it. True when the server took it.

    A restored copy sends nothing: its mail stays waiting.
    """
    if not sends():
        return False
    mail = claim_mail(actor=_ACTOR, mail_id=mail_id)
    if mail is None or mail.lease_until is None:
        return False
    failure = _transmit(mail)
    if failure is None:
        note_sent(actor=_ACTOR, mail_id=mail.pk)
        return True
    logger.warning("mail %s was not taken: %s", mail.pk, failure.error)
    note_failure(
        actor=_ACTOR,
        mail_id=mail.pk,
        lease_until=mail.lease_until,
        error=failure.error,
        is_permanent=failure.is_permanent,
    )
    return False


def wake_due() -> int:
    """Asks workers for what is due; sends itself, for a few seconds, when broker or workers are gone."""
    if not sends():
        return 0
    now = clock.database_now()
    again = dt.timedelta(seconds=WAKE_AGAIN_SECONDS)
    due = OutgoingMail.objects.due(now).filter(Q(woken_at__isnull=True) | Q(woken_at__lt=now - again))
    rows = list(due.order_by("next_attempt_at").only("pk", "related_id")[:WAKE_BATCH])
    if not rows:
        return 0
    deadline = time.monotonic() + INLINE_SECONDS
    workers_live = is_fresh("worker")
    for row in rows:
        asked = workers_live and enqueue(
            "messaging.send_mail", row.pk, queue=row.queue, expires_seconds=WAKE_AGAIN_SECONDS
        )
        if asked:
            OutgoingMail.objects.filter(pk=row.pk).update(woken_at=now)
        elif time.monotonic() < deadline:
            deliver(row.pk)
    return len(rows)


def _transmit(mail: OutgoingMail) -> Failure | None:
    """Hands the mail to the server. What goes wrong after the server took it no longer counts."""
    try:
        message = _message(mail)
        connection = get_connection()
        try:
            connection.open()
            connection.send_messages([message])
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.close()
    except smtplib.SMTPRecipientsRefused as error:
        return Failure(_words(error), all(500 <= code < 600 for code, _text in error.recipients.values()))
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
        return Failure(_words(error), is_permanent=False)  # the server's trouble, not this mail's
    except smtplib.SMTPResponseException as error:
        return Failure(_words(error), 500 <= error.smtp_code < 600)
    except (smtplib.SMTPException, OSError) as error:
        return Failure(_words(error), is_permanent=False)
    except ValueError as error:  # a header or address that cannot be written
        return Failure(_words(error), is_permanent=True)
    return None


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=_mailbox(mail.from_name, mail.from_email),
        to=[_mailbox(mail.to_name, mail.to_email)],
        cc=mail.cc,
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, **mail.headers},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _mailbox(name: str, address: str) -> str:
    """A name with its address (RFC 5322 §3.4); the mail package encodes what is not ASCII."""
    quoted = name.replace("\\", "").replace('"', "'")
    return f'"{quoted}" <{address}>' if quoted else address


def _words(error: Exception) -> str:
    """The server's answer as text."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{to}: {code} {_text(text)}" for to, (code, text) in error.recipients.items())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(value: bytes | str) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
