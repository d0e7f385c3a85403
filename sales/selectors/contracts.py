"""Reads about contracts, viewer first."""

from __future__ import annotations

from crm.core.actor import Actor

from ..models import Contract
from ..querysets.contracts import ContractQuerySet


def deleted_contracts(viewer: Actor) -> ContractQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return ContractQuerySet(Contract).filter(deleted_at__isnull=False).visible_to(viewer)
