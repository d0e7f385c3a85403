"""From raw bytes to what a person wrote. `parse` never raises, whatever the bytes are.

The standard library's compat32 policy reads structure only; headers, charsets and file names are decoded by
`charsets`, because the library's own accessors raise on one real mail in twenty-five (field/reliability.md 0).
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from crm.core.text import clean_line, clean_text

from . import limits
from .charsets import decode, decode_header, raw_text
from .html_text import text_of
from .limits import TooMuch, wall_clock

logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_MAX_REFERENCES = 100
#: Addresses are split before their names are decoded.
_OF_ADDRESSES = frozenset({"from", "to", "cc", "reply-to", "sender"})


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. name may be anything: the files app cleans and checks it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail, decoded. trouble: the limit it passed or why it could not be read; "" when all went well.

    headers: lower-case name → values, decoded, in order. text: whole text, quotations included.
    report: the lines of a delivery report (RFC 3464), feedback: those of a complaint (RFC 5965), original_id: the
    Message-ID that either is about. calendar: the first iCalendar object in it, such as an answer to an invitation.
    """

    trouble: str = ""
    headers: dict[str, list[str]] = field(default_factory=dict)
    sender_email: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    sent_at: dt.datetime | None = None
    content_type: str = ""
    text: str = ""
    files: tuple[File, ...] = ()
    report: str = ""
    feedback: str = ""
    original_id: str = ""
    calendar: str = ""

    def header(self, name: str) -> str:
        """The first value of that name, "" for none."""
        return next(iter(self.headers.get(name.lower(), ())), "")


def parse(raw: bytes) -> Parsed:
    """The mail. Never raises: what cannot be read, or costs too much, comes back with its `trouble`."""
    headers: dict[str, list[str]] = {}
    try:
        with wall_clock():
            return _parse(raw, headers)
    except TooMuch as error:
        return _heading(headers, trouble=error.reason)
    except (Exception, RecursionError) as error:  # the bytes are a stranger's: nothing they do may stop a mailbox
        logger.warning("a mail could not be read: %s", type(error).__name__, exc_info=True)
        return _heading(headers, trouble="unreadable")


def _parse(raw: bytes, headers: dict[str, list[str]]) -> Parsed:
    if len(raw) > limits.RAW_BYTES:
        raise TooMuch("size")
    head = raw[: limits.HEADER_BYTES + 4]
    if len(raw) > limits.HEADER_BYTES and b"\n\n" not in head and b"\r\n\r\n" not in head:
        raise TooMuch("headers")
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    headers.update(_headers(message))
    body = _Body()
    body.read(message)
    text = clean_text("\n\n".join(filter(None, body.texts))[: limits.TEXT_CHARACTERS])
    return _heading(
        headers,
        text=text,
        files=tuple(body.files),
        report=body.report,
        feedback=body.feedback,
        original_id=body.original_id,
        calendar=body.calendar,
        content_type=_content_type(message),
    )


def _headers(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        key = raw_text(str(name)).strip().lower()
        read = raw_text if key in _OF_ADDRESSES else decode_header
        found.setdefault(key, []).append(clean_line(read(str(value)), 20_000))
    return found


def _heading(headers: dict[str, list[str]], **values: object) -> Parsed:
    """Everything that stands in the headers, with the values found elsewhere."""

    def first(name: str) -> str:
        return next(iter(headers.get(name, ())), "")

    senders = [*_addresses(headers.get("from", [])), *_addresses(headers.get("sender", []))]
    name, address = next(iter(senders), ("", ""))
    receivers = [value for key in ("to", "cc", "delivered-to", "x-original-to") for value in headers.get(key, [])]
    identifiers = _MESSAGE_ID.findall(f"{first('in-reply-to')} {first('references')}")
    own = _MESSAGE_ID.search(first("message-id"))
    return Parsed(
        headers=headers,
        sender_email=address,
        sender_name=name,
        recipients=tuple(dict.fromkeys(found for _name, found in _addresses(receivers))),
        subject=clean_line(first("subject"), 500),
        message_id=own.group() if own and len(own.group()) <= 250 else "",
        references=tuple(dict.fromkeys(identifiers[:_MAX_REFERENCES])),
        sent_at=_date(first("date")),
        **values,  # type: ignore[arg-type]
    )


def _addresses(values: list[str]) -> list[tuple[str, str]]:
    """(name, address in lower case) of every address that looks like one."""
    found = []
    for name, address in getaddresses([value[:10_000] for value in values[:50]]):
        match = _ADDRESS.fullmatch(address.strip())
        if match:
            found.append((clean_line(decode_header(name), 200), match.group().lower()[:254]))
    if not found:  # mangled beyond RFC 5322: any address in it
        found = [("", match.lower()[:254]) for match in _ADDRESS.findall(" ".join(values)[:10_000])]
    return [pair for pair in found if len(pair[1]) <= 254]


def _date(value: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
        return None


class _Body:
    """Walks the parts once, within the limits."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.files: list[File] = []
        self.report = ""
        self.feedback = ""
        self.original_id = ""
        self.calendar = ""
        self.parts = 0
        self.bytes = 0

    def read(self, part: Message, depth: int = 0) -> None:
        """Texts and files of a part and all below. Raises `TooMuch`."""
        self.parts += 1
        if depth > limits.MAX_DEPTH:
            raise TooMuch("depth")
        if self.parts > limits.MAX_PARTS:
            raise TooMuch("parts")
        kind = _content_type(part)
        if kind in {"message/delivery-status", "text/rfc822-headers"} or kind.startswith("message/"):
            self._enclosed(part, kind, depth)
        elif part.is_multipart():
            children = list(_children(part))
            if kind == "multipart/alternative":
                self._alternative(children, depth)
            else:
                for child in children:
                    self.read(child, depth + 1)
        else:
            self._leaf(part, kind)

    def _alternative(self, children: list[Message], depth: int) -> None:
        """The plain text when it says something, else the richest of the others."""
        plain = [child for child in children if _content_type(child) == "text/plain" and not _name(child)]
        before = len(self.texts)
        for child in plain:
            self.read(child, depth + 1)
        if len(self.texts) > before:
            rest = [child for child in children if _content_type(child) not in {"text/plain", "text/html"}]
            kept = len(self.texts)
            for child in rest:
                self.read(child, depth + 1)
            del self.texts[kept:]  # the same words again, as HTML beside its pictures
            return
        for child in children:
            if child not in plain:
                self.read(child, depth + 1)

    def _enclosed(self, part: Message, kind: str, depth: int) -> None:
        """A mail inside the mail stays a file; delivery reports and complaints are read."""
        inner = list(_children(part)) if part.is_multipart() else []
        if kind == "message/delivery-status":
            blocks = [block.as_string() for block in inner] or [decode(self._content(part))]
            self.report += clean_text("\n\n".join(blocks), 50_000)
            return
        if kind == "message/feedback-report":
            lines = inner[0].as_string() if inner else decode(self._content(part))
            self.feedback += clean_text(lines, 50_000)
            return
        original = inner[0] if inner else email.message_from_string(decode(self._content(part))[:100_000])
        match = _MESSAGE_ID.search(raw_text(str(original.get("message-id", ""))))
        self.original_id = self.original_id or (match.group() if match else "")
        if kind == "text/rfc822-headers":
            return
        self.parts += sum(1 for _part in _every(inner, depth + 1))
        if self.parts > limits.MAX_PARTS:
            raise TooMuch("parts")
        content = inner[0].as_bytes(policy=email.policy.compat32) if inner else self._content(part)
        name = _name(part) or (clean_line(decode_header(str(original.get("subject", ""))), 80) or "message") + ".eml"
        self._file(name, content)

    def _leaf(self, part: Message, kind: str) -> None:
        name, content = _name(part), self._content(part)
        attached = raw_text(str(part.get("content-disposition", ""))).strip().lower().startswith("attachment")
        if kind in {"text/plain", "text/html"} and not attached and not name:
            text = decode(content[: limits.TEXT_CHARACTERS * 4], _charset(part))
            text = text_of(text) if kind == "text/html" else text
            if clean_text(text):
                self.texts.append(text)
        elif content:
            if kind in _CALENDARS and not self.calendar:
                self.calendar = decode(content[: limits.CALENDAR_BYTES], _charset(part))
            self._file(name or f"{kind.partition('/')[0]}-{len(self.files) + 1}{_ENDINGS.get(kind, '')}", content)

    def _file(self, name: str, content: bytes) -> None:
        self.files.append(File(name, content))

    def _content(self, part: Message) -> bytes:
        data = _payload(part)
        self.bytes += len(data)
        if self.bytes > limits.DECODED_BYTES:
            raise TooMuch("size")
        return data


_CALENDARS = frozenset({"text/calendar", "application/ics"})
_ENDINGS = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf", "text/html": ".html",
    "text/plain": ".txt", "text/calendar": ".ics", "application/zip": ".zip", "image/webp": ".webp",
}  # fmt: skip


def _every(parts: list[Message], depth: int) -> Iterator[Message]:
    """All parts below, to be counted. Raises `TooMuch`."""
    if depth > limits.MAX_DEPTH:
        raise TooMuch("depth")
    for part in parts:
        yield part
        if part.is_multipart():
            yield from _every(list(_children(part)), depth + 1)


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Message))


def _content_type(part: Message) -> str:
    """The type in lower case; a second header of the name and parameters do not count."""
    declared = raw_text(str(part.get("content-type", ""))).split(";")[0].strip().lower()
    return declared if declared.count("/") == 1 and all(declared.split("/")) else part.get_default_type()


def _charset(part: Message) -> str:
    return _parameter(part, "charset", "content-type")


def _name(part: Message) -> str:
    """The file name: RFC 2231, RFC 2047 inside quotes, or raw bytes."""
    name = _parameter(part, "filename", "content-disposition") or _parameter(part, "name", "content-type")
    return clean_line(decode_header(name), 300)


def _parameter(part: Message, name: str, header: str) -> str:
    try:
        value = part.get_param(name, "", header)
    except (LookupError, ValueError, TypeError, AttributeError):  # RFC 2231 continuations out of order, and worse
        return ""
    if isinstance(value, tuple):
        charset, _language, text = value
        try:
            return decode(text.encode("latin-1"), charset or "")
        except (UnicodeError, AttributeError):
            return raw_text(str(text))
    return raw_text(str(value or ""))


def _payload(part: Message) -> bytes:
    """The decoded bytes; as they stand when the transfer encoding is broken."""
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        data = None
    if isinstance(data, bytes):
        return data
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""
