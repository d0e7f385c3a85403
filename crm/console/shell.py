"""What the platform puts into the shell: availability in the top bar, set-up hints on home."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import ShellSlot, shell_slots

from .selectors.setup import missing_steps


def setup_hints(actor: Actor) -> dict[str, Any]:
    return {"hints": missing_steps(actor), "title": _("Finish setting up")}


shell_slots.register(
    ShellSlot("console.availability", "topbar", "console/partials/_availability.html", lambda actor: {}, order=90),
    ShellSlot("console.setup", "home", "console/partials/_setup.html", setup_hints, "console.view_settings", order=5),
)
