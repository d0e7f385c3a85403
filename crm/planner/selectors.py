"""Reads about tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import F, Model
from django.utils import timezone

from crm.core import clock
from crm.core.actor import Actor

from .models import Meeting, Task
from .querysets import MeetingQuerySet, TaskQuerySet

#: How many a panel or a group on the home page shows.
SHOWN, RECENT = 20, 3
#: A meeting without an outcome is asked about on its record for so long.
OUTCOME_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Beside:
    """The tasks of a record: the open ones by deadline, the last finished ones, how many more are open."""

    open: list[Task]
    done: list[Task]
    more: int


def tasks_beside(viewer: Actor, record: Model) -> Beside:
    """The tasks of a record that the viewer sees. Three queries."""
    rows = Task.objects.visible_to(viewer).on(record).select_related("assignee", "team")
    found = list(rows.open().order_by(F("due_at").asc(nulls_last=True), "pk")[: SHOWN + 1])
    more = rows.open().count() - SHOWN if len(found) > SHOWN else 0
    return Beside(found[:SHOWN], list(rows.done().order_by("-done_at")[:RECENT]), more)


def meetings_beside(viewer: Actor, record: Model) -> list[Meeting]:
    """The meetings of a record that are to come, and those that still want an outcome. One query."""
    rows = Meeting.objects.visible_to(viewer).on(record).planned().filter(held_at__isnull=True)
    return list(rows.filter(starts_at__gt=clock.now() - OUTCOME_WITHIN).order_by("starts_at", "pk")[:SHOWN])


@dataclass(frozen=True, slots=True)
class Agenda:
    """One's own open tasks: late, for today, the next ones; and those without a deadline count as next."""

    overdue: list[Task]
    today: list[Task]
    next: list[Task]

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.today or self.next)


def agenda_of(viewer: Actor, size: int = 6) -> Agenda:
    """What the viewer has to do, in the time zone that is active. Two queries and one a kind of record."""
    now, tonight = clock.now(), _midnight()
    rows = Task.objects.visible_to(viewer).mine(viewer).open().with_subjects(viewer).select_related("assignee", "team")
    pressing = list(rows.filter(due_at__lte=tonight).order_by("due_at", "pk")[: size * 2])
    later = rows.exclude(due_at__lte=tonight).order_by(F("due_at").asc(nulls_last=True), "pk")
    overdue = [task for task in pressing if task.is_overdue(now)]
    today = [task for task in pressing if not task.is_overdue(now)]
    return Agenda(overdue[:size], today[:size], list(later[:size]))


def pressing_count(viewer: Actor) -> int:
    """How many of the viewer's own tasks are overdue or due today; up to 99."""
    rows = Task.objects.filter(assignee_id=viewer.user_id or 0).open()
    return rows.filter(due_at__lte=_midnight())[:99].count()


def deleted_tasks(viewer: Actor) -> TaskQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return TaskQuerySet(Task).filter(deleted_at__isnull=False).visible_to(viewer)


def deleted_meetings(viewer: Actor) -> MeetingQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return MeetingQuerySet(Meeting).filter(deleted_at__isnull=False).visible_to(viewer)


def _midnight() -> datetime:
    """The end of the reader's day."""
    tomorrow = timezone.localtime(clock.now()).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))
