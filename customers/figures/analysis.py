"""Figures of customers from their own orders, set by set.

Bands (RFM): 1 + floor(5 · share of customers with orders whose value is smaller). Equal values stand in one band, the
lowest place among them decides; so bands need not hold equally many, and nobody is split from an equal by chance.
R: the last order, later is higher. F: how many orders. M: the sum bought.

Value: high when M ≥ 4 and R ≥ 3; low when R + F + M ≤ 6; else medium. Active contracts may raise it: high and medium
from the sums that `LevelSettings` names, low from any. A level set by hand holds instead.

Next order expected: the last order plus the median of the customer's own gaps (three orders or more, gaps under a day
left out); else the first day on which a product of the last orders is needed again by its own `repurchase_days`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from crm.core import clock

from .contracting import compute_contract_values
from .levels import level_settings

_BASE = """
WITH counted AS (
    SELECT o.id, o.customer_id, o.placed_at,
           CASE WHEN o.currency = b.currency THEN o.gross - o.refunded ELSE 0 END AS paid
    FROM customers_order o
    JOIN customers_customer c ON c.id = o.customer_id AND c.deleted_at IS NULL
    JOIN core_brand b ON b.id = c.brand_id
    WHERE o.status <> 'cancelled' AND (%(ids)s::bigint[] IS NULL OR o.customer_id = ANY(%(ids)s))
), sums AS (
    SELECT customer_id, count(*) AS orders, sum(paid) AS bought, min(placed_at) AS first_at, max(placed_at) AS last_at
    FROM counted GROUP BY customer_id
), gaps AS (
    SELECT customer_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS days FROM (
        SELECT customer_id, extract(epoch FROM placed_at - lag(placed_at)
               OVER (PARTITION BY customer_id ORDER BY placed_at)) / 86400.0 AS days
        FROM counted
    ) g WHERE days >= 1 GROUP BY customer_id HAVING count(*) >= 2
), needed AS (
    SELECT customer_id, min(due) AS due FROM (
        SELECT k.customer_id, l.product_id, max(k.placed_at)::date + max(p.repurchase_days) AS due
        FROM counted k JOIN customers_orderline l ON l.order_id = k.id
        JOIN customers_product p ON p.id = l.product_id AND p.repurchase_days IS NOT NULL
        GROUP BY k.customer_id, l.product_id
    ) n JOIN sums s USING (customer_id) WHERE n.due >= s.last_at::date GROUP BY customer_id
)
INSERT INTO customers_customerfacts
    (customer_id, orders, bought, first_order_at, last_order_at, r, f, m, interval_days, repurchase_due_on,
     value, value_by_hand, value_note, computed_at)
SELECT s.customer_id, s.orders, s.bought, s.first_at, s.last_at, 0, 0, 0, g.days,
       coalesce((s.last_at + g.days * interval '1 day')::date, n.due), '', '', '', %(now)s
FROM sums s LEFT JOIN gaps g USING (customer_id) LEFT JOIN needed n USING (customer_id)
ON CONFLICT (customer_id) DO UPDATE SET
    orders = excluded.orders, bought = excluded.bought, first_order_at = excluded.first_order_at,
    last_order_at = excluded.last_order_at, interval_days = excluded.interval_days,
    repurchase_due_on = excluded.repurchase_due_on, computed_at = excluded.computed_at
"""
_EMPTY = """
UPDATE customers_customerfacts f
SET orders = 0, bought = 0, first_order_at = NULL, last_order_at = NULL, interval_days = NULL,
    repurchase_due_on = NULL, r = 0, f = 0, m = 0, computed_at = %(now)s
WHERE (%(ids)s::bigint[] IS NULL OR f.customer_id = ANY(%(ids)s))
  AND NOT EXISTS (SELECT 1 FROM customers_order o
                  WHERE o.customer_id = f.customer_id AND o.status <> 'cancelled')
"""
_BANDS = """
WITH bands AS (
    SELECT customer_id,
           1 + floor(5.0 * (rank() OVER (ORDER BY last_order_at) - 1) / count(*) OVER ())::int AS r,
           1 + floor(5.0 * (rank() OVER (ORDER BY orders) - 1) / count(*) OVER ())::int AS f,
           1 + floor(5.0 * (rank() OVER (ORDER BY bought) - 1) / count(*) OVER ())::int AS m
    FROM customers_customerfacts WHERE orders > 0
)
UPDATE customers_customerfacts t SET r = b.r, f = b.f, m = b.m
FROM bands b
WHERE b.customer_id = t.customer_id AND (%(ids)s::bigint[] IS NULL OR t.customer_id = ANY(%(ids)s))
  AND (t.r, t.f, t.m) IS DISTINCT FROM (b.r, b.f, b.m)
"""
#: The same rule as `levels.value_of_bands`.
_LEVELS = """
WITH levels AS (
    SELECT customer_id,
           CASE WHEN value_by_hand <> '' THEN value_by_hand
                WHEN (m >= 4 AND r >= 3) OR contract_value >= %(high)s THEN 'high'
                WHEN r + f + m > 6 OR contract_value >= %(medium)s THEN 'medium'
                WHEN orders > 0 OR contract_value > 0 THEN 'low'
                ELSE '' END AS level
    FROM customers_customerfacts WHERE %(ids)s::bigint[] IS NULL OR customer_id = ANY(%(ids)s)
)
UPDATE customers_customerfacts t SET value = l.level
FROM levels l WHERE l.customer_id = t.customer_id AND t.value <> l.level
"""


def compute_facts(ids: Sequence[int] | None = None) -> int:
    """Brings the figures of these customers, or of all, to what their orders say now. Returns rows with orders."""
    values = {"ids": list(ids) if ids is not None else None, "now": clock.now()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BASE, values)
        rows = cursor.rowcount
        cursor.execute(_EMPTY, values)
        cursor.execute(_BANDS, values)
        compute_values(ids)
    return rows


def compute_values(ids: Sequence[int] | None = None) -> None:
    """Brings the value level to what the figures and the active contracts say; cheap for a few customers."""
    settings = level_settings()
    values = {
        "ids": list(ids) if ids is not None else None, "medium": settings.contract_medium,
        "high": settings.contract_high,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        compute_contract_values(ids)
        cursor.execute(_LEVELS, values)
