"""Who sees which quotes."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from crm.core import names
from crm.core.actor import Actor
from crm.core.containing import containing
from crm.core.querysets import BaseQuerySet, ScopedQuerySet
from customers.querysets import seen_by_contact

from ..choices.quotes import QuoteState


class QuoteQuerySet(ScopedQuerySet):
    """Quotes by owner and department; a contact sees what was sent to them, or to their company where staff said so."""

    module = "quotes"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def visible_to_contact(self, actor: Actor) -> Self:
        return self.filter(seen_by_contact(actor), sent_at__isnull=False)

    def sent(self) -> Self:
        return self.filter(state=QuoteState.SENT)

    def matching(self, text: str) -> Self:
        """By title, pinyin, number, or the customer's name."""
        from customers.models import Customer

        text = text.strip()
        customers = Customer.objects.filter(search_key__contains=names.fold(text)).order_by().values("pk")
        terms = containing("search_key", names.fold(text)) | Q(customer_id__any_of=ArraySubquery(customers))
        digits = text.rpartition("-")[2]
        if digits.isdecimal() and len(digits) < 9:
            terms |= Q(number=int(digits))
        return self.filter(terms)


class OfQuoteQuerySet(BaseQuerySet):
    """Rows seen with their quote."""

    def visible_to(self, actor: Actor) -> Self:
        from ..models import Quote

        if actor.is_system and actor.on_behalf_of is None:
            return self
        return self.filter(quote__in=Quote.objects.visible_to(actor))
