"""What conditions may ask about a contract, and about the contracts and debts of a customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from crm.conditions.expressions import first_of, sum_of
from crm.conditions.registry import Field, Relation
from crm.core import money
from crm.core.models import Brand

from ..choices.contracts import ContractState
from ..models import Contract, Instalment
from ..selectors.payments import today

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

_PAY = "payments.view"
_ROW = OuterRef("pk")
MOVES = tuple(
    f"contracts.{deed}" for deed in ("signed", "completed", "cancelled", "expired", "planned", "deleted", "restored")
)
MONEY_MOVES = (*MOVES, "payments.received", "payments.credit_used", "payments.refunded", "payments.reversed",
                "payments.overdue")  # fmt: skip


def _active(customer: Any) -> Any:
    return Contract.objects.active().filter(customer_id=customer).order_by("ends")


def _late(customer: Any) -> Any:
    rows = Instalment.objects.overdue(today()).filter(contract__customer_id=customer)
    return rows.annotate(left=F("amount") - F("paid"))


def _of_brand(rows: Any, brand: Any, column: str = "currency") -> Any:
    """Of amounts in several currencies only those in the brand's: others cannot be added to them."""
    return rows.filter(**{column: Subquery(Brand.objects.filter(pk=brand).values("currency"))})


def _sum(rows: Any, column: str) -> Any:
    return sum(rows.values_list(column, flat=True), start=Decimal(0))


_BRAND = OuterRef(OuterRef("brand_id"))
_HELP = _("In the currency of the customer's brand")

CUSTOMER_MONEY_FIELDS = (
    Field("customer.overdue_amount", "customer", _("Overdue amount"), "number",
          lambda: sum_of(_of_brand(_late(_ROW), _BRAND, "contract__currency"), "left"),
          python=lambda row: _sum(_of_brand(_late(row.pk), row.brand_id, "contract__currency"), "left"),
          permission=_PAY, watches=MONEY_MOVES, order=90, help=_HELP),
    Field("customer.contract_value", "customer", _("Value of active contracts"), "number",
          lambda: sum_of(_of_brand(_active(_ROW), _BRAND), "amount"),
          python=lambda row: _sum(_of_brand(_active(row.pk), row.brand_id), "amount"),
          permission=_SEE, watches=MOVES, order=91, help=_HELP),
    Field("customer.contract_ends", "customer", _("Next contract ends"), "date",
          lambda: first_of(_active(_ROW).filter(ends__isnull=False), "ends"),
          python=lambda row: _active(row.pk).filter(ends__isnull=False).values_list("ends", flat=True).first(),
          permission=_SEE, watches=MOVES, order=92),
)  # fmt: skip
