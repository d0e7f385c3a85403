"""What a leaver owns and goes on: deals, quotes, contracts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.handing_over import owned

from ..actions import contracts, hand_over, quotes
from ..choices.contracts import ContractState
from ..choices.quotes import QuoteState
from ..models import Contract, Opportunity, Quote


def _open_quotes(rows: Any) -> Any:
    return rows.filter(state__in=(QuoteState.DRAFT, QuoteState.IN_APPROVAL, QuoteState.APPROVED, QuoteState.SENT))


def _living_contracts(rows: Any) -> Any:
    """Whoever has them hears of their end and of money that is late."""
    return rows.exclude(state__in=(ContractState.COMPLETED, ContractState.CANCELLED))


def _by(verb: Any, name: str) -> Any:
    """verb: hands a row, its argument `name`, over."""

    def give(actor: Actor, row: Any, to: Any) -> None:
        verb(actor=actor, to=to, **{name: row})

    return give


OWNED = (
    owned("opportunities", _("Open opportunities they own"), Opportunity, lambda rows: rows.open(),
          _by(hand_over, "opportunity"), order=30),
    owned("quotes", _("Open quotes"), Quote, _open_quotes, _by(quotes.hand_over, "quote"), order=45),
    owned("contracts", _("Contracts"), Contract, _living_contracts, _by(contracts.hand_over, "contract"), order=46),
)  # fmt: skip
