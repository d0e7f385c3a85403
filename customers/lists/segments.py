"""The list of segments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import CATALOGUE
from crm.conditions.sentences import Speaker, sentence
from crm.core.actor import Actor
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListLink, ListPage, Viewer

from ..choices import SegmentKind, SegmentState
from ..models import Segment
from ..segmenting.rights import ON

STATE_TONES = {
    SegmentState.READY: "success",
    SegmentState.COMPUTING: "info",
    SegmentState.STOPPED: "caution",
    SegmentState.FAILED: "danger",
}


class SegmentFilters(df.FilterSet):
    kind = df.MultipleChoiceFilter(label=_("Kind"), choices=SegmentKind.choices)
    owner = df.ChoiceFilter(label=_("Owner"), choices=[("me", _("Me"))], method="by_owner")

    class Meta:
        model = Segment
        fields: list[str] = []

    def by_owner(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner_id=self.request.actor.user_id) if value == "me" else rows


def prepare(rows: Any, actor: Actor) -> Any:
    return rows.select_related("owner", "job")


def kind_tone(segment: Segment) -> str:
    """The tone of a segment's kind."""
    return "info" if segment.is_dynamic else "neutral"


def state_cell(row: Segment, viewer: Any) -> Any:
    """Whether its members are up to date; nothing for a static one, which always is."""
    if not row.is_dynamic:
        return ""
    state = SegmentState(row.state)
    return html.badge(state.label, STATE_TONES[state])


#: Who says the conditions of a page of segments, so that lists of values are read once for all its rows.
_SPEAKER: ContextVar[Speaker | None] = ContextVar("segment_speaker", default=None)


@contextmanager
def one_speaker(viewer: Actor) -> Iterator[None]:
    """In this block all segments are said by one."""
    token = _SPEAKER.set(Speaker(ON, viewer, CATALOGUE))
    try:
        yield
    finally:
        _SPEAKER.reset(token)


def sentence_of(row: Segment, viewer: Viewer) -> str:
    """What its condition asks, in the reader's words."""
    return sentence(row.condition, ON, viewer.actor, speaker=_SPEAKER.get()) if row.is_dynamic else ""


SEGMENT_LIST = ListPage(
    key="segment",
    model=Segment,
    label=_("Segments"),
    permission="segments.view",
    url_name="customers:segment_list",
    columns=[
        Column("name", _("Name"), cells.link("name", snippet="description"), sort="sort_key", css="subj cut",
               locked=True, on_card=True),
        Column("kind", _("Kind"), cells.badge("get_kind_display", kind_tone), width="cw-88"),
        Column("size", _("Customers"), cells.number("size"), sort="size", align="num", width="cw-88", on_card=True),
        Column("rule", _("Conditions"), sentence_of, css="cut"),
        Column("state", _("State"), state_cell, width="cw-128"),
        Column("computed", _("Computed"), cells.moment("computed_at"), sort="computed_at", align="num",
               width="cw-128", export=lambda row, viewer: row.computed_at),
        Column("owner", _("Owner"), cells.person("owner"), width="cw-160",
               export=lambda row, viewer: row.owner.name if row.owner else ""),
    ],
    filterset=SegmentFilters,
    quick_filters=("kind", "owner"),
    search=lambda rows, text, actor: rows.matching(text),
    search_hint=_("Name of the segment"),
    default_sort="name",
    prepare=prepare,
    views=[
        BuiltinView("all", _("All segments")),
        BuiltinView("mine", _("My segments"), {"owner": "me"}),
        BuiltinView("static", _("Picked by hand"), {"kind": "static"}),
    ],
    empty=Empty(
        _("No segments yet"),
        _("A segment is a set of customers with something in common, such as those who have not ordered for a while."),
    ),
    create_url_name="customers:segment_create",
    create_permission="segments.manage",
    create_label=_("New segment"),
)  # fmt: skip
STATIC_LINK = ListLink(
    key="segment.static", on="segment", label=_("New static segment"), icon="add",
    url=lambda: reverse("customers:segment_create_static"), needs=("segments.manage",),
)  # fmt: skip
