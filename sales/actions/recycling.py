"""Into the recycle bin, back to work, or gone for good."""

from __future__ import annotations

from crm.core.actions import action
from crm.core.actor import Actor
from crm.ui.generic.dependents import dependents_of

from ..exceptions.opportunities import InUse
from ..models import Opportunity
from ..selectors.opportunities import deleted_opportunities
from .bin import binned, erase, put_in, take_out
from .opportunities import locked, tell


@action(permission="opportunities.delete")
def delete_opportunity(*, actor: Actor, opportunity: Opportunity) -> None:
    """Moves a deal to the recycle bin. Raises `InUse` while quotes or other records need it, `NotFound`."""
    row = locked(actor, opportunity)
    if dependents_of(row).blocked:
        raise InUse
    put_in(actor, row)
    tell(actor, "opportunities.deleted", row)


@action(permission="opportunities.delete")
def restore_opportunity(*, actor: Actor, opportunity: Opportunity) -> Opportunity:
    """Brings a deal back as it was. Raises `NotFound` when it is not in the bin of the actor."""
    row: Opportunity = binned(deleted_opportunities(actor), opportunity)
    take_out(row)
    tell(actor, "opportunities.restored", row)
    return row


@action(permission="console.erase")
def erase_opportunity(*, actor: Actor, opportunity: Opportunity) -> None:
    """Removes a deal of the bin for good, with lines, stage history and files. Raises `InUse`, `NotFound`."""
    row: Opportunity = binned(deleted_opportunities(actor), opportunity)
    tell(actor, "opportunities.erased", row)
    erase(row, InUse)
