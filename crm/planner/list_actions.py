"""What can be done with many tasks at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.lists import BulkAction, bulk_actions

from . import actions
from .forms.tasks import MoveForm
from .models import Task


def _finish(actor: Actor, task: Task, values: dict[str, Any]) -> None:
    actions.finish_task(actor=actor, task=task)


def _move(actor: Actor, task: Task, values: dict[str, Any]) -> None:
    changes: dict[str, Any] = {}
    if values.get("due_day"):
        changes |= {"due_on": values["due_day"], "due_at": None}
    if values.get("assignee"):
        changes["assignee"] = values["assignee"]
    actions.change_task(actor=actor, task=task, values=changes)


bulk_actions.register(
    BulkAction("finish", "task", _("Mark as done"), _finish, "done", "planner.work", order=10),
    BulkAction("move", "task", _("Move"), _move, "calendar", "planner.work", MoveForm, order=20),
)
