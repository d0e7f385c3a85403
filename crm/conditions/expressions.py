"""Figures over related rows as one expression: how many, their sum, the first. Never a join.

rows: a queryset that `OuterRef` ties to the row that is asked.
"""

from __future__ import annotations

from typing import Any

from django.db.models import DecimalField, F, Func, IntegerField, QuerySet, Subquery, Value
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
