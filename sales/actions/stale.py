"""Telling of deals that stand still, once a stay in a stage."""

from __future__ import annotations

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..models import Opportunity
from ..staleness import days_in_stage, stale_terms
from .opportunities import tell

BATCH = 100


@action()
def mark_stale(*, actor: Actor) -> int:
    """Notes up to 100 deals of the actor's set that passed the usual days of their stage. Returns how many."""
    rows = Opportunity.objects.visible_to(actor).filter(stale_terms(), stale_told_at__isnull=True)
    found = list(
        rows.select_related("stage", "customer", "contact")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")[:BATCH]
    )
    for deal in found:
        deal.stale_told_at = clock.now()
        deal.save(update_fields=["stale_told_at"])
        tell(actor, "opportunities.went_stale", deal, {"stage": dict(deal.stage.name), "days": days_in_stage(deal)})
    return len(found)
