"""What a leaver has to do: open tasks, to a colleague or the task's team; meetings to come, to a colleague."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover, handovers

from .actions import change_task, replace_in_meeting
from .models import Meeting, Task


def _rows(actor: Actor, user: User) -> Any:
    return Task.objects.visible_to(actor).open().filter(assignee=user)


def _move(actor: Actor, row: Task, to: User | None) -> dict[str, Any]:
    change_task(actor=actor, task=row, values={"assignee": to})
    return {"to": to.pk if to else None}


def _undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    """A task that somebody finished or handed on meanwhile stays where it is."""
    row = Task.objects.visible_to(actor).open().filter(assignee_id=memory["to"], pk=row_id).first()
    if row is None:
        raise Conflict
    change_task(actor=actor, task=row, values={"assignee": user})


def _meetings(actor: Actor, user: User) -> Any:
    """Those to come that the leaver called; of the others it is their organizers who say who comes."""
    return Meeting.objects.visible_to(actor).to_come(clock.now()).filter(organizer=user)


def _replace(actor: Actor, row: Meeting, to: User) -> dict[str, Any]:
    replace_in_meeting(actor=actor, meeting=row, user=row.organizer, to=to)
    return {"to": to.pk}


def _replace_back(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    rows = Meeting.objects.visible_to(actor).to_come(clock.now())
    row = rows.filter(organizer_id=memory["to"], pk=row_id).select_related("organizer").first()
    if row is None:
        raise Conflict
    replace_in_meeting(actor=actor, meeting=row, user=row.organizer, to=user)


handovers.register(
    Handover("tasks", _("Open tasks"), _rows, _move, _undo, queue_label=_("To nobody"), order=20),
    Handover("meetings", _("Meetings to come that they called"), _meetings, _replace, _replace_back, order=21),
)
