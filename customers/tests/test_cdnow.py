"""Figures of real purchases: the public CDNOW sample against what was published of it, and against the definitions.

Published: P. Fader, B. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005), table 2:
how many of the 2,357 customers bought again how often in the first 39 weeks.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from bisect import bisect_left
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from crm.core.models import Brand
from customers.figures.analysis import compute_facts
from customers.models import Customer, CustomerFacts, Order

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data" / "cdnow_sample_1997.csv.gz"
REPEATS = {0: 1411, 1: 439, 2: 214, 3: 100, 4: 62, 5: 38, 6: 29}
MORE_THAN_SIX = 64


def purchases() -> dict[int, list[tuple[dt.datetime, Decimal]]]:
    """Customer → moments and sums."""
    found: dict[int, list[tuple[dt.datetime, Decimal]]] = defaultdict(list)
    with gzip.open(DATA, "rt") as rows:
        for number, day, cents in csv.reader(rows):
            at = dt.datetime.strptime(day, "%Y%m%d").replace(hour=12, tzinfo=dt.UTC)
            found[int(number)].append((at, Decimal(cents) / 100))
    return found


def bands(values: dict[int, object]) -> dict[int, int]:
    """By the definition: one more than five times the share of smaller values, whole."""
    ordered = sorted(values.values())  # type: ignore[type-var]
    return {key: 1 + 5 * bisect_left(ordered, value) // len(ordered) for key, value in values.items()}


def test_figures_of_real_purchases_are_those_published() -> None:
    bought, brand = purchases(), Brand.default()
    rows = Customer.objects.bulk_create(
        Customer(number=pk, name=f"CDNOW {pk}", sort_key=str(pk), search_key=str(pk), brand=brand) for pk in bought
    )
    ids = {row.number: row.pk for row in rows}
    pairs = [(number, each) for number, every in bought.items() for each in every]
    Order.objects.bulk_create(
        Order(
            number=place, customer_id=ids[number], brand=brand, placed_at=at, gross=amount, net=amount,
            currency=brand.currency,
        )
        for place, (number, (at, amount)) in enumerate(pairs, start=1)
    )  # fmt: skip
    assert compute_facts() == 2357
    facts = {row.pk: row for row in CustomerFacts.objects.all()}
    counted = Counter(row.orders - 1 for row in facts.values())
    assert {repeats: counted[repeats] for repeats in REPEATS} == REPEATS
    assert sum(count for repeats, count in counted.items() if repeats > 6) == MORE_THAN_SIX
    assert sum(row.bought for row in facts.values()) == sum(amount for _number, (_at, amount) in pairs)
    for figure, values in (
        ("r", {ids[number]: max(at for at, _sum in every) for number, every in bought.items()}),
        ("f", {ids[number]: len(every) for number, every in bought.items()}),
        ("m", {ids[number]: sum(each for _at, each in every) for number, every in bought.items()}),
    ):
        assert {pk: getattr(row, figure) for pk, row in facts.items()} == bands(values), figure
    # Six of ten bought once: they are equals, and no band splits them.
    assert {row.f for row in facts.values() if row.orders == 1} == {1}
    assert {row.f for row in facts.values() if row.orders == 2} == {3}
