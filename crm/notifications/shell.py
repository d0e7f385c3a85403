"""The bell in the top bar, its live count, and the way to it by keyboard."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import ShellSlot, shell_slots
from crm.ui.pulse import PulseSource, pulse_sources

from .selectors import unread_count


def bell(actor: Actor) -> dict[str, Any]:
    """Only the count; the lines come when the bell is opened."""
    return {"unread": unread_count(actor.user_id)}


shell_slots.register(ShellSlot("notifications.bell", "topbar", "notifications/partials/_bell.html", bell, order=90))
pulse_sources.register(PulseSource("notifications", lambda actor, _argument: unread_count(actor.user_id)))
