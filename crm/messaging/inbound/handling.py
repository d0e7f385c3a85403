"""From a stored mail to its end: parse, recognise, thread, hand to the app it belongs to.

Reading and staging of files happen outside the transaction that settles the mail (`actions.inbound.settle`). A
worker that dies leaves a mail whose time comes again; after three tries it waits in the quarantine.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import replace

from django.core.files.base import ContentFile
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid, TooMany
from crm.core.limits import hit
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.files.actions import stage_upload
from crm.jobs.broker import enqueue
from crm.jobs.heartbeat import is_fresh

from ..actions.inbound import claim_inbound, note_trouble, settle, settle_automatic
from ..choices import Decision, InboundReason
from ..language import guess_language
from ..models import InboundMail
from . import tokens
from .automatic import kind_of
from .parsing import File, Parsed, parse
from .quoting import split_quoted
from .raw import raw_of
from .registry import Incoming

logger = logging.getLogger(__name__)

#: The verbs of apps take so much; a longer text is cut here and hangs on the message as a file.
TEXT_LIMIT = 19_000
QUOTED_LIMIT = 49_000
MAX_FILES = 20
#: Mails of one address in ten minutes; more are held, so that a program gone wild alarms nobody.
FLOOD_LIMIT, FLOOD_SECONDS = 30, 600
#: What calendars call the answer that a person gave by a button.
_BY_CALENDARS = frozenset({"generated", "auto_reply"})
WAKE_BATCH = 50
INLINE_SECONDS = 5.0
_ACTOR = Actor.system("incoming mail")


def handle(mail_id: int) -> None:
    """Takes one stored mail to its end. Never raises for what stands in the mail."""
    mail = claim_inbound(actor=_ACTOR, mail_id=mail_id)
    if mail is None:
        return
    try:
        raw = raw_of(mail)
        _settle(mail, parse(raw), raw)
    except DomainError as error:
        logger.warning("incoming mail %s is quarantined: %s", mail.pk, error)
        note_trouble(actor=_ACTOR, mail_id=mail.pk, reason=InboundReason.FAILED, detail=str(error)[:500], final=True)
    except (DatabaseError, OSError) as error:  # the machine's trouble, not the mail's: again later
        logger.warning("incoming mail %s is tried again: %s", mail.pk, error)
        note_trouble(actor=_ACTOR, mail_id=mail.pk, reason=InboundReason.FAILED, detail=_words(error))
    except Exception as error:
        logger.exception("incoming mail %s could not be handled", mail.pk)
        note_trouble(actor=_ACTOR, mail_id=mail.pk, reason=InboundReason.FAILED, detail=_words(error))


def wake_due() -> int:
    """Asks workers for mail that nobody handled; does it itself, for a few seconds, when broker or workers are gone."""
    ids = list(
        InboundMail.objects.due(clock.database_now()).order_by("due_at").values_list("pk", flat=True)[:WAKE_BATCH]
    )
    deadline = time.monotonic() + INLINE_SECONDS
    workers_live = bool(ids) and is_fresh("worker")
    for mail_id in ids:
        asked = workers_live and enqueue("messaging.handle_mail", mail_id, expires_seconds=30)
        if not asked and time.monotonic() < deadline:
            handle(mail_id)
    return len(ids)


def _settle(mail: InboundMail, parsed: Parsed, raw: bytes) -> None:
    is_released = mail.decision in {Decision.OPEN, Decision.THREAD}
    if parsed.trouble and is_released:
        parsed = _as_file(parsed, raw)
    if parsed.trouble:
        reason = InboundReason(parsed.trouble)
        note_trouble(actor=_ACTOR, mail_id=mail.pk, reason=reason, final=True, parsed=parsed)
        return
    automatic = "" if is_released else kind_of(parsed)
    if automatic and not (parsed.calendar and automatic in _BY_CALENDARS):
        settle_automatic(actor=_ACTOR, mail_id=mail.pk, parsed=parsed, kind=InboundReason(automatic))
        return
    brand = mail.mailbox.brand if mail.mailbox else Brand.default()
    settle(
        actor=_ACTOR,
        mail_id=mail.pk,
        incoming=replace(prepare(mail, parsed, brand, is_released=is_released), automatic=automatic),
        thread_id=tokens.conversation_of_address(parsed.recipients) or tokens.conversation_of_ids(parsed.references),
        content_key=content_key(parsed),
        is_flood=not is_released and _is_flood(parsed.sender_email),
    )


def _as_file(parsed: Parsed, raw: bytes) -> Parsed:
    """A mail that cannot be read, made of what stands in its headers, with itself as the file."""
    return replace(parsed, trouble="", text="", files=(File("mail.eml", raw),))


def prepare(mail: InboundMail, parsed: Parsed, brand: Brand, *, is_released: bool = False) -> Incoming:
    """Words and staged files of a mail, in the sender's language where something must be said in their place."""
    split = split_quoted(parsed.text)
    body = split.visible or parsed.text
    language = guess_language(f"{parsed.subject} {body[:2000]}") if body or parsed.subject else brand.language
    files = list(parsed.files[:MAX_FILES])
    with translation.override(language):
        subject = clean_line(parsed.subject, 200) or clean_line(body, 80) or _("(no subject)")
        if len(body) > TEXT_LIMIT:
            files.insert(0, File(_("whole text") + ".txt", parsed.text.encode()))
            body = f"{body[:TEXT_LIMIT].rstrip()} […]"
        form_key = f"inbound-mail-{mail.pk:08d}-{mail.attempts}"
        staged = list(_stage(form_key, files))
        notes = [note for _token, note in staged if note]
        if len(parsed.files) > MAX_FILES:
            notes.append(_("Further files of this mail were left out."))
        body = "\n\n".join(filter(None, [body or _("(no text)"), *notes]))
    return Incoming(
        mail=mail,
        brand=brand,
        sender_email=parsed.sender_email,
        sender_name=parsed.sender_name or parsed.sender_email.partition("@")[0],
        subject=subject,
        body=body,
        quoted=split.quoted[:QUOTED_LIMIT],
        language=language,
        header_id=parsed.message_id,
        form_key=form_key,
        uploads=[token for token, _note in staged if token],
        is_released=is_released,
        calendar=parsed.calendar,
    )


def content_key(parsed: Parsed) -> str:
    """Digest of who said what under which Message-ID; "" for a mail without one, which cannot be told from a copy."""
    if not parsed.message_id:
        return ""
    said = "\0".join((parsed.message_id, parsed.sender_email, parsed.subject, parsed.text))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def _stage(form_key: str, files: list[File]) -> Iterator[tuple[str, str]]:
    """(token, "") of each file that may be kept, ("", sentence) of one that may not."""
    for file in files:
        try:
            upload = stage_upload(actor=_ACTOR, form_key=form_key, name=file.name, file=ContentFile(file.content))
        except Invalid as error:
            yield "", str(error)
        else:
            yield upload.token, ""


def _is_flood(sender: str) -> bool:
    try:
        hit("messaging.inbound", sender, limit=FLOOD_LIMIT, window_seconds=FLOOD_SECONDS)
    except TooMany:
        return True
    return False


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
