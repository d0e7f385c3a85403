"""The lists of what is due and of what was paid."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import money
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer

from ..choices.payments import INSTALMENT_TONES, PAYMENT_TONES, PaymentKind, PaymentMethod
from ..filters.opportunities import months_around
from ..models import Instalment, Payment
from ..selectors.payments import today
from .contracts import contract_owners

_DUE = [("overdue", pgettext_lazy("instalment", "Overdue")), ("month", _("This month")), ("30", _("Within 30 days"))]
_STATES = [
    ("open", pgettext_lazy("instalment", "Open")),
    ("overdue", pgettext_lazy("instalment", "Overdue")),
    ("paid", pgettext_lazy("instalment", "Paid")),
]
_CURRENCIES = [(code, code) for code in money.SIGNS]


class _MoneyFilters(df.FilterSet):
    whose = df.ChoiceFilter(label=_("Whose"), choices=[("me", _("My own"))], method="by_whose")
    owner = df.ModelChoiceFilter(
        label=_("Owner"), queryset=lambda request: contract_owners(), field_name="contract__owner",
        null_label=_("Nobody"), null_value="none",
    )  # fmt: skip
    customer = df.NumberFilter(label=_("Customer number"), field_name="contract__customer__number")

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(contract__owner=self.request.actor.user_id or 0)


class InstalmentFilters(_MoneyFilters):
    due = df.ChoiceFilter(label=_("Due"), choices=_DUE, method="by_due")
    state = df.ChoiceFilter(label=_("State"), choices=_STATES, method="by_state")
    currency = df.ChoiceFilter(label=_("Currency"), choices=_CURRENCIES, field_name="contract__currency")
    due_from = df.DateFilter(label=_("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = df.DateFilter(label=_("Due before"), field_name="due_on", lookup_expr="lt")

    class Meta:
        model = Instalment
        fields: list[str] = []

    def by_due(self, rows: Any, name: str, value: str) -> Any:
        now = today()
        if value == "overdue":
            return rows.overdue(now)
        if value == "month":
            first, after = months_around(now, 1)
            return rows.open().filter(due_on__gte=first, due_on__lt=after)
        return rows.open().filter(due_on__gte=now, due_on__lte=now + dt.timedelta(days=30))

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        if value == "overdue":
            return rows.overdue(today())
        return rows.owed().filter(paid=F("amount")) if value == "paid" else rows.open()


class PaymentFilters(_MoneyFilters):
    kind = df.MultipleChoiceFilter(label=_("Kind"), choices=PaymentKind.choices)
    method = df.MultipleChoiceFilter(label=_("Method"), choices=PaymentMethod.choices)
    credit = df.BooleanFilter(label=_("With credit"), method="by_credit")
    currency = df.ChoiceFilter(label=_("Currency"), choices=_CURRENCIES)
    received_from = df.DateFilter(label=_("From day"), field_name="received_on", lookup_expr="gte")
    received_to = df.DateFilter(label=_("Before day"), field_name="received_on", lookup_expr="lt")

    class Meta:
        model = Payment
        fields: list[str] = []

    def by_credit(self, rows: Any, name: str, value: bool) -> Any:
        return rows.with_credit() if value else rows.filter(credit=0)


def instalment_tone(row: Instalment) -> str:
    """The tone of how far an instalment is."""
    return INSTALMENT_TONES[row.state_on(today())]


def payment_tone(row: Payment) -> str:
    """The tone of what a row of the ledger is."""
    return PAYMENT_TONES[PaymentKind(row.kind)]


def _contract(row: Any, viewer: Viewer) -> Any:
    return cells.link("label")(row.contract, viewer)


def _customer(row: Any, viewer: Viewer) -> Any:
    return cells.link("name")(row.contract.customer, viewer)


def _day(path: str) -> Any:
    return lambda row, viewer: date_format(getattr(row, path), "SHORT_DATE_FORMAT")


def _state(row: Instalment) -> Any:
    return row.state_on(today()).label


def _late(row: Instalment, viewer: Viewer) -> Any:
    return str((today() - row.due_on).days) if row.state_on(today()) == "overdue" else ""


def _owner(row: Any, viewer: Viewer) -> Any:
    return row.contract.owner.name if row.contract.owner else ""


_CUSTOMER = Column("customer", _("Customer"), cell=_customer, css="cut", on_card=True,
                   export=lambda row, viewer: row.contract.customer.name)  # fmt: skip
_OWNER = Column("owner", _("Owner"), cell=cells.person("contract.owner"), width="cw-140", export=_owner)

MONEY_LISTS = [
    ListPage(
        key="instalment",
        model=Instalment,
        label=_("Payments due"),
        section=_("Sales"),
        permission="payments.view",
        url_name="contracts:instalment_list",
        columns=[
            Column("contract", _("Contract"), cell=_contract, locked=True, width="cw-128", on_card=True,
                   export=lambda row, viewer: row.contract.label),
            Column("position", _("No."), cell="position", align="num", width="cw-80", default=False),
            Column("name", _("What for"), cell="name", css="cut"),
            _CUSTOMER,
            Column("due", _("Due on"), cell=_day("due_on"), sort="due_on", align="num", width="cw-112", on_card=True,
                   export=lambda row, viewer: row.due_on),
            Column("state", _("State"), cell=lambda row, viewer: cells.badge("label", instalment_tone(row))(
                row.state_on(today()), viewer), width="cw-112", on_card=True,
                   export=lambda row, viewer: _state(row)),
            Column("late", _("Days overdue"), cell=_late, align="num", width="cw-96", default=False),
            Column("amount", _("Amount"), cell="amount_text", sort="amount", align="num", width="cw-128",
                   export=lambda row, viewer: row.amount),
            Column("paid", _("Paid"), cell="paid_text", sort="paid", align="num", width="cw-128", default=False,
                   export=lambda row, viewer: row.paid),
            Column("open", _("Outstanding"), cell="open_text", align="num", width="cw-128", on_card=True,
                   export=lambda row, viewer: row.open_amount),
            Column("currency", _("Currency"), cell="contract.currency", default=False, width="cw-80"),
            Column("told", _("Reminder level"), cell="told_level", align="num", width="cw-80", default=False),
            _OWNER,
        ],
        filterset=InstalmentFilters,
        quick_filters=("due", "whose", "state"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Contract or customer"),
        default_sort="due",
        base=lambda rows: rows.owed(),
        prepare=lambda rows, actor: rows.select_related("contract__customer", "contract__owner"),
        row_url=lambda row: cells.url_of(row.contract),
        date_jump="due",
        views=[
            BuiltinView("open", pgettext_lazy("instalment", "Open"), {"state": "open"}),
            BuiltinView("overdue", pgettext_lazy("instalment", "Overdue"), {"due": "overdue"}),
            BuiltinView("month", _("This month"), {"due": "month"}),
            BuiltinView("soon", _("Within 30 days"), {"due": "30"}),
            BuiltinView("all", pgettext_lazy("instalments", "All")),
        ],
        empty=Empty(_("Nothing is due"), _("The instalments of signed contracts come here, the late ones first.")),
        export_permission="payments.export",
    ),
    ListPage(
        key="payment",
        model=Payment,
        label=_("Payments"),
        section=_("Sales"),
        permission="payments.view",
        url_name="contracts:payment_list",
        columns=[
            Column("number", _("Number"), cell=cells.link("label"), sort="number", locked=True, width="cw-128",
                   on_card=True),
            Column("received", _("Day"), cell=_day("received_on"), sort="received_on", align="num", width="cw-112",
                   on_card=True, export=lambda row, viewer: row.received_on),
            Column("kind", _("Kind"), cell=cells.badge("get_kind_display", payment_tone), width="cw-96",
                   export=lambda row, viewer: row.get_kind_display()),
            _CUSTOMER,
            Column("contract", _("Contract"), cell=_contract, width="cw-112",
                   export=lambda row, viewer: row.contract.label),
            Column("amount", _("Amount"), cell="amount_text", sort="amount", align="num", width="cw-128",
                   on_card=True, export=lambda row, viewer: row.amount),
            Column("credit", _("Credit"), cell=lambda row, viewer: money.shown(row.credit, row.currency)
                   if row.credit else "", align="num", width="cw-96", export=lambda row, viewer: row.credit),
            Column("currency", _("Currency"), default=False, width="cw-80"),
            Column("method", _("Method"), cell="get_method_display", width="cw-112", css="cut"),
            Column("reference", _("Reference"), cell="reference", css="cut", default=False),
            Column("recorded_by", _("Recorded by"), cell=cells.person("recorded_by"), width="cw-160", default=False,
                   export=lambda row, viewer: row.recorded_by.name if row.recorded_by else ""),
            _OWNER,
        ],
        filterset=PaymentFilters,
        quick_filters=("kind", "whose", "method"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Number, reference, contract or customer"),
        default_sort="-received",
        prepare=lambda rows, actor: rows.select_related("contract__customer", "contract__owner", "recorded_by"),
        date_jump="received",
        views=[
            BuiltinView("all", pgettext_lazy("payments", "All")),
            BuiltinView("mine", _("On my contracts"), {"whose": "me"}),
            BuiltinView("credit", _("With credit"), {"credit": "true"}),
        ],
        empty=Empty(_("No payments yet"), _("Payments are recorded on the page of a signed contract.")),
        export_permission="payments.export",
    ),
]  # fmt: skip
