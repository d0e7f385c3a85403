"""Who sees which quotes."""

from __future__ import annotations

from typing import Self

from crm.core.actor import Actor
from crm.core.querysets import SeenWithQuerySet
from customers.querysets import seen_by_contact

from ..choices.quotes import QuoteState
from .papers import PaperQuerySet


class QuoteQuerySet(PaperQuerySet):
    """Quotes by owner and department; a contact sees what was sent to them, or to their company where staff said so."""

    module = "quotes"

    def visible_to_contact(self, actor: Actor) -> Self:
        return self.filter(seen_by_contact(actor), sent_at__isnull=False)

    def sent(self) -> Self:
        return self.filter(state=QuoteState.SENT)


class OfQuoteQuerySet(SeenWithQuerySet):
    """Rows seen with their quote."""

    seen_with = "quote"
