"""Who sees which approvals."""

from __future__ import annotations

from typing import Self

from django.db.models import Exists, Model, OuterRef, Q

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet, SeenWithQuerySet

from .choices import Answer, State


class ApprovalQuerySet(BaseQuerySet):
    """Approvals: those one asked for, those one is asked to give, all of them with the permission to see all."""

    def visible_to(self, actor: Actor) -> Self:
        who = actor.effective
        if actor.sees_all:
            return self
        if not who.is_staff or not actor.can("approvals.decide"):
            return self.none()
        if actor.can("approvals.view_all"):
            return self
        return self.filter(Q(requested_by_id=who.id) | self._asked(who.id))

    def on(self, record: Model) -> Self:
        """The approvals of a record."""
        return self.filter(kind=kind_of(record).code, object_id=record.pk)

    def pending(self) -> Self:
        return self.filter(state=State.PENDING)

    def waiting_for(self, user_id: int | None) -> Self:
        """Those whose present step waits for this person."""
        return self.pending().filter(self._asked(user_id or 0, present=True))

    @staticmethod
    def _asked(user_id: int | None, present: bool = False) -> Exists:
        from .models import Approver

        asked = Approver.objects.filter(step__approval_id=OuterRef("pk"), user_id=user_id)
        if present:
            asked = asked.filter(answer=Answer.WAITING, step__position=OuterRef("position"))
        return Exists(asked.order_by())


class OfApprovalQuerySet(SeenWithQuerySet):
    """Rows seen with their approval."""

    seen_with = "approval"
