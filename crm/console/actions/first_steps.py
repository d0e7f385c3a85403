"""Which first steps are shown."""

from __future__ import annotations

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound, NotReady
from crm.core.first_steps import setup_steps
from crm.core.models import Brand, Installation


@action(permission="console.view_settings")
def skip_step(*, actor: Actor, key: str, is_skipped: bool) -> None:
    """Says that a step is not needed here, or that it is after all. Raises `NotFound`, `NotReady` for a needed one."""
    step = setup_steps.offered(key)
    if step is None:
        raise NotFound
    actor.require(step.permission)
    if step.needed and is_skipped:
        raise NotReady
    row = _locked()
    keys = set(row.steps_skipped) - {key} | ({key} if is_skipped else set())
    row.steps_skipped = sorted(keys)
    row.save(update_fields=["steps_skipped"])
    _tell(actor, step=key, change="skipped" if is_skipped else "wanted")


@action(permission="console.manage_apps")
def hide_steps(*, actor: Actor, is_hidden: bool) -> None:
    """Puts the list away for everybody, or shows it again."""
    row = _locked()
    row.steps_hidden_at = clock.now() if is_hidden else None
    row.save(update_fields=["steps_hidden_at"])
    _tell(actor, step="", change="hidden" if is_hidden else "shown")


def _locked() -> Installation:
    Installation.objects.get_or_create(pk=Installation.ONLY)
    return Installation.objects.select_for_update().get(pk=Installation.ONLY)


def _tell(actor: Actor, *, step: str, change: str) -> None:
    record(actor=actor, type="console.steps_changed", subject=Brand.default(), data={"step": step, "change": change})
