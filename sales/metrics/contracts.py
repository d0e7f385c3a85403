"""Figures of contracts, by currency."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.gallery import SALES, TIME, Report, reports
from crm.core.metrics import Dimension, Measure, Params, Part, Source, Span, Unit, count, dimensions, measures, total
from customers.metrics import people

from ..choices.contracts import OWING
from ..models import Contract
from .payments import first_and_after

LIST, SEE = "contracts:contract_list", "contracts.view"


def _signed(viewer: Actor, span: Span) -> Any:
    first, after = first_and_after(span)
    rows = Contract.objects.visible_to(viewer).filter(state__in=OWING)
    return rows.filter(signed_on__gte=first, signed_on__lt=after)


def _days(span: Span) -> Params:
    first, after = first_and_after(span)
    states = sorted(str(state) for state in OWING)
    return {"signed_from": [first.isoformat()], "signed_to": [after.isoformat()], "state": states}


SIGNED = Source(
    "contracts.signed", _signed, _days, LIST,
    {"contract_owner": Part("owner_id", "owner"), "currency": Part("currency", "currency")},
    moment="signed_on", currency="currency", is_dated=True,
)  # fmt: skip

measures.register(
    Measure("contracts.amount", _("Contracted"),
            _("The amounts of contracts signed in the period, tax included; cancelled ones are left out."), SIGNED,
            Unit.MONEY, total("amount"), SEE, better="up", order=10),
    Measure("contracts.signed", _("Contracts signed"),
            _("Contracts signed in the period; cancelled ones are left out."), SIGNED,
            Unit.COUNT, count(), SEE, better="up", order=11),
)  # fmt: skip
dimensions.register(Dimension("contract_owner", _("Owner"), 85, people))
reports.register(
    Report("contracts-time", SALES, _("What did we contract?"), ["contracts.amount", "contracts.signed"], by=TIME,
           order=50),
    Report("contracts-owner", SALES, _("Who signs how much?"), ["contracts.amount", "contracts.signed"],
           by="contract_owner", order=51),
)  # fmt: skip
