"""The index of /settings/ and its search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.core import names
from crm.core.actor import Actor
from crm.core.sockets import SettingsPage, settings_pages

SECTIONS = {
    "people": _("People and rights"),
    "company": _("Company"),
    "service": _("Service"),
    "customers": _("Customers"),
    "sales": _("Sales"),
    "marketing": _("Marketing"),
    "knowledge": _("Knowledge"),
    "integrations": _("Integrations"),
    "system": _("System"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its pages."""

    label: Any
    pages: list[tuple[SettingsPage, str]]


def sections(viewer: Actor, query: str = "") -> list[Section]:
    """Pages the viewer may open, with their addresses; those that match every word of the query."""
    found: dict[str, Section] = {key: Section(label, []) for key, label in SECTIONS.items()}
    words = names.fold(query).split()
    for page in settings_pages:
        url = _address(page)
        if not url or (page.permission and not viewer.can(page.permission)) or not _matches(page, words):
            continue
        found.setdefault(page.section, Section(page.section, [])).pages.append((page, url))
    return [section for section in found.values() if section.pages]


def _address(page: SettingsPage) -> str:
    try:
        return reverse(page.url_name)
    except NoReverseMatch:
        return ""


def _matches(page: SettingsPage, words: list[str]) -> bool:
    if not words:
        return True
    texts = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts += [names.search_key(f"{page.label}"), names.search_key(f"{page.summary} {page.keywords}")]
    text = " ".join(texts)
    return all(word in text for word in words)
