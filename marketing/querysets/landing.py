"""Who sees which landing pages, and what came in through them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import Q

from crm.core import names
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet, ScopedQuerySet

from ..choices.landing import PageStatus


class LandingPageQuerySet(ScopedQuerySet):
    """Landing pages by owner and department."""

    module = "landing"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def public(self) -> Self:
        """What anybody may open."""
        return self.filter(status=PageStatus.PUBLISHED)

    def matching(self, text: str) -> Self:
        """By a piece of the name, pinyin and initials included, or of the address."""
        return self.filter(Q(search_key__contains=names.fold(text)) | Q(slug__contains=text.strip().lower()))


class OfLandingPageQuerySet(BaseQuerySet):
    """Rows that belong to a landing page and are seen with it."""

    def visible_to(self, actor: Actor) -> Self:
        from ..models import LandingPage

        if actor.is_system and actor.on_behalf_of is None:
            return self
        return self.filter(page__in=LandingPage.objects.visible_to(actor))

    def between(self, first: dt.date, last: dt.date) -> Self:
        """Of these days, both included, in the company's zone."""
        return self.filter(day__range=(first, last))
