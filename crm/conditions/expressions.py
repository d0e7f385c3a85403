"""Figures over related rows as one expression: how many, their sum, the first. Never a join.

rows: a queryset that `OuterRef` ties to the row that is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import DecimalField, Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

_MONEY = DecimalField(max_digits=20, decimal_places=2)


def count_of(rows: QuerySet[Any]) -> Any:
    """How many there are."""
    counted = Func(Value(1), function="COUNT", output_field=IntegerField())
    return Coalesce(Subquery(rows.order_by().annotate(row_count=counted).values("row_count")), 0)


def sum_of(rows: QuerySet[Any], column: str) -> Any:
    """The sum of a Decimal column; 0 without rows."""
    summed = Func(F(column), function="SUM", output_field=_MONEY)
    return Coalesce(Subquery(rows.order_by().annotate(row_sum=summed).values("row_sum")), Value(0), output_field=_MONEY)


def first_of(rows: QuerySet[Any], column: str) -> Any:
    """The column of the first row in the queryset's order; NULL without rows."""
    return Subquery(rows.values(column)[:1])


@dataclass(frozen=True, slots=True)
class Through:
    """Many values of rows that belong to rows of the record (`operators.Members`): what a customer's people agreed to.

    between(record): the rows in the middle, `record` being a reference to the record; rows: those with the values;
    key: their column that names the middle; member: their column that holds the value.
    Each EXISTS asks one step, so that the planner may turn both into joins of whole sets; one that reached over both
    steps at once made it compare every record with every row.
    """

    between: Callable[[Any], QuerySet[Any]]
    rows: QuerySet[Any]
    key: str
    member: str

    def among(self, values: Any) -> Exists:
        """Whether one of these values is there."""
        return self._some({f"{self.member}__in": list(values)})

    def any(self) -> Exists:
        """Whether there is a value."""
        return self._some({})

    def count(self) -> Any:
        """How many values there are."""
        middle = self.between(OuterRef(OuterRef("pk"))).filter(pk=OuterRef(self.key))
        return count_of(self.rows.filter(Exists(middle)))

    def _some(self, terms: dict[str, Any]) -> Exists:
        found = self.rows.filter(**{self.key: OuterRef("pk"), **terms})
        return Exists(self.between(OuterRef("pk")).filter(Exists(found)))
