"""The frame around every staff page: rail, top bar, Create menu, shortcuts, from the registries."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from crm.core import sockets
from crm.core.actor import Actor

#: Style sheets and scripts of every page, in the order in which they must load.
STYLES = (
    "vendor/tabler-core-1.4.0/tabler.min.css",
    *(f"css/{name}.css" for name in (
        "theme", "shell", "overlays", "lists", "conversation", "records", "charts", "builders", "forms", "public",
        "console", "responsive",
    )),
)  # fmt: skip
SCRIPTS = (
    "vendor/htmx-2.0.11/htmx.min.js",
    *(f"js/{name}.js" for name in (
        "core", "feedback", "fragments", "keyboard", "palette", "lists", "drag", "order", "forms", "uploads", "drafts",
        "composer", "pulse",
    )),
)  # fmt: skip
#: Loaded by js/core.js when a page holds a chart.
CHART_SCRIPTS = ("vendor/echarts-6.1.0/echarts.common.min.js", "js/charts.js")

SECTIONS = {
    "": "",
    "service": _("Service"),
    "sales": _("Sales"),
    "marketing": _("Marketing"),
    "knowledge": _("Knowledge"),
    "reports": _("Reports"),
    "settings": _("Settings"),
}
#: Sections without a heading: the first entries, and those at the foot of the rail.
TOP, BOTTOM = "", "settings"
#: The phone's bar of five: nav entries by key; search and "me" complete it.
PHONE_KEYS = ("home", "tickets", "customers")


def address(url_name: str) -> str:
    """The path of a URL name, or "" while no app answers to it."""
    return _address(url_name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1024)
def _address(url_name: str, urlconf: str, prefix: str) -> str:
    """Kept for good: every page asks for a hundred of them, and they depend on nothing but these three."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry that the reader may open."""

    key: str
    label: Any
    icon: str
    url: str
    shortcut: str = ""
    is_current: bool = False
    counts: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys to press, one after the other."""
        return self.shortcut.split()


@dataclass(slots=True)
class Section:
    """A heading of the rail with its entries."""

    key: str
    label: Any
    links: list[Link] = field(default_factory=list)


class Shell:
    """What the base template asks for; each part is built when it is first used."""

    styles = STYLES
    scripts = SCRIPTS
    chart_scripts = CHART_SCRIPTS

    def __init__(self, request: HttpRequest):
        self.request = request

    @property
    def actor(self) -> Actor:
        return getattr(self.request, "actor", None) or Actor.guest()

    def _may(self, entry: Any) -> bool:
        return not entry.permission or self.actor.can(entry.permission)

    @cached_property
    def _current(self) -> str:
        """The key of the entry whose address is the longest prefix of this page's."""
        best, best_length = "", 0
        for item in sockets.nav:  # one that belongs to another lights up that one
            url = address(item.url_name)
            exact = url == "/"
            if (
                url
                and (self.request.path == url if exact else self.request.path.startswith(url))
                and len(url) > best_length
            ):
                best, best_length = item.under or item.key, len(url)
        return best

    @cached_property
    def sections(self) -> list[Section]:
        """The rail, in the order of `SECTIONS`; an entry without permission or address is left out."""
        sections = {key: Section(key, label) for key, label in SECTIONS.items()}
        for item in sockets.nav:
            url = address(item.url_name)
            if not url or item.under or not self._may(item):
                continue
            key = "" if item.section in {"home", "top"} else item.section
            section = sections.setdefault(key, Section(key, item.section))
            section.links.append(
                Link(item.key, item.label, item.icon, url, "", item.key == self._current, item.count is not None)
            )
        return [section for section in sections.values() if section.links]

    @cached_property
    def top_links(self) -> list[Link]:
        return [link for section in self.sections if section.key == TOP for link in section.links]

    @cached_property
    def middle_sections(self) -> list[Section]:
        return [section for section in self.sections if section.key not in {TOP, BOTTOM}]

    @cached_property
    def bottom_links(self) -> list[Link]:
        return [link for section in self.sections if section.key == BOTTOM for link in section.links]

    @cached_property
    def phone_links(self) -> list[Link]:
        """The first three of the phone's bar."""
        links = {link.key: link for section in self.sections for link in section.links}
        chosen = [links[key] for key in PHONE_KEYS if key in links]
        return (chosen + [link for link in links.values() if link not in chosen])[:3]

    @cached_property
    def commands(self) -> list[Link]:
        """Registered commands that the reader may run, with their shortcuts."""
        return [
            Link(entry.key, entry.label, entry.icon, url, entry.shortcut)
            for entry in sockets.commands
            if self._may(entry) and (url := address(entry.url_name))
        ]

    @cached_property
    def create_links(self) -> list[Link]:
        """The Create menu."""
        creating = {entry.key for entry in sockets.commands if entry.create}
        return [link for link in self.commands if link.key in creating]

    @cached_property
    def shortcuts(self) -> list[Link]:
        """Commands that have keys, for the keyboard script and the `?` dialog."""
        return [link for link in self.commands if link.shortcut]

    def slot(self, place: str) -> SafeString:
        """The fragments that apps put at a place of the shell; one that raises is left out of the page."""
        parts = []
        for entry in sockets.shell_slots:
            if entry.place == place and self._may(entry):
                parts.append(render_to_string(entry.template, entry.context(self.actor), request=self.request))
        return mark_safe("".join(parts))

    @cached_property
    def topbar(self) -> SafeString:
        return self.slot("topbar")

    @cached_property
    def banner(self) -> SafeString:
        return self.slot("banner")

    @cached_property
    def help(self) -> SafeString:
        return self.slot("help")

    @cached_property
    def public_nav(self) -> SafeString:
        return self.slot("public_nav")

    @cached_property
    def door(self) -> SafeString:
        return self.slot("door")

    @cached_property
    def bottombar(self) -> SafeString:
        return self.slot("bottombar")
