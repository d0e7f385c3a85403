"""What conditions may ask about a contract, and about the contracts and debts of a customer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field, Relation
from crm.core import money

from ..choices.contracts import ContractState

_SEE = "contracts.view"

CONTRACT_FIELDS = [
    Field("contract.amount", "contract", _("Amount"), "number", "amount", permission=_SEE, order=10),
    Field("contract.currency", "contract", _("Currency"), "choice", "currency",
          values=lambda actor: [(code, code) for code in money.SIGNS], permission=_SEE),
    Field("contract.state", "contract", _("State"), "choice", "state",
          values=lambda actor: list(ContractState.choices), permission=_SEE),
    Field("contract.ends", "contract", _("Ends"), "date", "ends", permission=_SEE),
    Field("contract.owner", "contract", _("Owner"), "user", "owner_id", permission=_SEE),
]  # fmt: skip
CONTRACT_RELATIONS: list[Any] = [
    Relation("contract.customer", "contract", "customer", "customer_id", permission="customers.view")
]
