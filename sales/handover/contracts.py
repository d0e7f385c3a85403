"""The living contracts of a leaver: whoever has them hears of their end and of money that is late."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover

from ..actions.contracts import hand_over
from ..choices.contracts import ContractState
from ..models import Contract

_OVER = (ContractState.COMPLETED, ContractState.CANCELLED)


def held(actor: Actor, user: User) -> Any:
    """The contracts of a leaver on which something is still to be done."""
    return Contract.objects.visible_to(actor).filter(owner=user).exclude(state__in=_OVER)


def move(actor: Actor, row: Contract, to: User) -> dict[str, Any]:
    hand_over(actor=actor, contract=row, to=to)
    return {"to": to.pk}


def undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Contract.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    hand_over(actor=actor, contract=row, to=user)


CONTRACTS = Handover("contracts", _("Contracts"), held, move, undo, order=46)
