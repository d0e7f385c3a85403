"""The customer list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, lists

from .choices import Stage
from .filters import CustomerFilters
from .models import Customer
from .trade_lists import TRADE_LISTS

_TONES = {Stage.NEW: "info", Stage.ACTIVE: "success", Stage.DORMANT: "warning", Stage.CHURNED: "danger"}


def stage_tone(customer: Customer) -> str:
    """The tone of a customer's stage."""
    return _TONES[Stage(customer.stage)]


def prepare(rows: Any, actor: Actor) -> Any:
    return rows.select_related("owner", "department").defer("note")


lists.register(
    ListPage(
        key="customer",
        model=Customer,
        label=_("Customers"),
        section=_("Sales"),
        permission="customers.view",
        url_name="customers:customer_list",
        columns=[
            Column("number", _("Number"), cell="label", sort="number", width="cw-80"),
            Column(
                "name", _("Name"), cell=cells.link("name"), sort="sort_key", css="subj cut", locked=True, on_card=True
            ),
            Column("kind", _("Kind"), cell="get_kind_display", width="cw-80"),
            Column(
                "stage",
                _("Lifecycle stage"),
                cell=cells.badge("get_stage_display", stage_tone),
                width="cw-160",
                on_card=True,
                export=lambda row, viewer: row.get_stage_display(),
            ),
            Column(
                "owner",
                _("Owner"),
                cell=cells.person("owner"),
                width="cw-160",
                on_card=True,
                export=lambda row, viewer: row.owner.name if row.owner else "",
            ),
            Column("industry", _("Industry"), css="cut", width="cw-160"),
            Column("source", _("Source"), cell="get_source_display", width="cw-160"),
            Column(
                "created",
                _("Created"),
                cell=cells.moment("created_at"),
                sort="created_at",
                align="num",
                width="cw-128",
                export=lambda row, viewer: row.created_at,
            ),
        ],
        filterset=CustomerFilters,
        quick_filters=("stage", "owner", "kind"),
        search=lambda rows, text, actor: rows.matching(text, pieces=actor.can("customers.reveal")),
        search_hint=_("Name, pinyin, number, email or phone"),
        default_sort="-created",
        prepare=prepare,
        base=lambda rows: rows.external(),
        date_jump="created",
        views=[
            BuiltinView("all", _("All customers")),
            BuiltinView("mine", _("My customers"), {"owner": "me"}),
            BuiltinView("companies", _("Companies"), {"kind": "company"}),
            BuiltinView("persons", _("Persons"), {"kind": "person"}),
        ],
        empty=Empty(_("No customers yet"), _("Whoever sends a request becomes a customer; staff can add more.")),
        create_url_name="customers:customer_create",
        create_permission="customers.create",
        create_label=_("New customer"),
        export_permission="customers.export",
    )
)

lists.register(*TRADE_LISTS)
