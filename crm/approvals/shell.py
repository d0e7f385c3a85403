"""What waits for one's approval, on the home page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import ShellSlot, shell_slots

from .selectors import ON_HOME, described, waiting_for


def waiting(actor: Actor) -> dict[str, Any]:
    """Each with its first facts; nothing at all while nothing waits."""
    rows = list(waiting_for(actor)[: ON_HOME + 1])
    return {
        "approvals": [(row, described(row)[:4]) for row in rows[:ON_HOME]],
        "more": len(rows) > ON_HOME,
        "title": _("Waiting for my approval"),
    }


shell_slots.register(
    ShellSlot("approvals.waiting", "home", "approvals/home/_waiting.html", waiting, "approvals.decide", 8),
)
