"""Columns, density and page size that a person keeps per list."""

from __future__ import annotations

from crm.core.actor import Actor

from ..models import ListPreference


def of(actor: Actor, list_key: str) -> ListPreference | None:
    """The actor's preference for a list, or None. One query."""
    return ListPreference.objects.filter(user_id=actor.user_id or 0, list_key=list_key).first()
