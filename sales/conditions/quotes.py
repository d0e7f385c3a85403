"""What conditions may ask about a quote."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field, Relation
from crm.core import money

from ..choices.quotes import QuoteState

_SEE = "quotes.view"

QUOTE_FIELDS = [
    Field("quote.gross", "quote", _("Total"), "number", "gross", permission=_SEE, order=10),
    Field("quote.top_discount", "quote", _("Highest discount (%)"), "number", "top_discount", permission=_SEE,
          order=20),
    Field("quote.currency", "quote", _("Currency"), "choice", "currency",
          values=lambda actor: [(code, code) for code in money.SIGNS], permission=_SEE),
    Field("quote.state", "quote", _("State"), "choice", "state",
          values=lambda actor: list(QuoteState.choices), permission=_SEE),
    Field("quote.valid_until", "quote", _("Valid until"), "date", "valid_until", permission=_SEE),
    Field("quote.owner", "quote", _("Owner"), "user", "owner_id", permission=_SEE),
]  # fmt: skip
QUOTE_RELATIONS = [Relation("quote.customer", "quote", "customer", "customer_id", permission="customers.view")]
