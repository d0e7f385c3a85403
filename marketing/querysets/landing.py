"""Who sees which landing pages, and what came in through them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import Q

from crm.core import names
from crm.core.querysets import ScopedQuerySet, SeenWithQuerySet

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


class OfLandingPageQuerySet(SeenWithQuerySet):
    """Rows that belong to a landing page and are seen with it."""

    seen_with = "page"

    def between(self, first: dt.date, last: dt.date) -> Self:
        """Of these days, both included, in the company's zone."""
        return self.filter(day__range=(first, last))
