"""The history of imports."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, lists

from .choices import State
from .declarations import importers
from .models import Import

_TONES = {
    State.DRAFT: "neutral", State.CHECKING: "info", State.CHECKED: "info", State.RUNNING: "info",
    State.DONE: "success", State.STOPPED: "warning", State.UNDOING: "info", State.UNDONE: "neutral",
}  # fmt: skip


class ImportFilters(filters.FilterSet):
    state = filters.MultipleChoiceFilter(label=_("State"), choices=State.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Import
        fields = ("state",)


def prepare(rows: Any, actor: Actor) -> Any:
    return rows.select_related("owner", "job").defer("headings", "samples", "notices", "mapping")


def what(record: Import) -> Any:
    """What is imported, in words."""
    importer = importers.get(record.importer)
    return importer.label if importer else record.importer


lists.register(
    ListPage(
        key="import",
        model=Import,
        label=_("Imports"),
        permission="exchange.use",
        url_name="exchange:import_list",
        columns=[
            Column("name", _("File"), cell=cells.link("name"), sort="name", css="subj cut", locked=True, on_card=True),
            Column("what", _("What"), cell=lambda row, viewer: what(row), width="cw-128", on_card=True),
            Column("state", _("State"), cell=cells.badge("get_stage_display", lambda row: _TONES[State(row.stage)]),
                   width="cw-128", on_card=True, export=lambda row, viewer: row.get_stage_display()),
            Column("rows", _("Rows"), cell=cells.number("rows"), sort="rows", align="num", width="cw-80"),
            Column("made", pgettext_lazy("import row", "New"), cell=cells.number("made"), align="num", width="cw-80"),
            Column("changed", pgettext_lazy("import row", "Updated"),
                   cell=cells.number("changed"), align="num", width="cw-80"),
            Column("skipped", _("Skipped"), cell=cells.number("skipped"), align="num", width="cw-80"),
            Column("wrong", _("Errors"), cell=cells.number("wrong"), align="num", width="cw-80"),
            Column("owner", _("Imported by"), cell=cells.person("owner"), width="cw-160", on_card=True,
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("created", _("Uploaded"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-128", export=lambda row, viewer: row.created_at),
        ],
        filterset=ImportFilters,
        quick_filters=("state",),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name of the file"),
        default_sort="-created",
        prepare=prepare,
        views=[
            BuiltinView("all", _("All imports")),
            BuiltinView("done", _("Imported"), {"state": ["done"]}),
        ],
        empty=Empty(_("No imports yet"), _("Customers, products, orders and equipment come from files.")),
        create_url_name="exchange:import_choose",
        create_permission="exchange.use",
        create_label=_("New import"),
    )
)  # fmt: skip
