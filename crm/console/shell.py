"""What the platform puts into the shell: availability in the top bar, set-up hints on home, that a copy is held."""

from __future__ import annotations

import time
from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import ShellSlot, shell_slots

from .actions.demo import open_run
from .selectors.first_steps import FirstSteps, are_hidden, first_steps, team_without_members
from .selectors.readiness import held_reason


def setup_list(actor: Actor) -> dict[str, Any]:
    """The first steps; once they are put away only what has broken since."""
    first = FirstSteps([], True, team_without_members()) if are_hidden() else first_steps(actor)
    return {"first": first, "may_hide": actor.can("console.manage_apps")}


#: A page need not ask more often whether this copy is held.
_LOOK_EVERY_SECONDS = 30
_seen: dict[str, Any] = {"at": float("-inf"), "reason": ""}


def held_banner(actor: Actor) -> dict[str, Any]:
    """Why this copy sends nothing, remembered in this process for `_LOOK_EVERY_SECONDS`."""
    now = time.monotonic()
    if now - _seen["at"] > _LOOK_EVERY_SECONDS:
        _seen.update(at=now, reason=held_reason())
    return {"reason": _seen["reason"]}


_demo: dict[str, Any] = {"at": float("-inf"), "is_loaded": False}


def demo_banner(actor: Actor) -> dict[str, Any]:
    """Whether demo data is there, remembered in this process for `_LOOK_EVERY_SECONDS`."""
    now = time.monotonic()
    if now - _demo["at"] > _LOOK_EVERY_SECONDS:
        _demo.update(at=now, is_loaded=open_run() is not None)
    return {"is_loaded": _demo["is_loaded"]}


shell_slots.register(
    ShellSlot("console.demo", "banner", "console/partials/_demo_banner.html", demo_banner, "console.manage_apps"),
    ShellSlot("console.held", "banner", "console/partials/_held.html", held_banner, "console.manage_jobs"),
    ShellSlot("console.availability", "topbar", "console/partials/_availability.html", lambda actor: {}, order=90),
    ShellSlot("console.setup", "home", "console/partials/_setup.html", setup_list, "console.view_settings", order=5),
)
