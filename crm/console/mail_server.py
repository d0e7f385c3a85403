"""What the outgoing mail server is, and one message sent at once with the server's own answer."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from crm.core.models import Brand
from crm.core.text import clean_line

ANSWER_CHARS = 500


@dataclass(frozen=True, slots=True)
class Transport:
    """How mail leaves, from `EMAIL_URL`. is_server: it leaves at all, and is not written to files or the console."""

    is_server: bool
    place: str
    encryption: str
    user: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a test message. taken: the server accepted it. text: its words, or what went wrong."""

    taken: bool
    text: str


def transport() -> Transport:
    """The present one."""
    kind = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if kind == "filebased":
        return Transport(False, str(settings.EMAIL_FILE_PATH), "", "")
    if kind != "smtp":
        return Transport(False, kind, "", "")
    encryption = "TLS" if settings.EMAIL_USE_SSL else "STARTTLS" if settings.EMAIL_USE_TLS else ""
    return Transport(True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}", encryption, settings.EMAIL_HOST_USER)


def send_test(address: str) -> Answer:
    """Sends one short message past the queue, at most `EMAIL_TIMEOUT` seconds a step. Never raises."""
    brand = Brand.default()
    message = EmailMessage(
        subject=_("Test message from %(company)s") % {"company": brand.name},
        body=_("Your mail server works: this message came through it."),
        from_email=formataddr((str(brand.sender_name or brand.name), brand.sender_email)),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    connection = get_connection()
    try:
        connection.open()
        server = getattr(connection, "connection", None)
        if not isinstance(server, smtplib.SMTP):
            connection.send_messages([message])
            return Answer(True, _("Written to a file or the console: no mail server is set."))
        return _talk(server, brand.sender_email, address, message)
    except (OSError, smtplib.SMTPException) as error:
        return Answer(False, _words(error))
    finally:
        connection.close()


def _talk(server: smtplib.SMTP, sender: str, address: str, message: EmailMessage) -> Answer:
    """One mail, step by step, so that the server's answer to the whole of it is known."""
    steps: list[Any] = [
        lambda: server.mail(sender),
        lambda: server.rcpt(address),
        lambda: server.data(message.message().as_bytes(linesep="\r\n")),
    ]
    code, text = 0, b""
    server.ehlo_or_helo_if_needed()
    for step in steps:
        code, text = step()
        if code >= 400:
            break
    return Answer(code < 400, clean_line(f"{code} {text.decode('utf-8', 'replace')}", ANSWER_CHARS))


def _words(error: Exception) -> str:
    """An error as its server put it, without the password that it may repeat."""
    said = getattr(error, "smtp_error", b"") or getattr(error, "strerror", "") or str(error) or type(error).__name__
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    code = getattr(error, "smtp_code", "")
    text = text.replace(settings.EMAIL_HOST_PASSWORD, "…") if getattr(settings, "EMAIL_HOST_PASSWORD", "") else text
    return clean_line(f"{code} {text}".strip(), ANSWER_CHARS)
