"""Figures that leave the product."""

from __future__ import annotations

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound


@action(permission="reports.export")
def record_export(*, actor: Actor, card: str, rows: int, query: str) -> None:
    """Writes down that figures left the product. Subject is the person who took them.

    Raises `NotAllowed`; `NotFound` for an actor that is no member of staff.
    """
    if actor.user_id is None:
        raise NotFound
    user = User.objects.get(pk=actor.user_id)
    record(actor=actor, type="reports.exported", subject=user, data={"card": card, "rows": rows, "query": query})
