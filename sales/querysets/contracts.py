"""Who sees which contracts."""

from __future__ import annotations

import datetime as dt
from typing import Self

from crm.core.actor import Actor
from crm.core.querysets import SeenWithQuerySet
from customers.querysets import seen_by_contact

from ..choices.contracts import OWING, ContractState
from .papers import PaperQuerySet


class ContractQuerySet(PaperQuerySet):
    """Contracts by owner and department; a contact sees the signed ones of theirs, or of their company."""

    module = "contracts"

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


class OfContractQuerySet(SeenWithQuerySet):
    """Rows seen with their contract."""

    seen_with = "contract"
