"""Drafts of contracts into the recycle bin, back to work, or gone for good."""

from __future__ import annotations

from crm.core.actions import action
from crm.core.actor import Actor

from ..choices.contracts import ContractState
from ..exceptions.contracts import ContractInApproval, QuoteHasContract, SignedStays
from ..models import Contract
from ..selectors.contracts import deleted_contracts
from .bin import binned, erase, put_in, take_out
from .contracts import locked, tell


@action(permission="contracts.delete")
def delete_contract(*, actor: Actor, contract: Contract) -> None:
    """Moves a contract that was never signed to the recycle bin. Raises `SignedStays`, `ContractInApproval`."""
    row = locked(actor, contract)
    if row.is_signed or row.payments.exists():
        raise SignedStays
    if row.state == ContractState.IN_APPROVAL:
        raise ContractInApproval
    put_in(actor, row)
    tell(actor, "contracts.deleted", row)


@action(permission="contracts.delete")
def restore_contract(*, actor: Actor, contract: Contract) -> Contract:
    """Brings a contract back as it was. Raises `QuoteHasContract` where its quote has another one meanwhile."""
    row: Contract = binned(deleted_contracts(actor), contract)
    living = Contract.objects.filter(quote=row.quote_id or 0).exclude(state=ContractState.CANCELLED)
    if row.state != ContractState.CANCELLED and living.exists():
        raise QuoteHasContract
    take_out(row)
    tell(actor, "contracts.restored", row)
    return row


@action(permission="console.erase")
def erase_contract(*, actor: Actor, contract: Contract) -> None:
    """Removes a contract of the bin for good, with lines, plan and files. Raises `SignedStays`, `NotFound`."""
    row: Contract = binned(deleted_contracts(actor), contract)
    tell(actor, "contracts.erased", row)
    erase(row, SignedStays)
