"""What the slow computations are made of."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean
from typing import Any

from crm.core.actor import Actor
from crm.core.metrics import Span

Row = Any
Rows = Callable[[Actor], Iterable[Row]]
Keep = Callable[[Row, Span], bool]
Value = Callable[[Sequence[Row], Span], Any]


@dataclass(frozen=True, slots=True)
class Twin:
    """rows: all that the viewer may see, whatever the days. keep: which of them count. value: the figure of those.

    Amounts are by currency.
    """

    rows: Rows
    keep: Keep
    value: Value


def inside(column: str) -> Keep:
    """Rows whose moment lies in the span."""
    return lambda row, span: (value := getattr(row, column)) is not None and span.start <= value < span.end


def day_inside(column: str) -> Keep:
    """Rows whose day is one of the span's."""
    return lambda row, span: getattr(row, column) in set(span.days())


def always(row: Row, span: Span) -> bool:
    return True


def number(rows: Sequence[Row], span: Span) -> int:
    """How many."""
    return len(rows)


def total(of: Callable[[Row], int | None]) -> Value:
    """The sum of the values that are known, None of nothing."""

    def add(rows: Sequence[Row], span: Span) -> int | None:
        known = [value for row in rows if (value := of(row)) is not None]
        return sum(known) if known else None

    return add


def share(hit: Callable[[Row, Span], bool]) -> Value:
    return lambda rows, span: mean(float(hit(row, span)) for row in rows) if rows else None


def middle(of: Callable[[Row], float | None]) -> Value:
    """The mean of the values that are known."""

    def mid(rows: Sequence[Row], span: Span) -> float | None:
        known = [value for row in rows if (value := of(row)) is not None]
        return mean(known) if known else None

    return mid


def quantile(of: Callable[[Row], float | None], part: float) -> Value:
    """`percentile_cont` from its definition: between the two neighbours of the place, by distance."""

    def cut(rows: Sequence[Row], span: Span) -> float | None:
        known = sorted(value for row in rows if (value := of(row)) is not None)
        if not known:
            return None
        place = part * (len(known) - 1)
        below, above = known[math.floor(place)], known[math.ceil(place)]
        return below + (above - below) * (place - math.floor(place))

    return cut


def sums(amount: Callable[[Row], Decimal], code: Callable[[Row], str] = lambda row: row.currency) -> Value:
    """Amounts by currency."""

    def add(rows: Sequence[Row], span: Span) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            found[code(row)] += amount(row)
        return dict(found)

    return add


def means(amount: Callable[[Row], Decimal]) -> Value:
    """Mean amounts by currency."""

    def mid(rows: Sequence[Row], span: Span) -> dict[str, Decimal]:
        found: dict[str, list[Decimal]] = defaultdict(list)
        for row in rows:
            found[row.currency].append(amount(row))
        return {code: sum(values) / len(values) for code, values in found.items()}

    return mid


def seconds(begin: dt.datetime, end: dt.datetime) -> float:
    return (end - begin).total_seconds()
