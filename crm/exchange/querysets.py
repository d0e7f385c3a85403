"""Who sees which imports."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet

from .choices import Outcome


class ImportQuerySet(BaseQuerySet):
    """One's own, and everybody's for who may review imports."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system or (actor.is_staff and actor.can("exchange.review")):
            return self
        return self.filter(owner_id=actor.user_id) if actor.is_staff and actor.can("exchange.use") else self.none()

    def matching(self, text: str) -> Self:
        """By the name of the file."""
        return self.filter(name__icontains=text.strip())


class OfImportQuerySet(BaseQuerySet):
    """Rows that are seen with their import."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Import

        return self.filter(batch__in=Import.objects.visible_to(actor))


class FindingQuerySet(OfImportQuerySet):
    """What was found in the rows of a file."""

    def errors(self) -> Self:
        return self.filter(outcome=Outcome.WRONG)

    def left_out(self) -> Self:
        """Rows that were, or will be, left out."""
        return self.filter(Q(outcome=Outcome.WRONG) | Q(outcome=Outcome.SKIPPED))
