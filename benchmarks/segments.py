"""How long a segment of many customers takes to compute, and how soon a deed moves a customer.

    DATABASE_URL=postgres://… python -m benchmarks.segments --customers 200000

Fills an empty database with a small demo, then with customers, people, consents and figures set by set until it holds
so many, makes five segments of the kinds that companies keep, computes each twice (everybody enters, nobody changes)
and follows single deeds while twenty segments watch. Exit code 1 when a computing takes longer than 60 s or a deed
longer than 5 s. Rows are added to the database.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from benchmarks import harness

TICKETS, WATCHING, DEEDS = 500, 20, 30
COMPUTE_LIMIT_SECONDS, FOLLOW_LIMIT_SECONDS = 60.0, 5.0
_CUSTOMERS = """
INSERT INTO customers_customer (number, kind, stage, source, owner_id, brand_id, industry, website, address, language,
    timezone, note, registration_code, custom, last_interaction_at, is_internal, name, sort_key, search_key,
    created_at, updated_at)
SELECT nextval('customer_number_seq'), 'company', (ARRAY['new', 'active', 'dormant', 'churned'])[1 + n %% 4], 'import',
    NULL, %(brand)s, (ARRAY['Optics', 'Foods', 'Steel'])[1 + n %% 3], '', '', 'en', 'UTC', '', '', '{}',
    CASE WHEN n %% 3 = 0 THEN NULL ELSE %(now)s - (n %% 400) * interval '1 day' END, false,
    'Bench ' || n, 'bench ' || n, 'bench ' || n, %(now)s - (n %% 900) * interval '1 day', %(now)s
FROM generate_series(1, %(count)s) n
"""
_PEOPLE = """
INSERT INTO customers_contact (customer_id, name, sort_key, search_key, job_title, role, preferred_channel, custom,
    language, timezone, is_primary, created_at, updated_at)
SELECT c.id, c.name, c.sort_key, c.search_key, '', '', '', '{}', '', '', true, %(now)s, %(now)s
FROM customers_customer c WHERE c.name LIKE 'Bench %%' AND NOT EXISTS (
    SELECT 1 FROM customers_contact p WHERE p.customer_id = c.id
)
"""
_CONSENTS = """
INSERT INTO customers_consent (contact_id, channel, granted, text, text_version, language, created_at, updated_at)
SELECT p.id, 'email', p.id %% 5 <> 0, 'Yes', 1, 'en', %(now)s, %(now)s
FROM customers_contact p WHERE p.id %% 2 = 0 AND p.name LIKE 'Bench %%' AND NOT EXISTS (
    SELECT 1 FROM customers_consent s WHERE s.contact_id = p.id
)
"""
_FIGURES = """
INSERT INTO customers_customerfacts (customer_id, orders, bought, first_order_at, last_order_at, r, f, m, value,
    value_by_hand, value_note, computed_at)
SELECT c.id, 1 + c.id %% 9, (c.id %% 5000)::numeric, %(now)s - interval '900 day',
    %(now)s - (c.id %% 500) * interval '1 day', 1 + c.id %% 5, 1 + c.id %% 4, 1 + c.id %% 5,
    (ARRAY['high', 'medium', 'low'])[1 + c.id %% 3], '', '', %(now)s
FROM customers_customer c WHERE c.name LIKE 'Bench %%' AND c.id %% 4 <> 0 AND NOT EXISTS (
    SELECT 1 FROM customers_customerfacts f WHERE f.customer_id = c.id
)
"""
_DAYS = {"unit": "days"}
SEGMENTS: dict[str, list[tuple[Any, ...]]] = {
    "a column": [("stage", "any_of", ["active", "dormant"])],
    "quiet buyers of value": [("value_level", "is", "high"), ("last_order_at", "older_than", {"n": 90, **_DAYS})],
    "no talk for 60 days": [("last_interaction_at", "older_than", {"n": 60, **_DAYS}), ("orders", "at_least", 2)],
    "may be mailed, no open ticket": [("agreed", "any_of", ["email"]), ("open_tickets", "is", 0)],
    "five questions": [
        ("industry", "is_not", "Steel"), ("value_level", "none_of", ["low"]), ("contacts", "at_least", 1),
        ("open_complaint", "is", "false"), ("last_order_at", "in_last", {"n": 365, **_DAYS}),
    ],
}  # fmt: skip


def fill(count: int) -> int:
    """Brings the database to so many customers; returns how many there are."""
    from django.db import connection

    from crm.core import clock
    from crm.core.models import Brand
    from customers.models import Customer

    missing = count - Customer.objects.count()
    values = {"brand": Brand.default().pk, "now": clock.now(), "count": max(0, missing)}
    with connection.cursor() as cursor:
        for statement in (_CUSTOMERS, _PEOPLE, _CONSENTS, _FIGURES):
            cursor.execute(statement, values)
            cursor.execute("ANALYZE customers_customer, customers_contact, customers_consent, customers_customerfacts")
    return int(Customer.objects.count())


def make(name: str, leaves: list[tuple[Any, ...]]) -> Any:
    """A segment of the administrator's."""
    from crm.accounts.access import actor_for
    from crm.accounts.models import User
    from customers.actions.segments import create_segment

    items = [{"field": f"customer.{field}", "op": op, "value": value} for field, op, value in leaves]
    owner = User.objects.get(email="admin@demo.example")
    return create_segment(actor=actor_for(owner), values={"name": name, "condition": {"v": 1, "all": items}})


def compute() -> bool:
    """Times each kind of segment; whether all kept the limit."""
    from customers.segmenting.computing import compute_now

    kept = True
    for name, leaves in SEGMENTS.items():
        segment, seconds = make(name, leaves), []
        for _time in range(2):
            began = time.monotonic()
            segment = compute_now(segment)
            seconds.append(time.monotonic() - began)
        kept &= max(seconds) <= COMPUTE_LIMIT_SECONDS
        print(f"{name:32} {segment.size:8,} members  first {seconds[0]:6.2f} s  again {seconds[1]:6.2f} s")
    return kept


def follow() -> bool:
    """Times single deeds from their commit to the stays that follow; whether the slowest kept the limit."""
    from crm.activity.dispatch import dispatch
    from crm.core.actor import Actor
    from customers.actions import update_customer
    from customers.models import Customer, Segment, SegmentCheck
    from customers.segmenting.following import look_at_due

    for number in range(WATCHING - Segment.objects.dynamic().count()):
        make(f"watching {number}", [*SEGMENTS["five questions"], ("orders", "at_least", number)])
    SegmentCheck.objects.filter(by_time=False).delete()
    while dispatch("default") + dispatch("bulk") + look_at_due():
        pass
    seconds = []
    for number, customer in enumerate(Customer.objects.external().order_by("-pk")[:DEEDS]):
        stage = "active" if customer.stage != "active" else "churned"
        update_customer(actor=Actor.system(), customer=customer, values={"stage": stage, "industry": f"Kind {number}"})
        began = time.monotonic()
        while dispatch("default"):
            pass
        look_at_due()
        seconds.append(time.monotonic() - began)
    print(f"a deed, {WATCHING} segments watching: median {harness.median(seconds) * 1000:.0f} ms, "
          f"slowest {max(seconds) * 1000:.0f} ms")  # fmt: skip
    return max(seconds) <= FOLLOW_LIMIT_SECONDS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    options = parser.parse_args()
    harness.start(TICKETS)
    print(f"{fill(options.customers):,} customers", flush=True)
    kept = [compute(), follow()]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
