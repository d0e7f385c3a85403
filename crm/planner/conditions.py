"""What rules and views may ask about the tasks of a record: any open one, any late one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field, fields
from crm.core import clock

from .models import Task
from .subjects import TaskSubject, subjects

Narrow = Callable[[Any, Any], Any]


_WATCHED = tuple(
    f"planner.task_{deed}" for deed in ("added", "changed", "finished", "reopened", "deleted", "restored", "erased")
)


def _field(subject: TaskSubject, name: str, label: Any, narrow: Narrow, order: int, *, by_time: bool) -> Field:
    """narrow(tasks, now): the statement is cached, so there the database says what time it is."""

    def expression() -> Any:
        return Exists(narrow(Task.objects.filter(kind=subject.code, object_id=OuterRef("pk")), Now()))

    def python(record: Any) -> bool:
        return bool(narrow(Task.objects.filter(kind=subject.code, object_id=record.pk), clock.now()).exists())

    def next_late() -> Any:
        tasks = Task.objects.filter(kind=subject.code, object_id=OuterRef("pk")).open().filter(due_at__gte=Now())
        return Subquery(tasks.order_by("due_at").values("due_at")[:1])

    return Field(
        f"{subject.key}.{name}", subject.key, label, "boolean", expression, permission="planner.view", python=python,
        order=order, watches=_WATCHED, moves_at=next_late if by_time else None,
    )  # fmt: skip


for _subject in subjects:
    fields.register(
        _field(_subject, "has_open_task", _("Has an open task"), lambda tasks, now: tasks.open(), 200, by_time=False),
        _field(
            _subject,
            "has_overdue_task",
            _("Has an overdue task"),
            lambda tasks, now: tasks.overdue(now),
            201,
            by_time=True,
        ),
    )
