"""Where a hit matched, as a person sees it: marked words and the piece of text around the first of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from crm.ui.palette import mark

from . import words
from .declarations import Document

_BEFORE, _WIDTH = 40, 180


def pattern(query: str) -> re.Pattern[str] | None:
    """What to mark: the query's pieces, and the words Chinese pieces were cut into. None when there are none."""
    found: set[str] = set()
    for part in words.parse(query):
        found.add(part.text)
        if part.sort == "han":
            found.update(token for token in words.tokens(part.text) if len(token) > 1)
    if not found:
        return None
    return re.compile("|".join(re.escape(word) for word in sorted(found, key=len, reverse=True)), re.IGNORECASE)


def marked(text: str, found: re.Pattern[str] | None) -> SafeString:
    """The text, escaped, with what was found in `<mark>`."""
    if found is None:
        return mark_safe(escape(text))
    pieces, end = [], 0
    for match in found.finditer(text):
        pieces += [escape(text[end : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        end = match.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # every piece is escaped above


def title(document: Document, query: str, found: re.Pattern[str] | None) -> SafeString:
    """The title with its matches; characters found by their pinyin initials are marked too."""
    if found is not None and found.search(document.title):
        return marked(document.title, found)
    return mark(document.title, query)


def snippet(document: Document, found: re.Pattern[str] | None) -> SafeString:
    """Some 180 characters around the first match in the texts, else the start of the newest text."""
    pieces: Sequence[str] = [*document.body, *document.mails, *document.phones]
    for text in pieces:
        match = found.search(text) if found is not None else None
        if match:
            start = max(0, match.start() - _BEFORE)
            cut = " ".join(text[start : start + _WIDTH].split())
            before, after = "…" if start else "", "…" if start + _WIDTH < len(text) else ""
            return marked(f"{before}{cut}{after}", found)
    newest = pieces[0] if pieces else ""
    return mark_safe(escape(" ".join(newest[:_WIDTH].split()) + ("…" if len(newest) > _WIDTH else "")))
