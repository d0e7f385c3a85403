"""Access to saved views: one's own, those of one's teams, and everybody's."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet


class SavedViewQuerySet(BaseQuerySet):
    """Views of lists."""

    def visible_to(self, actor: Actor) -> Self:
        if not actor.is_staff:
            return super().visible_to(actor)
        return self.filter(
            Q(owner_id=actor.user_id) | Q(audience="everybody") | Q(audience="team", team_id__in=actor.grants.team_ids)
        )

    def editable_by(self, actor: Actor) -> Self:
        """One's own; who may share views may also change shared ones."""
        own = Q(owner_id=actor.user_id)
        return self.visible_to(actor).filter(own | ~Q(audience="personal") if actor.can("ui.share_views") else own)
