"""The block "Tasks" on the page of every kind of record that has tasks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.sockets import Panel, panels

from .choices import TaskKind
from .forms.tasks import SOON
from .selectors import meetings_beside, tasks_beside
from .subjects import subjects

TEMPLATE = "planner/panels/_tasks.html"


def context(actor: Actor, record: Any) -> dict[str, Any]:
    """What the block shows of a record, and the line that adds a task."""
    return {
        "tasks": tasks_beside(actor, record),
        "about": f"{kind_of(record).key}:{record.pk}",
        "soon": SOON,
        "task_kinds": TaskKind.choices,
        "meetings": meetings_beside(actor, record),
        "may_work": actor.can("planner.work"),
    }


panels.register(
    *(
        Panel(f"planner.tasks.{subject.key}", subject.key, _("Tasks"), TEMPLATE, context, "planner.view",
              order=subject.order)
        for subject in subjects
    )
)  # fmt: skip
