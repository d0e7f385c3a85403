"""Cleaning of text from outside: what a database refuses or a reader cannot see does not get in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import reduce

from django.utils.translation import pgettext

#: Controls other than tab and newline, bidi overrides, zero-width and other invisible marks, BOM.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"[^\s<>@,;:\"'()]{1,64}@[^\s<>@,;:\"'()]{1,253}")
_BLANK_RUN = re.compile(r"\s+")


def listed(parts: Iterable[object]) -> str:
    """Names in a row with the mark that the reader's language puts between them: "a, b", or "a、b"; "" for none."""
    names = [str(part) for part in parts]
    if not names:
        return ""
    return reduce(
        lambda first, second: pgettext("list", "%(first)s, %(second)s") % {"first": first, "second": second}, names
    )


def clean_text(value: str, limit: int | None = None) -> str:
    """Several lines of text: normal form C, unseen characters gone, newlines as \\n, ends stripped.

    limit: characters kept at most. Zero-width joiners stay, since emoji and some scripts need them.
    """
    value = _LONE_SURROGATE.sub("\ufffd", value).replace("\r\n", "\n").replace("\r", "\n")
    value = unicodedata.normalize("NFC", _UNSEEN.sub("", value)).strip()
    return value if limit is None else value[:limit].rstrip()


def clean_line(value: str, limit: int | None = None) -> str:
    """One line of text: as `clean_text`, and every run of white space is one space."""
    value = _BLANK_RUN.sub(" ", clean_text(value.replace("\u2028", " ").replace("\u2029", " ")))
    return value if limit is None else value[:limit].rstrip()


def excerpt(value: str, limit: int = 140) -> str:
    """The start of a text as one line, with an ellipsis where it was cut."""
    line = _BLANK_RUN.sub(" ", value[: limit * 4]).strip()
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def has_han(value: str) -> bool:
    """Whether the text holds Chinese characters."""
    return any("\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" for char in value)


def row_id(text: str) -> int | None:
    """An id out of an address or a hidden field; None for anything that cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def formula_safe(value: str) -> str:
    """A spreadsheet cell that cannot start a formula (OWASP's CSV injection list, full-width forms too)."""
    return f"'{value}" if value and value[0] in "=+-@\t\r\n\0＝＋－＠" else value


def masked_email(value: str) -> str:
    """At most three letters, never more than half of the name, and the host."""
    local, _at, host = value.partition("@")
    return f"{local[: min(3, len(local) // 2)]}***@{host}"


def without_addresses(text: str) -> str:
    """A text such as a mail server's answer, with every mail address in it masked: many read it who see none."""
    return _ADDRESS.sub(lambda match: masked_email(match[0]), text)
