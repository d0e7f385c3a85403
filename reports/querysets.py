"""Who sees which dashboards and which mailed reports."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet


class DashboardQuerySet(BaseQuerySet):
    """One's own dashboards, those of one's teams and everybody's."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if not actor.can("reports.view"):
            return self.none()
        reader = actor.effective
        own = Q(owner_id=reader.user_id) if reader.user_id is not None else Q(pk__in=[])
        return self.filter(own | Q(audience="everybody") | Q(audience="team", team_id__in=reader.grants.team_ids))

    def editable_by(self, actor: Actor) -> Self:
        """One's own."""
        return self.visible_to(actor).filter(owner_id=actor.user_id or 0)


class MailedReportQuerySet(BaseQuerySet):
    """What one mails to others, and what one is mailed."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if not actor.is_staff or actor.user_id is None:
            return self.none()
        from .models import Reader

        mine = Reader.objects.filter(user_id=actor.user_id).values("mail_id")
        return self.filter(Q(owner_id=actor.user_id) | Q(pk__in=mine))

    def editable_by(self, actor: Actor) -> Self:
        """One's own."""
        return self.visible_to(actor).filter(owner_id=actor.user_id or 0)


class OfMailQuerySet(BaseQuerySet):
    """Readers, seen with what they are mailed by whoever mails it; otherwise only oneself."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if not actor.is_staff or actor.user_id is None:
            return self.none()
        return self.filter(Q(user_id=actor.user_id) | Q(mail__owner_id=actor.user_id))
