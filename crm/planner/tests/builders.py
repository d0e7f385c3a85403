"""Tasks for tests, made by the action."""

from __future__ import annotations

import itertools
from typing import Any

from crm.core.actor import Actor
from crm.planner.actions import add_task
from crm.planner.models import Task

_numbers = itertools.count(1)


def make_task(actor: Actor | None = None, **values: Any) -> Task:
    """A task; the system's unless somebody adds it."""
    return add_task(actor=actor or Actor.system(), title=values.pop("title", f"Task {next(_numbers)}"), **values)
