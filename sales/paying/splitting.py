"""Dividing an amount into instalments, to the cent. Pure arithmetic: no rows, no clock."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from crm.core.money import rounded

_HUNDRED = Decimal(100)


def by_percent(amount: Decimal, currency: str, percents: Sequence[Decimal]) -> list[Decimal]:
    """The amount by shares of 100 per cent: parts are differences of rounded running sums, so they always add up.

    Raises `ValueError` where the shares are not above zero or not 100 in all.
    """
    if not percents or min(percents) <= 0 or sum(percents) != _HUNDRED:
        raise ValueError("shares must be above zero and 100 in all")
    parts: list[Decimal] = []
    so_far = share = Decimal(0)
    for percent in percents:
        share += percent
        upto = rounded(amount * share / _HUNDRED, currency)
        parts.append(upto - so_far)
        so_far = upto
    return parts


def in_equal_parts(amount: Decimal, currency: str, count: int) -> list[Decimal]:
    """The amount in `count` parts that differ by the smallest unit at most. Raises `ValueError` below one part."""
    if count < 1:
        raise ValueError("at least one part")
    ends = [rounded(amount * place / count, currency) for place in range(count + 1)]
    return [after - before for before, after in pairwise(ends)]


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the last of that month where it is shorter."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def spread(amount: Decimal, open_amounts: Sequence[Decimal]) -> list[Decimal]:
    """What of a payment falls on each open amount, the first of them first; never more than is open."""
    found: list[Decimal] = []
    for each in open_amounts:
        part = min(amount, each)
        found.append(part)
        amount -= part
    return found
