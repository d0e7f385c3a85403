"""Exchange rates of the demo: a year of monthly rates of two currencies."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from crm.core import money
from crm.core.demo import DemoContext
from crm.core.models import ExchangeRate
from crm.core.rates import company_currency
from crm.core.sockets import DemoStep, demo

MONTHS = 14
#: About what they cost; the months swing by two per cent.
_ABOUT = {"USD": Decimal("7.15"), "EUR": Decimal("7.80")}


def make_rates(context: DemoContext) -> None:
    """A rate from the first of each month."""
    rng, base = context.rng("rates"), company_currency()
    day = context.now.date().replace(day=1)
    rows = []
    for _month in range(MONTHS):
        for code, about in _ABOUT.items():
            rate = about * (1 + Decimal(rng.randint(-200, 200)) / 10_000)
            if code != base and code in money.SIGNS:
                rows.append(ExchangeRate(currency=code, base=base, rate=round(rate, 4), valid_from=day))
        day = (day - dt.timedelta(days=1)).replace(day=1)
    ExchangeRate.objects.bulk_create(rows, ignore_conflicts=True)


demo.register(DemoStep("console.rates", "Exchange rates", make_rates, order=12))
