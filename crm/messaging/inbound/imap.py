"""Fetching by IMAP (RFC 3501): by UID, each mail committed before it is marked or deleted on the server.

A connection that breaks at any byte loses nothing: what was not committed is fetched again, what was is known by
its bytes. Sequence numbers, which move when mail is deleted, are never used.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.installation import sends
from crm.core.secrets import decrypt

from ..actions.mailboxes import note_fetch, note_fetch_error
from ..choices import Security
from ..models import Mailbox
from .limits import RAW_BYTES
from .raw import receive

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
#: One run fetches for so long; the next one goes on.
RUN_SECONDS = 45.0
_ACTOR = Actor.system("mailbox")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")


class MailboxUnreachable(DomainError):
    """The server cannot be used as it is set up. The sentence says what to check and repeats nothing it sent."""

    status = 409
    code = "mailbox_unreachable"


def test_connection(mailbox: Mailbox) -> int:
    """Signs in and opens the folder. Returns how many mails lie in it. Raises `MailboxUnreachable`."""
    with _opened(mailbox) as server:
        return len(_uids(server, 1))


def fetch(mailbox: Mailbox) -> int:
    """Takes in what is new in a mailbox; 0 when another process is at it. Returns how many mails were stored.

    A restored copy reads no mailbox: the original does. What goes wrong is noted on the mailbox and raised
    as `MailboxUnreachable`.
    """
    if not sends():
        return 0
    with _alone(mailbox) as is_mine:
        if not is_mine:
            return 0
        try:
            count = _fetch(mailbox)
        except MailboxUnreachable as error:
            note_fetch_error(actor=_ACTOR, mailbox_id=mailbox.pk, error=str(error))
            raise
        return count


def fetch_all() -> int:
    """Every active mailbox with a server, one after the other; one that fails does not stop the others."""
    count = 0
    for mailbox in Mailbox.objects.filter(is_active=True).exclude(host="").order_by("last_fetch_at", "pk"):
        try:
            count += fetch(mailbox)
        except DomainError as error:
            logger.warning("mailbox %s: %s", mailbox.pk, error)
    return count


def _fetch(mailbox: Mailbox) -> int:
    deadline, count = time.monotonic() + RUN_SECONDS, 0
    mailbox.refresh_from_db()
    with _opened(mailbox) as server:
        validity = _validity(server)
        last = mailbox.last_uid if validity == mailbox.uid_validity else 0  # numbers of another folder say nothing
        note_fetch(actor=_ACTOR, mailbox_id=mailbox.pk, uid_validity=validity, last_uid=last)
        for uid in _uids(server, last + 1):
            if time.monotonic() > deadline:
                break
            raw = _mail(server, uid)
            if raw is not None:
                receive(raw, mailbox=mailbox, uid=uid)
                count += 1
            note_fetch(actor=_ACTOR, mailbox_id=mailbox.pk, uid_validity=validity, last_uid=uid)
            if raw is not None:
                _done_with(server, uid, deletes=mailbox.deletes)
    return count


@contextmanager
def _alone(mailbox: Mailbox) -> Iterator[bool]:
    """One process at a time for a mailbox, across hosts."""
    key = f"mailbox:{mailbox.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


@contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    """A connection with the folder selected. Every failure is `MailboxUnreachable` with a sentence of ours."""
    password = decrypt(mailbox.secret) if mailbox.secret else ""
    server: imaplib.IMAP4 | None = None
    step = _("The server cannot be reached. Check its name, its port and the protection.")
    try:
        server = _connect(mailbox)
        step = _("The server refuses the user name or password.")
        server.login(mailbox.username, password)
        step = _("The folder cannot be opened. Check its name.")
        _ok(server.select(_quoted(mailbox.folder)))
        step = _("The connection broke while mail was fetched. It is tried again.")
        yield server
    except ssl.SSLError as error:
        raise MailboxUnreachable(_("The server's certificate cannot be trusted, or it speaks no TLS here.")) from error
    except (imaplib.IMAP4.error, OSError, ValueError, EOFError) as error:
        raise MailboxUnreachable(step) from error
    finally:
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if not mailbox.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if mailbox.security == Security.TLS:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
    if mailbox.security == Security.STARTTLS:
        server.starttls(context)
    return server


def _quoted(folder: str) -> str:
    """A folder's name as IMAP wants it: modified UTF-7 (RFC 3501 §5.1.3) in quotes."""
    encoded = ""
    for part in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", folder):
        if part[0].isascii() and part[0].isprintable():
            encoded += part.replace("&", "&-")
        else:
            encoded += "&" + part.encode("utf-7").decode()[1:].rstrip("-").replace("/", ",") + "-"
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ok(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error("refused")
    return data


def _validity(server: imaplib.IMAP4) -> int:
    _status, data = server.response("UIDVALIDITY")
    value = data[0] if data else None
    return int(value) if value else 0


def _uids(server: imaplib.IMAP4, first: int) -> list[int]:
    """UIDs from `first` on, ascending. `n:*` names the last mail even when its number is smaller."""
    data = _ok(server.uid("SEARCH", f"UID {first}:*"))
    numbers = b" ".join(entry for entry in data if isinstance(entry, bytes)).split()
    return sorted(number for number in map(int, numbers) if number >= first)


def _mail(server: imaplib.IMAP4, uid: int) -> bytes | None:
    """The bytes of one mail; None when it is gone, or larger than is taken, which stays on the server."""
    data = _ok(server.uid("FETCH", str(uid), "(UID RFC822.SIZE)"))
    size = next((int(found[1]) for entry in data if isinstance(entry, bytes) and (found := _SIZE.search(entry))), 0)
    if size > RAW_BYTES:
        logger.warning("a mail of %s bytes stays on the server", size)
        return None
    data = _ok(server.uid("FETCH", str(uid), "(UID BODY.PEEK[])"))
    for entry in data:
        if isinstance(entry, tuple) and (found := _UID.search(entry[0])) and int(found[1]) == uid:
            return bytes(entry[1])
        if isinstance(entry, tuple) and not _UID.search(entry[0]):
            return bytes(entry[1])  # the number stands behind the bytes
    return None


def _done_with(server: imaplib.IMAP4, uid: int, *, deletes: bool) -> None:
    """Marks a committed mail as read, or deletes just this one where the server can (RFC 4315)."""
    _ok(server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)" if deletes else r"(\Seen)"))
    if deletes:
        _ok(server.uid("EXPUNGE", str(uid)) if "UIDPLUS" in server.capabilities else server.expunge())
