"""Figures of quotes. A new version of a quote is a quote of its own."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.gallery import SALES, TIME, Report, reports
from crm.core.metrics import Dimension, Measure, Part, Source, Span, Unit, count, dimensions, measures, rate, total
from customers.metrics import between, people

from ..choices.quotes import QuoteState
from ..models import Quote

LIST, SEE = "quotes:quote_list", "quotes.view"
PARTS = {"quote_owner": Part("owner_id", "owner"), "currency": Part("currency", "currency")}
_ANSWERS = (QuoteState.ACCEPTED, QuoteState.REJECTED)


def _sent(viewer: Actor, span: Span) -> Any:
    return Quote.objects.visible_to(viewer).filter(sent_at__gte=span.start, sent_at__lt=span.end)


def _answered(viewer: Actor, span: Span) -> Any:
    rows = Quote.objects.visible_to(viewer).filter(decided_at__gte=span.start, decided_at__lt=span.end)
    return rows.filter(state__in=_ANSWERS)


SENT = Source("quotes.sent", _sent, lambda span: between("sent", span), LIST, PARTS, moment="sent_at",
              currency="currency")  # fmt: skip
ANSWERED = Source(
    "quotes.answered", _answered, lambda span: between("decided", span, state=[state.value for state in _ANSWERS]),
    LIST, PARTS, moment="decided_at", currency="currency",
)  # fmt: skip


def _accepted() -> Q:
    return Q(state=QuoteState.ACCEPTED)


measures.register(
    Measure("quotes.sent", _("Quotes sent"), _("Quotes last sent to the customer in the period, each version once."),
            SENT, Unit.COUNT, count(), SEE, better="up", order=10),
    Measure("quotes.sent_amount", _("Offered"), _("Totals of quotes sent in the period, tax included, by currency."),
            SENT, Unit.MONEY, total("gross"), SEE, better="up", order=11),
    Measure("quotes.accepted", _("Quotes accepted"), _("Quotes that customers accepted in the period."), ANSWERED,
            Unit.COUNT, count(), SEE, better="up", only=_accepted, params={"state": [QuoteState.ACCEPTED.value]},
            order=12),
    Measure("quotes.accepted_amount", _("Accepted amount"),
            _("The totals of quotes accepted in the period, tax included, by currency."), ANSWERED, Unit.MONEY,
            total("gross"), SEE, better="up", only=_accepted, params={"state": [QuoteState.ACCEPTED.value]}, order=13),
    Measure("quotes.acceptance_rate", _("Acceptance rate"),
            _("Of the quotes that customers accepted or declined in the period, the share accepted."), ANSWERED,
            Unit.RATE, rate(_accepted()), SEE, better="up", order=14),
)  # fmt: skip
dimensions.register(Dimension("quote_owner", _("Owner"), 82, people))
_ALL = [
    "quotes.sent", "quotes.sent_amount", "quotes.accepted", "quotes.accepted_amount", "quotes.acceptance_rate",
]  # fmt: skip
reports.register(
    Report("quotes-time", SALES, _("Are our quotes accepted?"), _ALL, by=TIME, order=50),
    Report("quotes-owner", SALES, _("Whose quotes are accepted?"), _ALL, by="quote_owner", order=51),
)
