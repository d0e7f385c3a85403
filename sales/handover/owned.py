"""What a leaver owns and goes on: deals, quotes, contracts. A row that found another owner meanwhile stays there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover

from ..actions import contracts, hand_over, quotes
from ..choices.contracts import ContractState
from ..choices.quotes import QuoteState
from ..models import Contract, Opportunity, Quote


def _owned(key: str, label: Any, held: Callable[[Any], Any], model: Any, verb: Any, name: str, order: int) -> Handover:
    """held(rows): what of a leaver's rows goes on. verb: gives a row, its argument `name`, to a colleague."""

    def rows(actor: Actor, user: User) -> Any:
        return held(model.objects.visible_to(actor).filter(owner=user))

    def move(actor: Actor, row: Any, to: User) -> dict[str, Any]:
        verb(actor=actor, to=to, **{name: row})
        return {"to": to.pk}

    def undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
        row = model.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
        if row is None:
            raise Conflict
        verb(actor=actor, to=user, **{name: row})

    return Handover(key, label, rows, move, undo, order=order)


def _open_quotes(rows: Any) -> Any:
    return rows.filter(state__in=(QuoteState.DRAFT, QuoteState.IN_APPROVAL, QuoteState.APPROVED, QuoteState.SENT))


def _living_contracts(rows: Any) -> Any:
    """Whoever has them hears of their end and of money that is late."""
    return rows.exclude(state__in=(ContractState.COMPLETED, ContractState.CANCELLED))


OWNED = (
    _owned("opportunities", _("Open opportunities they own"), lambda rows: rows.open(), Opportunity, hand_over,
           "opportunity", 30),
    _owned("quotes", _("Open quotes"), _open_quotes, Quote, quotes.hand_over, "quote", 45),
    _owned("contracts", _("Contracts"), _living_contracts, Contract, contracts.hand_over, "contract", 46),
)  # fmt: skip
