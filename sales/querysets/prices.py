"""Which price lists hold."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import Q

from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet


class PriceListQuerySet(BaseQuerySet):
    """Lists that staff read who make offers."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("quotes.view") or actor.can("opportunities.view") else self.none()

    def on(self, day: dt.date) -> Self:
        """Active ones that hold on a day, first come first."""
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        running = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(begun, running, is_active=True).order_by("order", "pk")


class PriceListItemQuerySet(BaseQuerySet):
    """Prices are seen with their list."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("quotes.view") or actor.can("opportunities.view") else self.none()
