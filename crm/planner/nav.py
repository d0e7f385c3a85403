from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.core.sockets import NavItem, nav

from .selectors import pressing_count


def pressing(actor: Actor) -> int | None:
    """How many of the actor's tasks are overdue or due today."""
    return pressing_count(actor) or None


nav.register(NavItem("tasks", "top", _("Tasks"), "task", "planner:task_list", "planner.view", 30, pressing))
nav.register(
    NavItem(
        "calendar", "top", pgettext_lazy("appointments", "Calendar"), "calendar", "planner:calendar", "planner.view", 31
    )
)
