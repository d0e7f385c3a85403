"""What conditions may ask about the sales to a customer."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from crm.conditions.expressions import count_of, first_of, sum_of
from crm.conditions.registry import Field
from crm.core.models import Brand

from ..choices.leads import LeadSource
from ..choices.quotes import QuoteState
from ..models import Lead, Opportunity, Quote

_DEALS, _QUOTES, _LEADS = "opportunities.view", "quotes.view", "leads.view"
_DEAL_MOVES = tuple(
    f"opportunities.{deed}"
    for deed in ("created", "updated", "moved", "won", "lost", "reopened", "lines_set", "deleted", "restored", "erased")
)
_QUOTE_MOVES = tuple(
    f"quotes.{deed}" for deed in ("sent", "accepted", "declined", "expired", "voided", "versioned", "replaced")
)
_ROW = OuterRef("pk")


def _open(customer: Any) -> Any:
    return Opportunity.objects.open().filter(customer_id=customer)


def _won(customer: Any) -> Any:
    return Opportunity.objects.won().filter(customer_id=customer).order_by("-won_at")


def _in_currency(rows: Any, brand: Any) -> Any:
    """Of amounts in several currencies only those in the brand's: others cannot be added to them."""
    return rows.filter(currency=Subquery(Brand.objects.filter(pk=brand).values("currency")))


def _sent(customer: Any) -> Any:
    return Quote.objects.filter(customer_id=customer, state=QuoteState.SENT)


def _leads(customer: Any) -> Any:
    return Lead.objects.filter(converted_customer_id=customer)


def _won_sum(row: Any) -> Any:
    return sum(_in_currency(_won(row.pk), row.brand_id).values_list("amount", flat=True), start=0)


CUSTOMER_FIELDS = (
    Field("customer.open_deals", "customer", _("Open opportunities"), "number", lambda: count_of(_open(_ROW)),
          python=lambda row: _open(row.pk).count(), permission=_DEALS, watches=_DEAL_MOVES, order=85),
    Field("customer.won_amount", "customer", _("Won in all"), "number",
          lambda: sum_of(_in_currency(_won(_ROW), OuterRef(OuterRef("brand_id"))), "amount"), python=_won_sum,
          permission=_DEALS, watches=_DEAL_MOVES, order=86, help=_("In the currency of the customer's brand")),
    Field("customer.last_won_at", "customer", _("Last won"), "datetime", lambda: first_of(_won(_ROW), "won_at"),
          python=lambda row: _won(row.pk).values_list("won_at", flat=True).first(), permission=_DEALS,
          watches=_DEAL_MOVES, order=87),
    Field("customer.open_quotes", "customer", _("Quotes without an answer"), "number",
          lambda: count_of(_sent(_ROW)), python=lambda row: _sent(row.pk).count(), permission=_QUOTES,
          watches=_QUOTE_MOVES, order=88),
    Field("customer.lead_sources", "customer", _("Came as a lead from"), "many_choice", lambda: _leads(_ROW),
          python=lambda row: list(_leads(row.pk).values_list("source", flat=True)), many=True, member="source",
          values=lambda actor: list(LeadSource.choices), permission=_LEADS, watches=("leads.converted",), order=89),
)  # fmt: skip
