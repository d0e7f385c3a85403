"""Reads about deals, viewer first."""

from __future__ import annotations

from crm.core.actor import Actor

from .models import Opportunity
from .querysets import OpportunityQuerySet


def deleted_opportunities(viewer: Actor) -> OpportunityQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return OpportunityQuerySet(Opportunity).filter(deleted_at__isnull=False).visible_to(viewer)
