"""Amounts of customers in one currency, by today's rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from crm.core import clock, money
from crm.core.rates import Rates

from .signs import Amount


class Exchange:
    """Rates to the company's currency, read once, and from there to another."""

    def __init__(self) -> None:
        self._rates = Rates()
        self.company = self._rates.base
        self._today = clock.today()

    def total(self, amounts: Iterable[Amount], currency: str = "") -> tuple[Decimal, int]:
        """The sum in the currency, the company's unless said; and how many records were left out without a rate."""
        wanted = currency or self.company
        total, left_out = Decimal(0), 0
        for each in amounts:
            value = self._one(each.amount, each.currency, wanted)
            if value is None:
                left_out += each.count
            else:
                total += value
        return money.rounded(total, wanted), left_out

    def worth(self) -> dict[str, Decimal]:
        """Currency → what one unit costs today in the company's; those without a rate are left out."""
        return {code: rate for code in money.SIGNS if (rate := self._rate(code)) is not None}

    def converted(self, amount: Decimal, given: str, wanted: str) -> tuple[Decimal | None, list[dt.date]]:
        """The amount in another currency, None without a rate, and from which days the rates hold."""
        days = {found[1] for code in (given, wanted) if (found := self._rates.on(code, self._today)) is not None}
        return self._one(amount, given, wanted), sorted(days)

    def _one(self, amount: Decimal, given: str, wanted: str) -> Decimal | None:
        if given == wanted:
            return amount
        there, back = self._rate(given), self._rate(wanted)
        return None if there is None or not back else amount * there / back

    def _rate(self, currency: str) -> Decimal | None:
        if currency == self.company:
            return Decimal(1)
        found = self._rates.on(currency, self._today)
        return found[0] if found else None
