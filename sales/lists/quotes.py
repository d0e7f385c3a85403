"""The list of quotes."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.core import money
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer

from ..choices.quotes import TONES, QuoteState
from ..models import Quote


def _owners() -> Any:
    return User.objects.filter(quotes__isnull=False).distinct().order_by("name")


class QuoteFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=QuoteState.choices)
    whose = df.ChoiceFilter(label=_("Whose"), choices=[("me", _("My own"))], method="by_whose")
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number")
    valid_to = df.DateFilter(label=_("Valid until, at most"), field_name="valid_until", lookup_expr="lte")
    owner = df.ModelChoiceFilter(
        label=_("Owner"), queryset=lambda request: _owners(), null_label=_("Nobody"), null_value="none"
    )
    currency = df.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])
    sent_from = df.IsoDateTimeFilter(label=_("Sent from"), field_name="sent_at", lookup_expr="gte")
    sent_to = df.IsoDateTimeFilter(label=_("Sent before"), field_name="sent_at", lookup_expr="lt")
    decided_from = df.IsoDateTimeFilter(label=_("Decided from"), field_name="decided_at", lookup_expr="gte")
    decided_to = df.IsoDateTimeFilter(label=_("Decided before"), field_name="decided_at", lookup_expr="lt")

    class Meta:
        model = Quote
        fields: list[str] = []

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner=self.request.actor.user_id or 0)


def tone(row: Quote) -> str:
    """The tone of a quote's state."""
    return TONES[QuoteState(row.state)]


def _customer(row: Quote, viewer: Viewer) -> Any:
    return cells.link("name")(row.customer, viewer)


def _total(row: Quote, viewer: Viewer) -> str:
    return money.shown(row.gross, row.currency)


QUOTE_LISTS = [
    ListPage(
        key="quote",
        model=Quote,
        label=_("Quotes"),
        section=_("Sales"),
        permission="quotes.view",
        url_name="quotes:quote_list",
        columns=[
            Column("number", _("Number"), cell=cells.link("label"), sort="number", locked=True, width="cw-128",
                   on_card=True),
            Column("name", _("Title"), cell="name", css="subj cut", on_card=True),
            Column("customer", _("Customer"), cell=_customer, css="cut", on_card=True,
                   export=lambda row, viewer: row.customer.name),
            Column("state", _("State"), cell=cells.badge("get_state_display", tone), width="cw-112", on_card=True,
                   export=lambda row, viewer: row.get_state_display()),
            Column("gross", _("Total"), cell=_total, align="num", width="cw-128", on_card=True,
                   export=lambda row, viewer: row.gross),
            Column("currency", _("Currency"), default=False),
            Column("top_discount", _("Highest discount (%)"), cell=cells.number("top_discount"), align="num",
                   width="cw-96", default=False),
            Column("valid_until", _("Valid until"), cell="valid_until", sort="valid_until", align="num",
                   width="cw-112", export=lambda row, viewer: row.valid_until),
            Column("owner", _("Owner"), cell=cells.person("owner"), width="cw-140",
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("opened", pgettext_lazy("times", "Opened"), cell="opened_count", align="num", width="cw-80"),
            Column("created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.created_at),
        ],
        filterset=QuoteFilters,
        quick_filters=("state", "whose"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Number, title or customer"),
        default_sort="-created",
        prepare=lambda rows, actor: rows.select_related("customer", "owner"),
        views=[
            BuiltinView("all", _("All quotes")),
            BuiltinView("mine", _("My quotes"), {"whose": "me"}),
            BuiltinView("sent", _("Waiting for the customer"), {"state": ["sent"]}, sort="valid_until"),
        ],
        empty=Empty(_("No quotes yet"), _("Make the first one on a customer's or an opportunity's page.")),
    )
]  # fmt: skip
