"""What the detail template reads: facts, verbs, tabs, panels, timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.activity.recording import kind_of
from crm.activity.selectors import Timeline, people_of, timeline
from crm.core import sockets
from crm.core.registry import RegistryError
from crm.core.sockets import Kind, Panel
from crm.fields.display import rows

from ..html import EMPTY_HTML, glance
from ..lists import Viewer
from .cells import url_of
from .narrowing import Asked

TIMELINE_LIMIT = 20


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact that holds for this record."""

    label: Any
    tone: str
    sentence: Any


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the record's page. url: its address; panel_url: what it loads, "" for the overview."""

    key: str
    label: Any
    url: str
    panel_url: str
    is_current: bool


@dataclass
class RecordContext:
    """`detail` in the templates."""

    view: Any
    record: Any
    viewer: Viewer
    wanted_tab: str = ""
    asked: Asked = field(default_factory=Asked)

    @cached_property
    def kind(self) -> Kind | None:
        try:
            return kind_of(self.record)
        except RegistryError:
            return None

    @property
    def label(self) -> Any:
        return self.record._meta.verbose_name

    @cached_property
    def headline(self) -> list[tuple[Any, Any]]:
        """What the sockets tell of the record first, then what its own page does."""
        return [*self._glances(), *self._read(self.view.headline)]

    def _glances(self) -> list[tuple[Any, Any]]:
        key, actor = self.kind.key if self.kind else "", self.viewer.actor
        found = []
        for entry in sockets.headlines:
            if entry.on == key and (not entry.permission or actor.can(entry.permission)):
                figure = entry.read(actor, self.record)
                if figure is not None:
                    found.append((entry.label, glance(figure)))
        return found

    @cached_property
    def fields(self) -> list[tuple[Any, Any]]:
        return [*self._read(self.view.fields), *rows(self.record, self.viewer.actor)]

    @property
    def filled(self) -> list[tuple[Any, Any]]:
        """The properties that say something."""
        return [pair for pair in self.fields if pair[1] != EMPTY_HTML]

    @property
    def empty(self) -> list[str]:
        """The names of the properties that nobody filled."""
        return [str(label) for label, value in self.fields if value == EMPTY_HTML]

    def _read(self, fields: Sequence[Any]) -> list[tuple[Any, Any]]:
        found = []
        for entry in fields:
            if entry.shown_to(self.viewer.actor):
                value = entry.read(self.record, self.viewer)
                if isinstance(value, bool):
                    value = _("Yes") if value else _("No")
                found.append((entry.label, EMPTY_HTML if value is None or value == "" else value))
        return found

    @property
    def facts(self) -> list[FactShown]:
        """What the sockets know about this record that the viewer may read."""
        if self.kind is None:
            return []
        found = []
        for fact in sockets.facts:
            if fact.on == self.kind.key and (not fact.permission or self.viewer.actor.can(fact.permission)):
                sentence = fact.find(self.viewer.actor, self.record)
                if sentence:
                    found.append(FactShown(fact.label, fact.tone, sentence))
        return found

    @property
    def verbs(self) -> list[tuple[Any, str]]:
        value = getattr(self.record, self.view.lookup)
        offered = [verb for verb in self.view.verbs if verb.offered(self.record, self.viewer.actor)]
        return [(verb, verb.url(value)) for verb in offered]

    def panels(self, place: str) -> list[tuple[Panel, str]]:
        """Panels of a place that the viewer may open, each with its own address."""
        if self.kind is None:
            return []
        shown = panels_for(self.kind.key, place, self.viewer)
        return [(panel, self._panel_url(panel)) for panel in shown]

    @property
    def side_panels(self) -> list[tuple[Panel, str]]:
        return self.panels("side")

    @property
    def main_panels(self) -> list[tuple[Panel, str]]:
        return self.panels("main")

    @cached_property
    def tabs(self) -> list[Tab]:
        """The overview, then one tab per tab panel."""
        panels = self.panels("tab")
        known = {panel.key for panel, _url in panels}
        now = self.wanted_tab if self.wanted_tab in known else ""
        here = url_of(self.record)
        tabs = [Tab("", _("Overview"), here, "", not now)]
        tabs += [Tab(panel.key, panel.label, f"{here}?tab={panel.key}", url, panel.key == now) for panel, url in panels]
        return tabs

    @property
    def tab(self) -> Tab:
        return next(tab for tab in self.tabs if tab.is_current)

    @property
    def timeline_filters(self) -> list[Tab]:
        """All, then the groups of deeds that are open to the viewer."""
        groups = [group for group in self.view.timeline_groups if group.open_to(self.viewer.actor)]
        if len(groups) < 2:
            return []
        here, now = url_of(self.record), self.asked
        found = [("", _("All")), *((group.key, group.label) for group in groups)]
        return [Tab(key, label, f"{here}?{now.query(show=key)}", "", key == now.show) for key, label in found]

    @cached_property
    def timeline_people(self) -> list[tuple[int, str]]:
        """Who did something with the record; whom the timeline is narrowed to is always among them."""
        people = people_of(self.record)
        if self.asked.who is not None and self.asked.who not in dict(people):
            people.append((self.asked.who, _("Somebody else")))
        return people

    @cached_property
    def timeline(self) -> Timeline | None:
        """The newest entries; None for a model without a kind."""
        if self.kind is None:
            return None
        asked = self.asked
        return timeline(
            self.viewer.actor, self.record, limit=TIMELINE_LIMIT, types=asked.types, narrow=asked.narrow or None
        )

    @property
    def older_url(self) -> str:
        if self.kind is None or self.timeline is None or self.timeline.before is None:
            return ""
        return older_url(self.kind.key, self.record.pk, self.timeline.before, self.asked)

    def _panel_url(self, panel: Panel) -> str:
        return reverse("ui:panel", args=[self.kind.key if self.kind else "", self.record.pk, panel.key])


def panels_for(kind_key: str, place: str, viewer: Viewer) -> list[Panel]:
    """The panels declared on a kind for a place, by the viewer's rights."""
    return [
        panel
        for panel in sockets.panels
        if panel.on == kind_key
        and panel.place == place
        and (not panel.permission or viewer.actor.can(panel.permission))
    ]


def older_url(kind_key: str, pk: int, before: int, asked: Asked) -> str:
    """The next page of a timeline."""
    narrowed = asked.query()
    return f"{reverse('ui:timeline', args=[kind_key, pk])}?before={before}{'&' if narrowed else ''}{narrowed}"
