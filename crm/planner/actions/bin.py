"""Into the recycle bin, out of it, or gone for good."""

from __future__ import annotations

from typing import Any

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.notifications.models import Notification

from ..choices import Answer
from ..deadlines import reminder_of
from ..ics import CANCEL, REQUEST
from ..models import Meeting, Task
from ..selectors import deleted_meetings, deleted_tasks
from . import meetings
from .invitations import invite
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
    _forget(row)


def _binned(actor: Actor, task: Task) -> Task:
    return _first(deleted_tasks(actor).filter(pk=task.pk))


@action(permission="planner.work")
def delete_meeting(*, actor: Actor, meeting: Meeting) -> None:
    """Puts a meeting into the recycle bin; guests of one to come get a cancellation.

    Its organizer theirs, others with the permission. Raises `NotAllowed`, `NotFound`.
    """
    row = _first(Meeting.objects.visible_to(actor).filter(pk=meeting.pk))
    if row.organizer_id is None or row.organizer_id != actor.user_id:
        actor.require("planner.delete")
    if row.is_to_come:
        row.sequence += 1
        invite(actor, row, row.attendees.all(), CANCEL)
    row.deleted_at, row.deleted_by_id, row.remind_at = clock.now(), actor.user_id, None
    row.save()
    meetings.tell(actor, "planner.meeting_deleted", row)


@action(permission="planner.delete")
def restore_meeting(*, actor: Actor, meeting: Meeting) -> Meeting:
    """Brings a meeting back; guests of one that is still to come are asked anew. Raises `NotFound`."""
    row = _binned_meeting(actor, meeting)
    row.deleted_at, row.deleted_by_id = None, None
    if row.is_to_come:
        row.sequence, row.remind_at = row.sequence + 1, meetings.reminder_of(row)
        row.attendees.update(answer=Answer.NONE, answered_at=None, asked_sequence=row.sequence)
        invite(actor, row, row.attendees.all(), REQUEST)
    row.save()
    meetings.tell(actor, "planner.meeting_restored", row)
    return row


@action(permission="planner.delete")
def erase_meeting(*, actor: Actor, meeting: Meeting) -> None:
    """Removes a meeting of the bin for good; its record's history keeps that it was there. Raises `NotFound`."""
    row = _binned_meeting(actor, meeting)
    meetings.tell(actor, "planner.meeting_erased", row)
    _forget(row)


def _binned_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    return _first(deleted_meetings(actor).filter(pk=meeting.pk))


def _first(rows: Any) -> Any:
    """The row, locked. Raises `NotFound`."""
    row = rows.lock().first()
    if row is None:
        raise NotFound
    return row


def _forget(row: Any) -> None:
    Notification.objects.filter(subject_kind=kind_of(row).code, object_id=row.pk).delete()
    row.delete()
