"""One's own tasks on the home page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.core.sockets import ShellSlot, shell_slots

from .selectors import agenda_of


def my_tasks(actor: Actor) -> dict[str, Any]:
    """Late, for today, next."""
    agenda = agenda_of(actor)
    groups = [(_("Overdue"), agenda.overdue), (_("Today"), agenda.today), (pgettext_lazy("tasks", "Next"), agenda.next)]
    return {"groups": [group for group in groups if group[1]]}


shell_slots.register(
    ShellSlot("planner.mine", "home.side", "planner/home/_mine.html", my_tasks, "planner.work", 10),
)
