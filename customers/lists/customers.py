"""The customer list."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import money
from crm.core.actor import Actor
from crm.core.text import listed
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage

from ..choices import RiskLevel, Stage, ValueLevel
from ..figures.levels import why_risky, why_valued
from ..filters import CustomerFilters
from ..models import Customer
from ..selectors import figures_of

_TONES = {Stage.NEW: "info", Stage.ACTIVE: "success", Stage.DORMANT: "warning", Stage.CHURNED: "danger"}

VALUE_TONES = {ValueLevel.HIGH: "special", ValueLevel.MEDIUM: "info", ValueLevel.LOW: "neutral"}
RISK_TONES = {
    RiskLevel.NONE: "neutral", RiskLevel.LOW: "neutral", RiskLevel.MEDIUM: "warning", RiskLevel.HIGH: "danger",
}  # fmt: skip


def stage_tone(customer: Customer) -> str:
    """The tone of a customer's stage."""
    return _TONES[Stage(customer.stage)]


def prepare(rows: Any, actor: Actor) -> Any:
    return rows.select_related("owner", "department", "facts", "brand").defer("note")


def value_cell(row: Customer, viewer: Any) -> Any:
    """The value level as a badge that says why."""
    figures = figures_of(row)
    if figures is None or not figures.value:
        return ""
    return html.badge(figures.get_value_display(), VALUE_TONES[ValueLevel(figures.value)], "", why_valued(figures))


def risk_cell(row: Customer, viewer: Any) -> Any:
    """The risk level as a badge that says why; nothing where there is none."""
    figures = figures_of(row)
    if figures is None or (figures.risk == RiskLevel.NONE and not figures.risk_by_hand):
        return ""
    why = listed(why_risky(viewer.actor, figures))
    return html.badge(figures.get_risk_display(), RISK_TONES[RiskLevel(figures.risk)], "", why)


def flags_cell(row: Customer, viewer: Any) -> Any:
    """What there is to offer, and how many wishes a product fits, as numbers with an icon."""
    figures = figures_of(row)
    if figures is None:
        return ""
    counts = (
        ("offer", figures.offers, _("Products to offer")),
        ("wish", figures.wishes, _("Wishes that a product fits")),
    )
    return format_html_join(" ", "{}", ((html.badge(n, "info", icon, label),) for icon, n, label in counts if n))


def bought_cell(row: Customer, viewer: Any) -> str:
    """The sum of all orders less refunds, in the currency of the customer's brand."""
    figures = figures_of(row)
    return money.shown(figures.bought, row.brand.currency) if figures and figures.orders else ""


def _figure(name: str) -> Any:
    return lambda row, viewer: getattr(figures_of(row), name, "")


CUSTOMER_LIST = ListPage(
    key="customer",
    model=Customer,
    label=_("Customers"),
    section=_("Sales"),
    permission="customers.view",
    url_name="customers:customer_list",
    columns=[
        Column("number", _("Number"), cell="label", sort="number", width="cw-80"),
        Column("name", _("Name"), cell=cells.link("name"), sort="sort_key", css="subj cut", locked=True, on_card=True),
        Column("kind", _("Kind"), cell="get_kind_display", width="cw-80"),
        Column(
            "stage",
            _("Lifecycle stage"),
            cell=cells.badge("get_stage_display", stage_tone),
            width="cw-128",
            on_card=True,
            export=lambda row, viewer: row.get_stage_display(),
        ),
        Column(
            "owner",
            _("Owner"),
            cell=cells.person("owner"),
            width="cw-140",
            on_card=True,
            export=lambda row, viewer: row.owner.name if row.owner else "",
        ),
        Column(
            "value",
            pgettext_lazy("customer", "Value"),
            cell=value_cell,
            width="cw-88",
            permission="orders.view",
            export=lambda row, viewer: figures.get_value_display() if (figures := figures_of(row)) else "",
        ),
        Column(
            "risk",
            pgettext_lazy("customer", "Risk"),
            cell=risk_cell,
            width="cw-88",
            export=lambda row, viewer: figures.get_risk_display() if (figures := figures_of(row)) else "",
        ),
        Column(
            "flags",
            _("To offer"),
            cell=flags_cell,
            width="cw-88",
            default=False,
            permission="orders.view",
            export=lambda row, viewer: figures.offers if (figures := figures_of(row)) else 0,
        ),
        Column(
            "bought",
            _("Bought in all"),
            cell=bought_cell,
            align="num",
            width="cw-128",
            default=False,
            permission="orders.view",
            export=_figure("bought"),
        ),
        Column(
            "last_order",
            _("Last order"),
            cell=cells.moment("facts.last_order_at"),
            align="num",
            width="cw-128",
            default=False,
            permission="orders.view",
            export=_figure("last_order_at"),
        ),
        Column("industry", _("Industry"), css="cut", width="cw-112"),
        Column("source", _("Source"), cell="get_source_display", width="cw-160", default=False),
        Column(
            "created",
            _("Created"),
            cell=cells.moment("created_at"),
            sort="created_at",
            align="num",
            width="cw-112",
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
        BuiltinView("risky", pgettext_lazy("customer", "At risk"), {"risk": ["medium", "high"]}),
        BuiltinView("companies", _("Companies"), {"kind": "company"}),
        BuiltinView("persons", _("Persons"), {"kind": "person"}),
    ],
    empty=Empty(_("No customers yet"), _("Whoever sends a request becomes a customer; staff can add more.")),
    create_url_name="customers:customer_create",
    create_permission="customers.create",
    create_label=_("New customer"),
    export_permission="customers.export",
)
