"""The sockets of levels: what speaks for a risk, and amounts that a customer owes or has agreed to pay.

Fill `<app>/risk_signs.py`:

    risk_signs.register(RiskSign("sales.overdue", _("Overdue payments"), …, points=25, find=…, sentence=…))
    sums.register(CustomerSum("sales.instalments", "owed", …))

Both are asked about some customers, by their ids, or about all of them (None), and answer in a query or two: a night
with 200,000 customers asks each of them once. Who has no sign, or no sum, is missing from the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES

Text = Any  # str or a lazy translation
Ids = Collection[int] | None
#: What there is to say of a sign, as JSON: counts, days, amounts as text.
Evidence = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RiskSign:
    """Something that speaks for a risk. points: what it counts before an administrator says otherwise; help: why.

    find(ids): customer id → evidence. sentence(evidence): what a reader with `permission` is told; others read the
    label alone. watches: types of deeds after which a customer is looked at again.
    """

    key: str
    label: Text
    help: Text
    points: int
    find: Callable[[Ids], Mapping[int, Evidence]]
    sentence: Callable[[Evidence], Text]
    permission: str = ""
    watches: Sequence[str] = ()
    order: int = 50


@dataclass(frozen=True, slots=True)
class Amount:
    """Money of one customer in one currency; count: of how many records. Below zero where it is taken off again."""

    customer_id: int
    currency: str
    amount: Decimal
    count: int = 1


@dataclass(frozen=True, slots=True)
class CustomerSum:
    """Money of customers. part: "owed" counts towards the credit limit, "agreed" towards the value level."""

    key: str
    part: Literal["owed", "agreed"]
    label: Text
    find: Callable[[Ids], Iterable[Amount]]
    watches: Sequence[str] = ()
    order: int = 50


risk_signs: Registry[RiskSign] = Registry("risk signs")
sums: Registry[CustomerSum] = Registry("customer sums")
ALL_REGISTRIES.extend([risk_signs, sums])


def amounts_of(part: Literal["owed", "agreed"], ids: Ids) -> dict[int, list[Amount]]:
    """Everything of that part, by customer."""
    found: dict[int, list[Amount]] = {}
    for entry in sums:
        if entry.part == part:
            for amount in entry.find(ids):
                found.setdefault(amount.customer_id, []).append(amount)
    return found


def watched() -> list[str]:
    """Types of deeds after which levels are computed again."""
    entries: list[RiskSign | CustomerSum] = [*risk_signs, *sums]
    return sorted({key for entry in entries for key in entry.watches})
