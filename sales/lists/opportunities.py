"""The list of deals."""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import money
from crm.core.actor import Actor
from crm.planner.forms.tasks import SOON
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer
from crm.ui.rules import FORM

from ..cells import days_text, next_step, stage_tone
from ..filters.opportunities import OpportunityFilters
from ..models import Opportunity
from ..staleness import days_in_stage, staleness

_STEP = SimpleLazyObject(lambda: get_template("sales/partials/_step.html"))


def prepare(rows: Any, actor: Actor) -> Any:
    """The rows of a page with what their cells need: one query more."""
    found = rows.select_related("customer", "owner", "stage", "pipeline", "lost_reason").defer("note")
    return found.with_next_tasks(actor)


def _customer(row: Opportunity, viewer: Viewer) -> Any:
    return cells.link("name")(row.customer, viewer)


def _amount(row: Opportunity, viewer: Viewer) -> Any:
    return money.shown(row.amount, row.currency)


def _closing(row: Opportunity, viewer: Viewer) -> Any:
    return date_format(row.expected_close, "SHORT_DATE_FORMAT")


def _step(row: Opportunity, viewer: Viewer) -> Any:
    if not row.is_open:
        return html.EMPTY_HTML
    task = getattr(row, "next_task", None)
    step = next_step(task)
    if not viewer.actor.can("planner.work"):
        return html.badge(step.text, step.tone or "neutral", step.icon)
    return _STEP.render({"row": row, "task": task, "step": step, "soon": SOON, "form": FORM})


def _days(row: Opportunity, viewer: Viewer) -> Any:
    days = days_in_stage(row)
    tone = staleness(row)
    return html.badge(days_text(days), tone) if tone else str(days)


DEAL_LISTS = [
    ListPage(
        key="opportunity",
        model=Opportunity,
        label=_("Opportunities"),
        section=_("Sales"),
        permission="opportunities.view",
        url_name="sales:opportunity_list",
        columns=[
            Column("number", _("Number"), cell="label", sort="number", width="cw-80"),
            Column(
                "name", _("Name"), cell=cells.link("name"), sort="sort_key", css="subj cut", locked=True, on_card=True
            ),
            Column("customer", _("Customer"), cell=_customer, css="cut", on_card=True,
                   export=lambda row, viewer: row.customer.name),
            Column("stage", _("Stage"), cell=cells.badge("stage", stage_tone), sort="stage__order", width="cw-112",
                   on_card=True, export=lambda row, viewer: str(row.stage)),
            Column("pipeline", _("Pipeline"), default=False, width="cw-128"),
            Column("amount", _("Amount"), cell=_amount, sort="amount", align="num", width="cw-128", on_card=True,
                   export=lambda row, viewer: str(row.amount)),
            Column("currency", _("Currency"), default=False, width="cw-80"),
            Column("chance", _("Win probability (%)"), cell=lambda row, viewer: row.chance, align="num",
                   width="cw-80", default=False),
            Column("owner", _("Owner"), cell=cells.person("owner"), width="cw-128",
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("expected_close", _("Expected close"), cell=_closing,
                   sort="expected_close", width="cw-112", export=lambda row, viewer: row.expected_close),
            Column("next_step", _("Next step"), cell=_step, css="c-step", width="cw-200", on_card=True,
                   export=lambda row, viewer: getattr(getattr(row, "next_task", None), "title", "")),
            Column("days", _("Days in stage"), cell=_days, sort="stage_entered_at", align="num", default=False,
                   export=lambda row, viewer: days_in_stage(row)),
            Column("source", _("Source"), cell="get_source_display", default=False, width="cw-128"),
            Column("lost_reason", _("Lost reason"), cell=lambda row, viewer: row.lost_reason or html.EMPTY_HTML,
                   default=False, width="cw-128",
                   export=lambda row, viewer: str(row.lost_reason or "")),
            Column("created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-128", default=False, export=lambda row, viewer: row.created_at),
        ],
        filterset=OpportunityFilters,
        quick_filters=("owner", "stage", "closes"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name, customer or number"),
        default_sort="expected_close",
        prepare=prepare,
        date_jump="created",
        views=[
            BuiltinView("open", pgettext_lazy("stage", "Open"), {"state": "open"}),
            BuiltinView("mine", pgettext_lazy("opportunities", "My open"), {"state": "open", "owner": "me"}),
            BuiltinView("no_step", _("No next step"), {"next_step": "none"}),
            BuiltinView("stale", _("Stand still"), {"stale": "true"}),
            BuiltinView("won", _("Won"), {"state": "won"}, "-created"),
            BuiltinView("lost", _("Lost"), {"state": "lost"}, "-created"),
            BuiltinView("all", _("All opportunities"), {}, "-created"),
        ],
        empty=Empty(_("No opportunities yet"), _("A deal that may be won: with whom, about what, how much, by when.")),
        create_url_name="sales:opportunity_create",
        create_permission="opportunities.create",
        create_label=_("New opportunity"),
        export_permission="opportunities.export",
    )
]  # fmt: skip
