"""Handing mail to the mail server. Claiming, leases and retries are those of every `carriers.Carrier`."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection

from crm.core.actor import Actor
from crm.files.models import Attachment

from . import carriers
from .models import OutgoingMail
from .outcomes import Failure, Outcome, Taken

#: What an iCalendar object asks for; its content type has to say so too (RFC 6047 §2.4).
_METHOD = re.compile(rb"^METHOD:([A-Z]{1,20})\r?$", re.MULTILINE)


def deliver(mail_id: int) -> bool:
    """Sends one mail if it is due and nobody else has it. True when the server took it."""
    return carriers.carry(MAIL, mail_id)


def wake_due() -> int:
    """Mail that is due: asks workers, or sends itself when there are none."""
    return carriers.wake_due(MAIL)


def _transmit(mail: OutgoingMail) -> Outcome:
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
    return Taken()


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
    for file in Attachment.objects.on("outgoing_mail", mail.pk).select_related("blob"):
        content, media_type = _content(file), file.blob.media_type
        if method := _METHOD.search(content) if media_type == "text/calendar" else None:
            media_type = f"text/calendar; method={method[1].decode()}"
            message.attach_alternative(content.decode(), media_type)  # mail programs show their buttons by this one
        message.attach(file.name, content, media_type)
    return message


def _content(file: Attachment) -> bytes:
    with default_storage.open(file.blob.storage_name) as stored:
        content: bytes = stored.read()
    return content


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


MAIL = carriers.Carrier(
    OutgoingMail,
    "messaging.send_mail",
    Actor.system("mail"),
    lambda: (settings.EMAIL_HOST, settings.MAIL_PER_MINUTE),
    _transmit,
)
