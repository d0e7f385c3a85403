"""The open tasks of a leaver: to a colleague, or to the task's team."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover, handovers

from .actions import change_task
from .models import Task


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


handovers.register(Handover("tasks", _("Open tasks"), _rows, _move, _undo, queue_label=_("To nobody"), order=20))
