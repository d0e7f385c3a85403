"""The command palette: what a query finds among places, commands and records, in both languages.

Places and commands come from the registries. An app adds its records with a `PaletteSource` in its
`shell.py`; the source searches inside `visible_to(actor)` and answers within tens of milliseconds.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html, mark_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.core import names, sockets
from crm.core.actor import Actor
from crm.core.registry import Registry
from crm.core.text import clean_line

#: Entries of one group at most.
GROUP_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of the palette. other: its name in the other language. avatar: a name to draw initials from."""

    label: Any
    url: str
    icon: str = ""
    detail: Any = ""
    other: str = ""
    avatar: str = ""
    is_company: bool = False
    shortcut: str = ""
    query: str = ""

    @property
    def keys(self) -> list[str]:
        return self.shortcut.split()

    @property
    def marked(self) -> SafeString:
        """The label with the letters that matched underlined."""
        return mark(str(self.label), self.query)


@dataclass(frozen=True, slots=True)
class Group:
    """Hits under a heading."""

    key: str
    label: Any
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class PaletteSource:
    """Records of one kind. search(actor, query, limit) returns hits, best first."""

    key: str
    label: Any
    search: Callable[[Actor, str, int], Iterable[Hit]]
    permission: str = ""
    order: int = 50


palette_sources: Registry[PaletteSource] = Registry("palette sources")
sockets.ALL_REGISTRIES.append(palette_sources)


@functools.lru_cache(maxsize=512)
def _searchable(kind: str, key: str) -> tuple[str, dict[str, str]]:
    """Search key of an entry in every language with pinyin, and its label by language."""
    registry: Any = {"nav": sockets.nav, "command": sockets.commands, "setting": sockets.settings_pages}[kind]
    entry = registry[key]
    parts, labels = [], {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            labels[code] = str(entry.label)
            parts += [names.search_key(labels[code]), names.search_key(str(getattr(entry, "keywords", "")))]
    return " ".join(part for part in parts if part), labels


def _entry_hits(kind: str, entries: Iterable[Any], actor: Actor, query: str) -> list[Hit]:
    from .shell import address

    folded = names.fold(query)
    language = translation.get_language() or settings.LANGUAGE_CODE
    found = []
    for entry in entries:
        url = address(entry.url_name)
        if not url or (entry.permission and not actor.can(entry.permission)):
            continue
        haystack, labels = _searchable(kind, entry.key)
        if folded and not all(word in haystack for word in folded.split()):
            continue
        other = next((text for code, text in labels.items() if code != language and text != labels.get(language)), "")
        found.append(
            Hit(entry.label, url, entry.icon, other=other, shortcut=getattr(entry, "shortcut", ""), query=query)
        )
    return found


def find(actor: Actor, query: str) -> list[Group]:
    """Groups for a query: records, then commands, places and settings. An empty query gives commands and places.

    ">" asks for commands only.
    """
    query = clean_line(query, 100)
    only_commands = query.startswith(">")
    query = query.lstrip(">").strip()
    groups = [] if only_commands else _record_groups(actor, query)
    groups.append(Group("commands", _("Actions"), _entry_hits("command", sockets.commands, actor, query)))
    if not only_commands:
        groups.append(Group("go", _("Go to"), _entry_hits("nav", sockets.nav, actor, query)))
        if query:
            groups.append(
                Group("settings", _("Settings"), _entry_hits("setting", sockets.settings_pages, actor, query))
            )
    return [
        Group(group.key, group.label, group.hits[: 12 if not query else GROUP_LIMIT]) for group in groups if group.hits
    ]


def _record_groups(actor: Actor, query: str) -> list[Group]:
    if not query:
        return []
    return [
        Group(source.key, source.label, list(source.search(actor, query, GROUP_LIMIT)))
        for source in palette_sources
        if not source.permission or actor.can(source.permission)
    ]


def mark(label: str, query: str) -> SafeString:
    """The label, escaped, with the query's letters in `<mark>`; pinyin initials mark their characters."""
    folded_query = names.fold(query)
    if not folded_query:
        return format_html("{}", label)
    folded = [names.fold(char) or char for char in label]
    start = "".join(folded).find(folded_query)
    if start >= 0 and len("".join(folded)) == len(label):
        end = start + len(folded_query)
        return format_html("{}<mark>{}</mark>{}", label[:start], label[start:end], label[end:])
    return _mark_initials(label, folded_query)


def _mark_initials(label: str, folded_query: str) -> SafeString:
    from pypinyin import Style, lazy_pinyin

    if not folded_query.isascii() or not any(ord(char) > 0x2E80 for char in label):
        return format_html("{}", label)
    initials = [
        lazy_pinyin(char, style=Style.FIRST_LETTER)[0][:1].lower() if ord(char) > 0x2E80 else char.lower()
        for char in label
    ]
    start = "".join(initials).find(folded_query) if len("".join(initials)) == len(label) else -1
    if start < 0:
        return format_html("{}", label)
    end = start + len(folded_query)
    pieces = [format_html("<mark>{}</mark>", char) for char in label[start:end]]
    return format_html("{}{}{}", label[:start], mark_safe("".join(pieces)), label[end:])
