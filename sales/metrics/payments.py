"""Figures of money that came in and that is due, by currency."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.core.gallery import SALES, TIME, Report, reports
from crm.core.metrics import Dimension, Measure, Params, Part, Source, Span, Unit, count, dimensions, measures, total
from customers.metrics import choices, people

from ..choices.payments import PaymentMethod
from ..models import Instalment, Payment
from ..selectors.payments import today

PAYMENTS, DUE, SEE = "contracts:payment_list", "contracts:instalment_list", "payments.view"


def first_and_after(span: Span) -> tuple[Any, Any]:
    """The first day of a span, and the one after its last."""
    return span.start.astimezone(span.zone).date(), span.end.astimezone(span.zone).date()


def _received(viewer: Actor, span: Span) -> Any:
    first, after = first_and_after(span)
    return Payment.objects.visible_to(viewer).filter(received_on__gte=first, received_on__lt=after)


def _days(span: Span) -> Params:
    first, after = first_and_after(span)
    return {"received_from": [first.isoformat()], "received_to": [after.isoformat()]}


RECEIVED = Source(
    "payments.received", _received, _days, PAYMENTS,
    {"payment_owner": Part("contract__owner_id", "owner"), "payment_method": Part("method", "method"),
     "currency": Part("currency", "currency")},
    moment="received_on", currency="currency", is_dated=True,
)  # fmt: skip
_DUE_PARTS = {
    "payment_owner": Part("contract__owner_id", "owner"), "currency": Part("contract__currency", "currency"),
}  # fmt: skip
OPEN = Source(
    "payments.open", lambda viewer, span: Instalment.objects.visible_to(viewer).open(),
    lambda span: {"state": ["open"]}, DUE, _DUE_PARTS, currency="contract__currency",
)  # fmt: skip
LATE = Source(
    "payments.overdue", lambda viewer, span: Instalment.objects.visible_to(viewer).overdue(today()),
    lambda span: {"state": ["overdue"]}, DUE, _DUE_PARTS, currency="contract__currency",
)  # fmt: skip

measures.register(
    Measure("payments.received", _("Payment received"),
            _("Payments of the period, less what was refunded or reversed in it, by currency."), RECEIVED, Unit.MONEY,
            total("amount"), SEE, better="up", order=10),
    Measure("payments.count", _("Payments"), _("Payments, refunds and reversals entered for days of the period."),
            RECEIVED, Unit.COUNT, count(), SEE, order=11),
    Measure("payments.outstanding", _("Outstanding"), _("What is still to be paid of all instalments, by currency."),
            OPEN, Unit.MONEY, lambda only: Sum(F("amount") - F("paid"), filter=only), SEE, better="down", order=12),
    Measure("payments.overdue", pgettext_lazy("payments", "Overdue"),
            _("What is still to be paid of instalments whose day has passed, by currency."), LATE, Unit.MONEY,
            lambda only: Sum(F("amount") - F("paid"), filter=only), SEE, better="down", order=13),
    Measure("payments.overdue_count", _("Overdue instalments"), _("Instalments whose day has passed unpaid."), LATE,
            Unit.COUNT, count(), SEE, better="down", order=14),
)  # fmt: skip
dimensions.register(
    Dimension("payment_owner", _("Owner"), 83, people),
    Dimension("payment_method", _("Method"), 84, choices(PaymentMethod)),
)
reports.register(
    Report("payments-time", SALES, _("Is the money coming in?"), ["payments.received", "payments.count"], by=TIME,
           order=60),
    Report("payments-due", SALES, _("Who owes us, and how much is late?"),
           ["payments.overdue", "payments.overdue_count"], by="payment_owner", order=61),
    Report("payments-method", SALES, _("How do customers pay?"), ["payments.received", "payments.count"],
           by="payment_method", order=62),
)  # fmt: skip
