"""Leads, opportunities, quotes and money."""

from __future__ import annotations

from decimal import Decimal

from crm.core import clock
from crm.core.metrics import Span
from sales.models import Contract, Instalment, Lead, Opportunity, Payment, Quote

from .base import Keep, Twin, day_inside, inside, means, middle, number, seconds, share, sums


def _deals(viewer: object) -> object:
    return Opportunity.objects.visible_to(viewer).select_related("stage")


def _leads(viewer: object) -> object:
    return Lead.objects.visible_to(viewer)


def _quotes(viewer: object) -> object:
    return Quote.objects.visible_to(viewer)


def _contracts(viewer: object) -> object:
    return Contract.objects.visible_to(viewer)


def _payments(viewer: object) -> object:
    return Payment.objects.visible_to(viewer)


def _instalments(viewer: object) -> object:
    return Instalment.objects.visible_to(viewer).select_related("contract")


def _open(row: Opportunity, span: Span) -> bool:
    return row.won_at is None and row.lost_at is None


def _ended(row: Opportunity, span: Span) -> bool:
    return inside("won_at")(row, span) or inside("lost_at")(row, span)


def _weighted(row: Opportunity) -> Decimal:
    return row.amount * row.chance / 100


def _lead_in(*statuses: str) -> Keep:
    return lambda row, span: inside("created_at")(row, span) and (not statuses or row.status in statuses)


def _answered(row: Quote, span: Span) -> bool:
    return row.state in {"accepted", "rejected"} and inside("decided_at")(row, span)


def _accepted(row: Quote, span: Span) -> bool:
    return row.state == "accepted" and inside("decided_at")(row, span)


def _owed(row: Instalment, span: Span) -> bool:
    """Of a contract that is signed and was not cancelled; also of one whose time is over."""
    return row.contract.state in {"active", "completed", "expired"} and row.paid < row.amount


def _contracted(row: Contract, span: Span) -> bool:
    is_signed = row.signed_on is not None and day_inside("signed_on")(row, span)
    return is_signed and row.state in {"active", "completed", "expired"}


def _overdue(row: Instalment, span: Span) -> bool:
    return _owed(row, span) and row.due_on < clock.today(span.zone)


_still = sums(lambda row: row.amount - row.paid, lambda row: row.contract.currency)
_amount, _gross = sums(lambda row: row.amount), sums(lambda row: row.gross)

TWINS = {
    "sales.open": Twin(_deals, _open, number),
    "sales.open_amount": Twin(_deals, _open, _amount),
    "sales.weighted": Twin(_deals, _open, sums(_weighted)),
    "sales.created": Twin(_deals, inside("created_at"), number),
    "sales.created_amount": Twin(_deals, inside("created_at"), _amount),
    "sales.won": Twin(_deals, inside("won_at"), number),
    "sales.won_amount": Twin(_deals, inside("won_at"), _amount),
    "sales.mean_deal": Twin(_deals, inside("won_at"), means(lambda row: row.amount)),
    "sales.days_to_win": Twin(_deals, inside("won_at"), middle(lambda row: seconds(row.created_at, row.won_at))),
    "sales.lost": Twin(_deals, inside("lost_at"), number),
    "sales.lost_amount": Twin(_deals, inside("lost_at"), _amount),
    "sales.win_rate": Twin(_deals, _ended, share(lambda row, span: row.won_at is not None)),
    "leads.created": Twin(_leads, _lead_in(), number),
    "leads.taken_up": Twin(_leads, _lead_in("working", "qualified", "converted"), number),
    "leads.qualified": Twin(_leads, _lead_in("qualified", "converted"), number),
    "leads.became_customers": Twin(_leads, _lead_in("converted"), number),
    "leads.converted": Twin(_leads, inside("converted_at"), number),
    "leads.conversion_rate": Twin(_leads, _lead_in(), share(lambda row, span: row.status == "converted")),
    "quotes.sent": Twin(_quotes, inside("sent_at"), number),
    "quotes.sent_amount": Twin(_quotes, inside("sent_at"), _gross),
    "quotes.accepted": Twin(_quotes, _accepted, number),
    "quotes.accepted_amount": Twin(_quotes, _accepted, _gross),
    "quotes.acceptance_rate": Twin(_quotes, _answered, share(lambda row, span: row.state == "accepted")),
    "contracts.amount": Twin(_contracts, _contracted, _amount),
    "contracts.signed": Twin(_contracts, _contracted, number),
    "payments.received": Twin(_payments, day_inside("received_on"), _amount),
    "payments.count": Twin(_payments, day_inside("received_on"), number),
    "payments.outstanding": Twin(_instalments, _owed, _still),
    "payments.overdue": Twin(_instalments, _overdue, _still),
    "payments.overdue_count": Twin(_instalments, _overdue, number),
}
