"""Into the recycle bin, out of it, or gone for good."""

from __future__ import annotations

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.notifications.models import Notification

from ..deadlines import reminder_of
from ..models import Task
from ..selectors import deleted_tasks
from .tasks import locked, record_on


@action(permission="planner.work")
def delete_task(*, actor: Actor, task: Task) -> None:
    """Puts a task into the recycle bin: its author theirs, others with the permission. Raises `NotAllowed`."""
    row = locked(actor, task)
    if row.created_by_id is None or row.created_by_id != actor.user_id:
        actor.require("planner.delete")
    row.deleted_at, row.deleted_by_id, row.remind_at = clock.now(), actor.user_id, None
    row.save(update_fields=["deleted_at", "deleted_by_id", "remind_at"])
    record_on(actor, row, "planner.task_deleted")


@action(permission="planner.delete")
def restore_task(*, actor: Actor, task: Task) -> Task:
    """Brings a task back. Raises `NotFound`."""
    row = _binned(actor, task)
    row.deleted_at, row.deleted_by_id = None, None
    row.remind_at = None if row.is_done else reminder_of(row, clock.now())
    row.save(update_fields=["deleted_at", "deleted_by_id", "remind_at"])
    record_on(actor, row, "planner.task_restored")
    return row


@action(permission="planner.delete")
def erase_task(*, actor: Actor, task: Task) -> None:
    """Removes a task of the bin for good; its record's history keeps that it was there. Raises `NotFound`."""
    row = _binned(actor, task)
    record_on(actor, row, "planner.task_erased")
    Notification.objects.filter(subject_kind=kind_of(row).code, object_id=row.pk).delete()
    row.delete()


def _binned(actor: Actor, task: Task) -> Task:
    row: Task | None = deleted_tasks(actor).lock().filter(pk=task.pk).first()
    if row is None:
        raise NotFound
    return row
