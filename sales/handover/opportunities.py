"""The open deals that a leaver owns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover

from ..actions import hand_over
from ..models import Opportunity


def _rows(actor: Actor, user: User) -> Any:
    return Opportunity.objects.visible_to(actor).open().filter(owner=user)


def _move(actor: Actor, row: Opportunity, to: User) -> dict[str, Any]:
    hand_over(actor=actor, opportunity=row, to=to)
    return {"to": to.pk}


def _undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Opportunity.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    hand_over(actor=actor, opportunity=row, to=user)


DEALS = Handover("opportunities", _("Open opportunities they own"), _rows, _move, _undo, order=30)
