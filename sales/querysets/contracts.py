"""Who sees which contracts."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q

from crm.core import names
from crm.core.actor import Actor
from crm.core.containing import containing
from crm.core.querysets import BaseQuerySet, ScopedQuerySet
from customers.querysets import seen_by_contact

from ..choices.contracts import OWING, ContractState


class ContractQuerySet(ScopedQuerySet):
    """Contracts by owner and department; a contact sees the signed ones of theirs, or of their company."""

    module = "contracts"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def visible_to_contact(self, actor: Actor) -> Self:
        return self.owing().filter(seen_by_contact(actor))

    def active(self) -> Self:
        return self.filter(state=ContractState.ACTIVE)

    def owing(self) -> Self:
        """Signed and not cancelled."""
        return self.filter(state__in=OWING)

    def ending(self, today: dt.date, days: int) -> Self:
        """Active ones whose last day comes within so many days."""
        return self.active().filter(ends__gte=today, ends__lte=today + dt.timedelta(days=days))

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


class OfContractQuerySet(BaseQuerySet):
    """Rows seen with their contract."""

    def visible_to(self, actor: Actor) -> Self:
        from ..models import Contract

        if actor.is_system and actor.on_behalf_of is None:
            return self
        return self.filter(contract__in=Contract.objects.visible_to(actor))
