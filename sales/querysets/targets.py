"""Who sees which sales targets."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from crm.core.actor import Actor, Scope
from crm.core.querysets import BaseQuerySet


class TargetQuerySet(BaseQuerySet):
    """Targets by the data scope of opportunities: one's own, those of one's teams, departments, or all."""

    def visible_to(self, actor: Actor) -> Self:
        if not actor.can("opportunities.view"):
            return self.none()
        scope, grants = actor.scope("opportunities"), actor.effective.grants
        if scope == Scope.ALL:
            return self
        terms = Q(user_id=actor.effective.id) if actor.effective.id is not None else Q(pk__in=[])
        if scope >= Scope.OWN:
            terms |= Q(team_id__in=grants.team_ids)
        if scope >= Scope.DEPARTMENT:
            terms |= Q(department_id__in=grants.department_ids) | Q(team_id__in=grants.department_team_ids)
            terms |= Q(user__department_id__in=grants.department_ids)
        return self.filter(terms)
