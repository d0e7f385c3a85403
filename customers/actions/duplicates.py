"""Saying that two customers who look alike are two."""

from __future__ import annotations

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound

from ..models import PossibleDuplicate


@action(permission="customers.merge")
def dismiss_duplicate(*, actor: Actor, pair: PossibleDuplicate) -> None:
    """They are not suggested again. Raises `NotFound` for a pair of which the actor does not see both."""
    row = PossibleDuplicate.objects.visible_to(actor).lock().filter(pk=pair.pk).first()
    if row is None:
        raise NotFound
    if row.dismissed_at is None:
        row.dismissed_at = clock.now()
        row.save(update_fields=["dismissed_at"])
