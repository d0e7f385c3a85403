"""Amounts of several currencies in one, by dated exchange rates. What has no rate is left out, and said so.

A total over currencies is a `Converted`: it names the days of the rates it used and counts what it lacks.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import clock, money
from .models import Brand, ExchangeRate


def company_currency() -> str:
    """The currency that totals are shown in: the default brand's. One query."""
    return Brand.default().currency


@dataclass(frozen=True, slots=True)
class Part:
    """Some amounts of one currency, to be valued on one day. count: how many records they are the sum of."""

    currency: str
    on: dt.date
    amount: Decimal
    count: int = 1


@dataclass(slots=True)
class Converted:
    """A total in one currency.

    used: currency → the days from which the rates that were used hold. missing: currency → how many records were
    left out for want of a rate. count: the records in the total.
    """

    currency: str
    amount: Decimal = Decimal(0)
    count: int = 0
    used: dict[str, set[dt.date]] = field(default_factory=lambda: defaultdict(set))
    missing: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def text(self) -> str:
        """¥1,234.50."""
        return money.shown(self.amount, self.currency)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return not self.missing

    def take(self, other: Converted) -> None:
        """Adds another total of the same currency. Raises `ValueError` for one of another."""
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} is not {self.currency}")
        self.amount += other.amount
        self.count += other.count
        for code, days in other.used.items():
            self.used[code] |= days
        for code, count in other.missing.items():
            self.missing[code] += count

    def notes(self) -> list[str]:
        """Whole sentences: which rates were used, and what is not included."""
        said = []
        for code, days in sorted(self.used.items()):
            first, last = date_format(min(days), "DATE_FORMAT"), date_format(max(days), "DATE_FORMAT")
            values = {"code": code, "first": first, "last": last}
            text = _("%(code)s at the rate of %(first)s.") if len(days) == 1 else None
            said.append((text or _("%(code)s at the rates of %(first)s to %(last)s.")) % values)
        for code, count in sorted(self.missing.items()):
            text = ngettext(
                "%(count)s amount in %(code)s is not included: no rate.",
                "%(count)s amounts in %(code)s are not included: no rate.",
                count,
            )
            said.append(text % {"count": count, "code": code})
        return said


class Rates:
    """Every rate to one currency, read once: one query, at the first amount of another currency.

    base: the company's currency unless another is given; only rates entered for that base count.
    """

    def __init__(self, base: str = "") -> None:
        self.base = base or company_currency()
        self._days: dict[str, list[tuple[dt.date, Decimal]]] | None = None

    def on(self, currency: str, day: dt.date) -> tuple[Decimal, dt.date] | None:
        """The rate that holds on a day and the day it began; None before the first one."""
        if self._days is None:
            self._days = defaultdict(list)
            rows = ExchangeRate.objects.filter(base=self.base).order_by("currency", "valid_from")
            for code, valid_from, rate in rows.values_list("currency", "valid_from", "rate"):
                self._days[code].append((valid_from, rate))
        known = self._days.get(currency, [])
        place = bisect_right(known, day, key=lambda entry: entry[0])
        return (known[place - 1][1], known[place - 1][0]) if place else None

    def total(self, parts: Iterable[Part]) -> Converted:
        """The sum of the parts, each at the rate of its own day and rounded once."""
        found = Converted(self.base)
        for part in parts:
            if part.currency == self.base:
                found.amount += part.amount
                found.count += part.count
                continue
            rate = self.on(part.currency, part.on)
            if rate is None:
                found.missing[part.currency] += part.count
                continue
            found.amount += money.rounded(part.amount * rate[0], self.base)
            found.count += part.count
            found.used[part.currency].add(rate[1])
        return found


def converted(amount: Decimal, currency: str, on: dt.date | None = None, *, base: str = "") -> Converted:
    """One amount in the company's currency at the rate of a day, today's unless said; left out without a rate."""
    return Rates(base).total([Part(currency, on or clock.today(), amount)])
