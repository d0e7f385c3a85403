"""How long figures, risk, pairs of products, offers and wishes of many customers take: the night, and one deed.

    DATABASE_URL=postgres://… python -m benchmarks.levels --customers 200000

Fills an empty database with a small demo, then with customers, three orders each with two lines, a credit limit and a
wish for every tenth, set by set. Runs the night twice (everything is new, nothing changed) and follows single orders.
Exit code 1 when a night takes longer than 300 s or a deed longer than 5 s. Rows are added to the database.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks import harness
from benchmarks.segments import fill

TICKETS, DEEDS = 500, 20
NIGHT_LIMIT_SECONDS, DEED_LIMIT_SECONDS = 300.0, 5.0
_ORDERS = """
INSERT INTO customers_order (number, brand_id, customer_id, channel, status, placed_at, source, external_id, currency,
    tax_included, net, tax, gross, refunded, ship_to, note, custom, created_at, updated_at)
SELECT nextval('order_number_seq'), c.brand_id, c.id, (ARRAY['shop', 'sales'])[1 + n %% 2],
    (ARRAY['delivered', 'delivered', 'placed'])[n],
    %(now)s - ((c.id * 7 + n * 61) %% 600) * interval '1 day', 'bench',
    c.id || '-' || n, 'CNY', true, 100, 0, 100 + c.id %% 900, 0, '', '', '{}', %(now)s, %(now)s
FROM customers_customer c CROSS JOIN generate_series(1, 3) n
WHERE c.name LIKE 'Bench %%' AND NOT EXISTS (SELECT 1 FROM customers_order o WHERE o.customer_id = c.id)
"""
_LINES = """
WITH shelf AS MATERIALIZED (SELECT array_agg(id ORDER BY id) AS ids FROM customers_product)
INSERT INTO customers_orderline (order_id, position, product_id, name, quantity, unit_price, discount_percent,
    tax_percent, net, tax, gross, created_at, updated_at)
SELECT o.id, n, p.ids[1 + (CASE WHEN n = 2 AND o.id %% 3 = 0 THEN o.customer_id + 1 ELSE o.customer_id * n + o.id END)
    %% array_length(p.ids, 1)], 'Thing', 1, 50, 0, 0, 50, 0, 50, %(now)s, %(now)s
FROM customers_order o CROSS JOIN generate_series(1, 2) n
CROSS JOIN shelf p
WHERE o.source = 'bench' AND NOT EXISTS (SELECT 1 FROM customers_orderline l WHERE l.order_id = o.id)
"""
_CREDIT = """
INSERT INTO customers_credit (customer_id, "limit", currency, used, left_out, remark, source, ask_error, created_at,
    updated_at)
SELECT c.id, 100 + c.id %% 400, 'CNY', 0, 0, '', '', '', %(now)s, %(now)s
FROM customers_customer c WHERE c.name LIKE 'Bench %%' AND c.id %% 10 = 0
ON CONFLICT DO NOTHING
"""
_WISHES = """
INSERT INTO customers_wish (customer_id, name, search_key, budget_to, currency, place, words, word_keys, note, state,
    created_at, updated_at)
SELECT c.id, 'Wish', 'wish', 20 + c.id %% 5000, 'CNY', '', '', '[]', '', 'open', %(now)s, %(now)s
FROM customers_customer c WHERE c.name LIKE 'Bench %%' AND c.id %% 10 = 1
  AND NOT EXISTS (SELECT 1 FROM customers_wish w WHERE w.customer_id = c.id)
"""


def buy() -> None:
    """Gives everybody orders, and some a limit or a wish."""
    from django.db import connection

    from crm.core import clock

    with connection.cursor() as cursor:
        for statement in (_ORDERS, _LINES, _CREDIT, _WISHES):
            cursor.execute(statement, {"now": clock.now()})
            cursor.execute("ANALYZE")


def night() -> float:
    """Times each part of the night; returns how long all of it took."""
    from customers.figures.analysis import compute_facts
    from customers.figures.credit import compute_credit
    from customers.figures.offering import compute_offers
    from customers.figures.pairing import compute_pairs
    from customers.figures.risk import compute_risk
    from customers.figures.wishing import match_wishes

    parts: dict[str, Callable[[], Any]] = {
        "figures and value": compute_facts, "credit used": compute_credit, "risk": compute_risk,
        "pairs of products": compute_pairs, "offers": compute_offers, "wishes": match_wishes,
    }  # fmt: skip
    whole = 0.0
    for name, run in parts.items():
        began = time.monotonic()
        found = run()
        seconds = time.monotonic() - began
        whole += seconds
        print(
            f"| {name:20} | {len(found) if isinstance(found, list) else found or 0:>9,} | {seconds:8.2f} s |",
            flush=True,
        )
    print(f"| {'all':20} | {'':>9} | {whole:8.2f} s |")
    return whole


def deeds() -> float:
    """Times single orders from their commit to figures, risk and offers; returns the slowest."""
    from crm.activity.models import Activity
    from crm.core.actor import Actor
    from customers.actions import NewLine, place_order
    from customers.models import Customer, Product
    from customers.subscribers import figures

    product, seconds = Product.objects.active().first(), []
    for customer in Customer.objects.external().order_by("-pk")[:DEEDS]:
        line = NewLine(quantity=Decimal(1), unit_price=Decimal(9), product=product, name="Thing")
        place_order(actor=Actor.system(), customer=customer, lines=[line])
        began = time.monotonic()
        figures(Activity.objects.latest("pk"))
        seconds.append(time.monotonic() - began)
    print(f"an order: median {harness.median(seconds) * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f} ms")
    return max(seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    options = parser.parse_args()
    harness.start(TICKETS)
    count = fill(options.customers)
    buy()
    print(f"{count:,} customers; the first night")
    first = night()
    print("the next night")
    again = night()
    return 0 if max(first, again) <= NIGHT_LIMIT_SECONDS and deeds() <= DEED_LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
