"""The list of contracts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core import money
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer

from ..choices.contracts import CONTRACT_TONES, ContractState
from ..models import Contract
from ..selectors.payments import today

_ENDS = [("month", _("Within 30 days")), ("quarter", _("Within 90 days")), ("past", _("In the past"))]
_DAYS = {"month": 30, "quarter": 90}


def contract_owners() -> Any:
    """Colleagues who own a contract."""
    return User.objects.filter(contracts__isnull=False).distinct().order_by("name")


class ContractFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=ContractState.choices)
    whose = df.ChoiceFilter(label=_("Whose"), choices=[("me", _("My own"))], method="by_whose")
    ending = df.ChoiceFilter(label=_("Ends"), choices=_ENDS, method="by_ending")
    owner = df.ModelChoiceFilter(
        label=_("Owner"), queryset=lambda request: contract_owners(), null_label=_("Nobody"), null_value="none"
    )
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number")
    currency = df.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])
    signed_from = df.DateFilter(label=_("Signed from"), field_name="signed_on", lookup_expr="gte")
    signed_to = df.DateFilter(label=_("Signed before"), field_name="signed_on", lookup_expr="lt")

    class Meta:
        model = Contract
        fields: list[str] = []

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner=self.request.actor.user_id or 0)

    def by_ending(self, rows: Any, name: str, value: str) -> Any:
        now = today()
        if value == "past":
            return rows.filter(ends__lt=now)
        return rows.filter(ends__gte=now, ends__lte=now + dt.timedelta(days=_DAYS[value]))


def tone(row: Contract) -> str:
    """The tone of a contract's state."""
    return CONTRACT_TONES[ContractState(row.state)]


def _customer(row: Contract, viewer: Viewer) -> Any:
    return cells.link("name")(row.customer, viewer)


def _day(path: str) -> Any:
    return lambda row, viewer: (
        date_format(getattr(row, path), "SHORT_DATE_FORMAT") if getattr(row, path) is not None else ""
    )


CONTRACT_LISTS = [
    ListPage(
        key="contract",
        model=Contract,
        label=_("Contracts"),
        section=_("Sales"),
        permission="contracts.view",
        url_name="contracts:contract_list",
        columns=[
            Column("number", _("Number"), cell=cells.link("label"), sort="number", locked=True, width="cw-128",
                   on_card=True),
            Column("name", _("Title"), cell="name", css="subj cut", on_card=True),
            Column("customer", _("Customer"), cell=_customer, css="cut", on_card=True,
                   export=lambda row, viewer: row.customer.name),
            Column("state", _("State"), cell=cells.badge("get_state_display", tone), width="cw-112", on_card=True,
                   export=lambda row, viewer: row.get_state_display()),
            Column("amount", _("Amount"), cell="amount_text", sort="amount", align="num", width="cw-128",
                   on_card=True, export=lambda row, viewer: row.amount),
            Column("currency", _("Currency"), default=False, width="cw-80"),
            Column("signed", _("Signed on"), cell=_day("signed_on"), sort="signed_on", align="num", width="cw-112",
                   export=lambda row, viewer: row.signed_on),
            Column("starts", _("Starts"), cell=_day("starts"), sort="starts", align="num", width="cw-128",
                   default=False, export=lambda row, viewer: row.starts),
            Column("ends", _("Ends"), cell=_day("ends"), sort="ends", align="num", width="cw-96",
                   export=lambda row, viewer: row.ends),
            Column("owner", _("Owner"), cell=cells.person("owner"), width="cw-140",
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.created_at),
        ],
        filterset=ContractFilters,
        quick_filters=("state", "whose", "ending"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Number, title or customer"),
        default_sort="-created",
        prepare=lambda rows, actor: rows.select_related("customer", "owner"),
        views=[
            BuiltinView("all", _("All contracts")),
            BuiltinView("mine", _("My contracts"), {"whose": "me"}),
            BuiltinView("active", _("Active"), {"state": ["active"]}, sort="ends"),
            BuiltinView("ending", _("End soon"), {"state": ["active"], "ending": "quarter"}, sort="ends"),
        ],
        empty=Empty(_("No contracts yet"),
                    _("Make one of an accepted quote, or choose a customer: what was agreed, and when it is paid.")),
        create_url_name="contracts:contract_pick",
        create_permission="contracts.create",
        create_label=_("New contract"),
        export_permission="contracts.export",
    )
]  # fmt: skip
