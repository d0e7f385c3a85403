"""The socket of the planner: kinds of record that tasks may hang on. Fill `<app>/task_subjects.py`.

    subjects.register(TaskSubject("ticket", "tickets.view", anchors=lambda ticket: [ticket.customer]))

One line gives the kind its panel "Tasks", its conditions ("has an open task") and its terms in `visible_to`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from crm.core.actor import Actor
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, kinds


def _no_anchors(record: Any) -> Iterable[models.Model | None]:
    return ()


def _no_guests(actor: Actor, record: Any) -> Iterable[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class TaskSubject:
    """A kind of record with tasks. key: its Kind key; the model's `visible_to` says whose tasks one sees.

    permission: what opens the record's page. anchors(record): further records whose timeline tells of its tasks.
    order: of the panel on the record's page. guests(actor, record): whom outside one may ask to a meeting about it.
    held(actor, record, meeting): logs a meeting whose outcome is noted in the app's own way; returns the record whose
    timeline tells of it by that, or None.
    """

    key: str
    permission: str
    anchors: Callable[[Any], Iterable[models.Model | None]] = _no_anchors
    order: int = 5
    guests: Callable[[Actor, Any], Iterable[Any]] = _no_guests
    held: Callable[[Actor, Any, Any], models.Model | None] | None = None

    @property
    def code(self) -> int:
        """The number stored on tasks."""
        return int(kinds[self.key].code)

    def rows(self, actor: Actor) -> Any:
        """The records of the kind that the actor may see."""
        model = apps.get_model(kinds[self.key].model)
        if self.permission and not actor.can(self.permission):
            return model._default_manager.none()
        return model._default_manager.all().visible_to(actor)  # type: ignore[attr-defined]


subjects: Registry[TaskSubject] = Registry("task subjects")
ALL_REGISTRIES.append(subjects)


def on_visible_subjects(actor: Actor) -> Q:
    """The condition "the task's record is in the actor's set": a look-up by primary key for each task in question.

    An array of the visible records would be read whole before the first task is found; most viewers see far more
    records than there are open tasks.
    """
    terms = Q(pk__in=[])
    for subject in subjects:
        visible = subject.rows(actor).filter(pk=OuterRef("object_id")).order_by()
        terms |= Q(kind=subject.code) & Q(Exists(visible))
    return terms


def by_code(code: int | None) -> TaskSubject | None:
    """The declaration stored as that number, or None when there is none."""
    kind = kinds.by_code(code) if code is not None else None
    return subjects.get(kind.key) if kind else None
