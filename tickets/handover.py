"""The open tickets of a leaver: to a colleague of the team, or back to the team's queue."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover, handovers

from .actions import reassign_ticket
from .models import Ticket


def _rows(actor: Actor, user: User) -> Any:
    return Ticket.objects.visible_to(actor).unresolved().filter(assignee=user).select_related("team")


def _move(actor: Actor, row: Ticket, to: User | None) -> dict[str, Any]:
    reassign_ticket(actor=actor, ticket=row, team=row.team, assignee=to)
    return {"to": to.pk if to else None, "team": row.team_id}


def _undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    """A ticket that somebody took, handed on or solved meanwhile stays where it is."""
    found = Ticket.objects.visible_to(actor).unresolved().filter(assignee_id=memory["to"], team_id=memory["team"])
    row = found.select_related("team").filter(pk=row_id).first()
    if row is None:
        raise Conflict
    reassign_ticket(actor=actor, ticket=row, team=row.team, assignee=user)


handovers.register(
    Handover("tickets", _("Open tickets"), _rows, _move, _undo, queue_label=_("Back to the team's queue"), order=10)
)
