"""Drafts of contracts into the recycle bin, back to work, or gone for good."""

from __future__ import annotations

from django.db import models

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.files.models import Attachment
from crm.notifications.models import Notification

from ..choices.contracts import ContractState
from ..exceptions.contracts import ContractInApproval, QuoteHasContract, SignedStays
from ..models import Contract
from ..selectors.contracts import deleted_contracts
from .contracts import locked, tell


@action(permission="contracts.delete")
def delete_contract(*, actor: Actor, contract: Contract) -> None:
    """Moves a contract that was never signed to the recycle bin. Raises `SignedStays`, `ContractInApproval`."""
    row = locked(actor, contract)
    if row.is_signed or row.payments.exists():
        raise SignedStays
    if row.state == ContractState.IN_APPROVAL:
        raise ContractInApproval
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    tell(actor, "contracts.deleted", row)


@action(permission="contracts.delete")
def restore_contract(*, actor: Actor, contract: Contract) -> Contract:
    """Brings a contract back as it was. Raises `QuoteHasContract` where its quote has another one meanwhile."""
    row = _binned(actor, contract)
    living = Contract.objects.filter(quote=row.quote_id or 0).exclude(state=ContractState.CANCELLED)
    if row.state != ContractState.CANCELLED and living.exists():
        raise QuoteHasContract
    row.deleted_at, row.deleted_by_id = None, None
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    tell(actor, "contracts.restored", row)
    return row


@action(permission="console.erase")
def erase_contract(*, actor: Actor, contract: Contract) -> None:
    """Removes a contract of the bin for good, with lines, plan and files. Raises `SignedStays`, `NotFound`."""
    row = _binned(actor, contract)
    tell(actor, "contracts.erased", row)
    code = kind_of(row).code
    Attachment.all_objects.filter(kind=code, object_id=row.pk).delete()
    Notification.objects.filter(subject_kind=code, object_id=row.pk).delete()
    try:
        row.delete()
    except models.ProtectedError as error:
        raise SignedStays from error


def _binned(actor: Actor, contract: Contract) -> Contract:
    row: Contract | None = deleted_contracts(actor).lock().filter(pk=contract.pk).first()
    if row is None:
        raise NotFound
    return row
