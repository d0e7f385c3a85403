"""The list of tags."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.fields.models import Tag
from crm.fields.tags import tag_kinds
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import Column, Empty, ListPage, Viewer, lists


def _kinds() -> list[tuple[int, Any]]:
    return [(entry.kind.code, entry.kind.label_plural) for entry in tag_kinds]


class TagFilter(df.FilterSet):
    kind = df.TypedChoiceFilter(label=_("Record"), choices=_kinds, coerce=int)

    class Meta:
        model = Tag
        fields: tuple[str, ...] = ()


def _shown(tag: Tag, viewer: Viewer) -> Any:
    return html.badge(tag.get_tone_display(), tag.tone)


def _prepare(rows: Any, actor: Actor) -> Any:
    return rows.annotate(uses=Count("taggings"))


lists.register(
    ListPage(
        key="tag",
        model=Tag,
        label=_("Tags"),
        permission="fields.manage",
        url_name="console:tag_list",
        columns=(
            Column("name", _("Name"), cells.link("name"), sort="name_key", locked=True, css="subj cut", on_card=True),
            Column("record", _("Record"), "kind_label", on_card=True, width="cw-160"),
            Column("tone", _("Colour"), _shown, width="cw-128"),
            Column("uses", _("Records"), align="num", width="cw-80"),
            Column("updated", _("Updated"), cells.moment("updated_at"), sort="updated_at", align="num", width="cw-128"),
        ),
        filterset=TagFilter,
        quick_filters=("kind",),
        search=lambda rows, text, actor: rows.filter(name_key__contains=text.casefold()),
        search_hint=_("Name"),
        default_sort="name",
        prepare=_prepare,
        empty=Empty(_("No tags yet"), _("Tags are made where they are put on: on the page of a customer or ticket.")),
        section=_("Settings"),
    )
)
