"""How measures count: each gives an aggregate over the rows of its source that meet a condition, or over all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Aggregate, Case, Count, FloatField, Q, Sum, Value, When
from django.db.models import Avg as MeanOf


class Percentile(Aggregate):
    """`percentile_cont`: the value below which that share of the rows lies, interpolated. NULLs do not count."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float, **extra: Any):
        super().__init__(expression, share=float(share), output_field=FloatField(), **extra)


Formula = Callable[[Q | None], Aggregate]


def count() -> Formula:
    """How many rows."""
    return lambda only: Count(Value(1), filter=only)


def total(column: str) -> Formula:
    """The sum."""
    return lambda only: Sum(column, filter=only)


def mean(column: str) -> Formula:
    """The arithmetic mean."""
    return lambda only: MeanOf(column, filter=only, output_field=FloatField())


def percentile(column: str, share: float) -> Formula:
    """The percentile; 0.5 is the median."""
    return lambda only: Percentile(column, share, filter=only)


def rate(condition: Q) -> Formula:
    """The share of rows that meet the condition, 0 to 1."""
    hit = Case(When(condition, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    return lambda only: MeanOf(hit, filter=only)
