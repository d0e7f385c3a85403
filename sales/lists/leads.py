"""The list of leads; `lists.py` registers it."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer

from ..choices.leads import LeadStatus
from ..filters.leads import LeadFilters
from ..models import Lead
from ..selectors.leads import shown_mail, shown_number

_TONES = {
    LeadStatus.NEW: "info", LeadStatus.WORKING: "warning", LeadStatus.QUALIFIED: "success",
    LeadStatus.CONVERTED: "success", LeadStatus.DISCARDED: "neutral",
}  # fmt: skip
_OPEN = ("new", "working", "qualified")


def status_tone(lead: Lead) -> str:
    """The tone of a lead's status."""
    return _TONES[LeadStatus(lead.status)]


def score_cell(row: Lead, viewer: Viewer) -> Any:
    """The points, as a badge of their height."""
    tone = "success" if row.score >= 60 else "warning" if row.score >= 30 else "neutral"
    return format_html('<span class="tnum">{}</span>', html.badge(row.score, tone))


def owner_cell(row: Lead, viewer: Viewer) -> Any:
    """Who holds it, or the pool it lies in."""
    if row.owner is not None:
        return html.who(row.owner)
    return html.badge(row.pool, "info", "lead") if row.pool is not None else html.EMPTY_HTML


def owner_text(row: Lead, viewer: Viewer) -> str:
    return row.owner.name if row.owner else str(row.pool or "")


def prepare(rows: Any, actor: Actor) -> Any:
    return rows.select_related("owner", "pool").defer("message", "score_reasons", "consent_text")


LEAD_LISTS = [
    ListPage(
        key="lead",
        model=Lead,
        label=_("Leads"),
        section=_("Sales"),
        permission="leads.view",
        url_name="leads:lead_list",
        columns=[
            Column("number", _("Number"), cell="label", sort="number", width="cw-80"),
            Column(
                "name", _("Name"), cell=cells.link("name", snippet="company"), sort="sort_key", css="subj cut",
                locked=True, on_card=True, export=lambda row, viewer: row.name,
            ),
            Column("company", _("Company"), css="cut", default=False),
            Column(
                "score", _("Score"), cell=score_cell, sort="score", align="num", width="cw-80", on_card=True,
                export=lambda row, viewer: row.score,
            ),
            Column(
                "status", _("Status"), cell=cells.badge("get_status_display", status_tone), width="cw-112",
                on_card=True, export=lambda row, viewer: row.get_status_display(),
            ),
            Column("owner", _("Owner or pool"), cell=owner_cell, width="cw-140", on_card=True, export=owner_text),
            Column("phone", _("Phone"), cell=lambda row, viewer: shown_number(viewer.actor, row), width="cw-140"),
            Column(
                "email", _("Email"), cell=lambda row, viewer: shown_mail(viewer.actor, row), css="cut", default=False
            ),
            Column("source", _("Source"), cell="get_source_display", width="cw-112"),
            Column("industry", _("Industry"), css="cut", default=False),
            Column("region", _("Region"), css="cut", default=False),
            Column(
                "touched", _("Last follow-up"), cell=cells.moment("last_touched_at"), sort="last_touched_at",
                width="cw-128", default=False, export=lambda row, viewer: row.last_touched_at or "",
            ),
            Column(
                "returns", _("Goes back"), cell=cells.moment("returns_at"), sort="returns_at", width="cw-96",
                export=lambda row, viewer: row.returns_at or "",
            ),
            Column(
                "created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                width="cw-96", export=lambda row, viewer: row.created_at,
            ),
        ],
        filterset=LeadFilters,
        quick_filters=("status", "place", "owner", "source"),
        search=lambda rows, text, actor: rows.matching(text, pieces=actor.can("customers.reveal")),
        search_hint=_("Name, company, pinyin, number, email or phone"),
        default_sort="-created",
        prepare=prepare,
        date_jump="created",
        walks=True,
        views=[
            BuiltinView("mine", _("My leads"), {"owner": "me", "status": _OPEN}, sort="-score"),
            BuiltinView("pools", _("In pools"), {"place": "pool"}, sort="-score"),
            BuiltinView("unassigned", _("Unassigned"), {"place": "nowhere"}),
            BuiltinView("hot", _("Hot"), {"hot": "1"}, sort="-score"),
            BuiltinView("converted", _("Converted"), {"status": "converted"}),
            BuiltinView("all", _("All leads")),
        ],
        empty=Empty(
            _("No leads here"), _("People who might buy: from the contact form, from tickets, or entered by staff.")
        ),
        create_url_name="leads:lead_create",
        create_permission="leads.create",
        create_label=_("New lead"),
        export_permission="leads.export",
    )
]  # fmt: skip
