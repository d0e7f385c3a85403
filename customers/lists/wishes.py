"""The list of wishes."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Count, Exists, OuterRef
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import clock
from crm.core.actor import Actor
from crm.ui.generic import cells
from crm.ui.generic.choices import ReadOnce
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer

from ..choices import WishState
from ..models import ProductCategory, Wish, WishMatch

_TONES = {WishState.OPEN: "info", WishState.MET: "success", WishState.DROPPED: "neutral"}
FITS = [("yes", _("A product fits")), ("no", _("No product fits"))]


def wish_tone(row: Wish) -> str:
    """The tone of a wish's state."""
    return _TONES[WishState(row.state)]


def customer_cell(row: Wish, viewer: Viewer) -> Any:
    """Whose wish it is, leading there."""
    return cells.link("name")(row.customer, viewer)


def budget_cell(row: Wish, viewer: Viewer) -> str:
    """From and to, in its currency."""
    return row.budget_text


def size_cell(row: Wish, viewer: Viewer) -> str:
    """From and to."""
    ends = [row.size_from, row.size_to]
    if ends == [None, None]:
        return ""
    return "–".join("…" if end is None else number_format(end.normalize()) for end in ends)


def _categories() -> list[tuple[str, Any]]:
    used = ProductCategory.objects.filter(Exists(Wish.objects.filter(category=OuterRef("pk"))))
    return [(str(row.pk), row.name) for row in used]


class WishFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=WishState.choices)
    fits = df.ChoiceFilter(label=_("Products"), choices=FITS, method="by_fit")
    category = df.MultipleChoiceFilter(label=_("Category"), choices=())
    over = df.ChoiceFilter(label=_("Last day"), choices=[("yes", _("Passed"))], method="by_last_day")

    class Meta:
        model = Wish
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["category"].extra["choices"] = ReadOnce(_categories)

    def by_fit(self, rows: Any, name: str, value: str) -> Any:
        fits = Exists(WishMatch.objects.filter(wish=OuterRef("pk")))
        return rows.filter(fits if value == "yes" else ~fits)

    def by_last_day(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(until__lt=clock.today())


def _prepare(rows: Any, actor: Actor) -> Any:
    return rows.select_related("customer", "category").annotate(fitting=Count("matches")).defer("note")


WISH_LIST = ListPage(
    key="wish",
    model=Wish,
    label=_("Wishes"),
    section=_("Sales"),
    permission="customers.view",
    url_name="customers:wish_list",
    columns=[
        Column("name", _("What they look for"), cell=cells.link("name"), css="subj cut", locked=True, on_card=True),
        Column("customer", _("Customer"), cell=customer_cell, css="cut", on_card=True,
               export=lambda row, viewer: row.customer.name),
        Column("category", _("Category"), cell="category.name", width="cw-128"),
        Column("budget", _("Budget"), cell=budget_cell, width="cw-160", on_card=True),
        Column("fitting", _("Products"), cell=cells.number("fitting"), align="num", width="cw-88", on_card=True),
        Column("state", _("State"), cell=cells.badge("get_state_display", wish_tone), width="cw-88",
               export=lambda row, viewer: row.get_state_display()),
        Column("until", pgettext_lazy("wish", "Until"), sort="until", width="cw-128"),
        Column("created", _("Noted"), cell=cells.moment("created_at"), sort="created_at", align="num",
               width="cw-128", export=lambda row, viewer: row.created_at),
    ],
    filterset=WishFilters,
    quick_filters=("state", "fits", "category"),
    search=lambda rows, text, actor: rows.matching(text),
    search_hint=_("What they look for, or the customer"),
    default_sort="-created",
    prepare=_prepare,
    row_label=str,
    views=[
        BuiltinView("open", _("Open"), {"state": "open"}),
        BuiltinView("fits", _("A product fits"), {"state": "open", "fits": "yes"}),
        BuiltinView("all", _("All wishes")),
    ],
    empty=Empty(_("No wishes yet"), _("Note on a customer's page what they look for: products that fit are found.")),
    export_permission="customers.export",
)  # fmt: skip
