"""The teams that a leaver supervises."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import TeamMembership, User
from crm.core.actor import Actor
from crm.core.sockets import Handover, handovers

from .actions.structure import hand_over_supervision, take_back_supervision


def _rows(actor: Actor, user: User) -> Any:
    rows = TeamMembership.objects.filter(user=user, is_supervisor=True).select_related("team", "user")
    return rows if actor.can("console.manage_structure") else rows.none()


def _move(actor: Actor, row: TeamMembership, to: User) -> dict[str, Any]:
    return hand_over_supervision(actor=actor, membership=row, to=to)


def _undo(actor: Actor, user: User, _row_id: int, memory: dict[str, Any]) -> None:
    take_back_supervision(actor=actor, user=user, memory=memory)


handovers.register(Handover("teams", _("Teams they supervise"), _rows, _move, _undo, order=30))
