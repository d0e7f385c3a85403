"""Adding, changing, finishing and reopening tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.accounts.models import Team, User
from crm.activity.recording import kind_of, record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line, clean_text, excerpt

from .. import subjects
from ..choices import TaskKind
from ..deadlines import end_of_day, reminder_of
from ..exceptions import TaskIsDone
from ..models import Task

CHANGEABLE = frozenset({"title", "notes", "what", "assignee", "team", "due_at", "due_on", "remind_minutes"})


@action(permission="planner.work")
def add_task(
    *,
    actor: Actor,
    title: str,
    subject: models.Model | None = None,
    due_at: dt.datetime | None = None,
    due_on: dt.date | None = None,
    assignee: User | None = None,
    team: Team | None = None,
    kind: str = "todo",
    notes: str = "",
    remind_minutes: int | None = 0,
    source_key: str = "",
) -> Task:
    """Adds a task about a record, or about none. kind: a `TaskKind`; due_on: a day without a time.

    A source_key adds one task a record: asking again returns the first, done or deleted though it may be.
    Raises `NotFound` for a record the actor may not see, `Invalid` for the rest.
    """
    task = Task(
        title=title, notes=notes, what=kind, assignee=assignee, team=team, due_at=due_at, due_on=due_on,
        remind_minutes=remind_minutes, source_key=source_key[:80], created_by_id=actor.user_id,
    )  # fmt: skip
    if subject is not None:
        task.kind, task.object_id = seen_kind(actor, subject), subject.pk
    elif source_key:
        raise Invalid(_("A task from a machine needs the record it is about."))
    _check(task)
    _time(task)
    if source_key:
        found = {"kind": task.kind, "object_id": task.object_id, "source_key": task.source_key}
        given = {
            field.attname: getattr(task, field.attname) for field in Task._meta.concrete_fields if field.name != "id"
        }
        stored, is_new = Task.all_objects.get_or_create(**found, defaults=given)
        if not is_new:
            return stored
        task = stored
    else:
        task.save()
    record_on(actor, task, "planner.task_added", subject)
    return task


@action(permission="planner.work", leaves_scope=True)
def change_task(*, actor: Actor, task: Task, values: Mapping[str, Any]) -> Task:
    """Changes any of `CHANGEABLE`; a new due_at without due_on is a moment, a new due_on a day.

    Raises `TaskIsDone`, `Invalid`, `NotFound`.
    """
    row = locked(actor, task)
    if row.is_done:
        raise TaskIsDone
    if set(values) - CHANGEABLE:
        raise Invalid
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    if "due_at" in values and "due_on" not in values:
        row.due_on = None
    _check(row)
    if all(getattr(row, name) == old for name, old in before.items()):
        return row
    _time(row)
    row.save()
    handed = row.assignee_id != getattr(before.get("assignee", row.assignee), "pk", None) or (
        row.team_id != getattr(before.get("team", row.team), "pk", None)
    )
    record_on(actor, row, "planner.task_assigned" if handed else "planner.task_changed")
    return row


@action(permission="planner.work")
def finish_task(*, actor: Actor, task: Task, result: str = "") -> Task:
    """Ticks a task off, with what came of it. Finishing twice changes nothing. Raises `NotFound`."""
    row = locked(actor, task)
    if row.is_done:
        return row
    _finish(actor, row, result)
    return row


@action(permission="planner.work")
def reopen_task(*, actor: Actor, task: Task) -> Task:
    """Makes a finished task open again; what came of it stays. Reopening an open one changes nothing."""
    row = locked(actor, task)
    if not row.is_done:
        return row
    row.done_at, row.done_by_id = None, None
    row.remind_at = reminder_of(row, clock.now())
    row.save(update_fields=["done_at", "done_by", "remind_at"])
    record_on(actor, row, "planner.task_reopened")
    return row


def _finish(actor: Actor, row: Task, result: str, subject: models.Model | None = None) -> None:
    row.done_at, row.done_by_id, row.result = clock.now(), actor.user_id, clean_text(result, 4000)
    row.remind_at = None
    row.save(update_fields=["done_at", "done_by", "result", "remind_at"])
    record_on(actor, row, "planner.task_finished", subject, text=row.result)


def locked(actor: Actor, task: Task) -> Task:
    """The task, fresh and locked, out of the actor's set. Raises `NotFound`."""
    row = Task.objects.visible_to(actor).lock().filter(pk=task.pk).first()
    if row is None:
        raise NotFound
    return row  # type: ignore[no-any-return]


def seen_kind(actor: Actor, subject: models.Model) -> int:
    """The stored number of the record's kind. Raises `NotFound` for one outside the actor's set or without tasks."""
    kind = kind_of(subject)
    declared = subjects.subjects.get(kind.key)
    if declared is None or not declared.rows(actor).filter(pk=subject.pk).exists():
        raise NotFound
    return int(kind.code)


def _check(task: Task) -> None:
    task.title, task.notes = clean_line(task.title, 200), clean_text(task.notes, 4000)
    wrong: dict[str, object] = {}
    if not task.title:
        wrong["title"] = _("Say what has to be done")
    if task.what not in TaskKind.values:
        wrong["what"] = _("Choose the kind")
    if task.assignee is not None and not task.assignee.is_active:
        wrong["assignee"] = _("Choose a colleague who still works here")
    if task.remind_minutes is not None and not 0 <= task.remind_minutes <= 40_320:
        wrong["remind_minutes"] = _("Choose at most four weeks")
    if wrong:
        raise Invalid(fields=wrong)


def _time(task: Task) -> None:
    """Sets what follows from the deadline: the end of its day, and when to remind."""
    if task.due_on is not None:
        task.due_at = end_of_day(task.due_on, task.assignee)
    task.remind_at = reminder_of(task, clock.now())


def record_on(actor: Actor, task: Task, type: str, subject: models.Model | None = None, text: str = "") -> None:
    """Writes the deed on the task, its record and whatever its kind names besides."""
    declared = subjects.by_code(task.kind)
    if declared is not None and subject is None:
        subject = declared.rows(Actor.system()).filter(pk=task.object_id).first()
    further = declared.anchors(subject) if declared is not None and subject is not None else ()
    holder = task.assignee.name if task.assignee else dict(task.team.name) if task.team else "--"
    data = {"title": task.title, "holder": holder, "assignee_id": task.assignee_id, "team_id": task.team_id}
    if text:
        data["text"] = excerpt(text, 280)
    record(actor=actor, type=type, subject=task, anchors=[subject, *further], data=data)


@action()
def move_tasks(
    *, actor: Actor, source: models.Model, to: models.Model, only: Collection[int] | None = None
) -> list[int]:
    """Hangs the open tasks of one record on another, inside the verb that joins or parts the two.

    only: ids, for undoing. A task of a machine stays where the other record already has its own. Returns the ids.
    """
    rows = Task.objects.on(source).open()
    if only is not None:
        rows = rows.filter(pk__in=only)
    taken = set(Task.all_objects.filter(kind=kind_of(to).code, object_id=to.pk).values_list("source_key", flat=True))
    moved = [row.pk for row in rows.lock() if not row.source_key or row.source_key not in taken]
    Task.objects.filter(pk__in=moved).update(kind=kind_of(to).code, object_id=to.pk, updated_at=clock.now())
    return moved


@action()
def settle_tasks(
    *, actor: Actor, subject: models.Model, result: str, to: User | None = None, only: Collection[int] | None = None
) -> int:
    """Ends the open tasks of a record inside the verb that ends the record: with a result, or in a colleague's hands.

    to: who goes on with those that people added; what a machine asked for is over all the same. only: ids. Returns
    how many. Raises `Invalid` for a colleague who left.
    """
    if to is not None and not to.is_active:
        raise Invalid(fields={"to": _("Choose a colleague who still works here")})
    rows = Task.objects.on(subject).open().select_related("assignee", "team").lock()
    found = list(rows.filter(pk__in=only) if only is not None else rows)
    for row in found:
        if to is not None and not row.source_key:
            row.assignee = to
            _time(row)
            row.save()
            record_on(actor, row, "planner.task_assigned", subject)
        else:
            _finish(actor, row, result, subject)
    return len(found)
