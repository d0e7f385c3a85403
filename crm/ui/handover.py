"""The shared views of a leaver; personal ones are nobody else's business."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover, handovers

from .generic.actions import give_view
from .models import Audience, SavedView


def _rows(actor: Actor, user: User) -> Any:
    rows = SavedView.objects.filter(owner=user).exclude(audience=Audience.PERSONAL)
    return rows if actor.can("ui.share_views") else rows.none()


def _move(actor: Actor, row: SavedView, to: User) -> dict[str, Any]:
    give_view(actor=actor, view=row, to=to)
    return {"to": to.pk}


def _undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = SavedView.objects.filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    give_view(actor=actor, view=row, to=user)


handovers.register(Handover("views", _("Shared views"), _rows, _move, _undo, order=40))
