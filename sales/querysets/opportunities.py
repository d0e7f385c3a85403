"""Who sees which deals, and how they are narrowed."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DecimalField, ExpressionWrapper, F, Model, Q
from django.db.models.functions import Coalesce

from crm.core import names
from crm.core.actor import Actor, Scope
from crm.core.containing import containing
from crm.core.querysets import ScopedQuerySet, SeenWithQuerySet

_MONEY = DecimalField(max_digits=20, decimal_places=4)
#: The win probability in per cent: the deal's own, else its stage's.
CHANCE = Coalesce(F("probability"), F("stage__probability"))
#: Amount × probability, unrounded.
WEIGHTED = ExpressionWrapper(F("amount") * CHANCE / 100, output_field=_MONEY)
#: The same of a snapshot, by the chance that counted then.
KEPT_WEIGHTED = ExpressionWrapper(F("amount") * F("chance") / 100, output_field=_MONEY)


class OpportunityQuerySet(ScopedQuerySet):
    """Deals by owner, collaborators and department."""

    _steps_for: Actor | None = None
    module = "opportunities"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def scope_terms(self, actor: Actor, scope: Scope) -> Q:
        """Whoever works on a deal sees it, whatever the department."""
        from ..models import Collaborator

        terms = super().scope_terms(actor, scope)
        if scope == Scope.NONE or actor.id is None:
            return terms
        mine = Collaborator.objects.filter(user_id=actor.id).order_by().values("opportunity_id")
        return terms | Q(pk__any_of=ArraySubquery(mine))

    def visible_in_outline(self, actor: Actor) -> Self:
        """Deals of customers the actor may see: name, stage and owner, for the customer's page."""
        from customers.models import Customer

        if actor.can("opportunities.view") and actor.scope("opportunities") == Scope.ALL:
            return self
        if not actor.can("customers.view"):
            return self.visible_to(actor)
        may = actor.can("opportunities.view")
        own = self.scope_terms(actor.effective, actor.scope("opportunities")) if may else Q(pk__in=[])
        return self.filter(own | Q(customer__in=Customer.objects.visible_to(actor)))

    def open(self) -> Self:
        return self.filter(won_at__isnull=True, lost_at__isnull=True)

    def won(self) -> Self:
        return self.filter(won_at__isnull=False)

    def lost(self) -> Self:
        return self.filter(lost_at__isnull=False)

    def with_chance(self) -> Self:
        """Rows know their win probability in per cent as `chance_now`."""
        return self.annotate(chance_now=CHANCE)

    def matching(self, text: str) -> Self:
        """By name, pinyin, initials, number, or the customer's name."""
        from customers.models import Customer

        text = text.strip()
        customers = Customer.objects.filter(search_key__contains=names.fold(text)).order_by().values("pk")
        terms = containing("search_key", names.fold(text)) | Q(customer_id__any_of=ArraySubquery(customers))
        digits = text.lstrip("oO-").strip()
        if digits.isdecimal() and len(digits) < 18:
            terms |= Q(number=int(digits))
        return self.filter(terms)

    def with_next_tasks(self, viewer: Actor) -> Self:
        """Fetched rows know their next open task as `next_task`, None without one. One query more."""
        rows = self._chain()
        rows._steps_for = viewer
        return rows

    def _clone(self) -> Any:
        clone = super()._clone()
        clone._steps_for = self._steps_for
        return clone

    def _fetch_all(self) -> None:
        from ..selectors.opportunities import next_tasks

        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self._steps_for is not None:
            rows = [row for row in self._result_cache or () if isinstance(row, Model)]
            tasks = next_tasks(self._steps_for, [row.pk for row in rows])
            for row in rows:
                row.next_task = tasks.get(row.pk)  # type: ignore[attr-defined]


class OfOpportunityQuerySet(SeenWithQuerySet):
    """Rows that belong to a deal and are seen with it."""

    seen_with = "opportunity"
