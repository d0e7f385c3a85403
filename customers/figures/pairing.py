"""Which products are bought by the same customers, and to which better ones they moved: counted over own orders.

Of the customers who bought anything in the last `months`, let n(A) be those who bought A, n(A, B) those of them who
bought B on the same day or within `days` after their first A. Then

    support(A → B) = n(A, B) / n        confidence(A → B) = n(A, B) / n(A)        lift(A → B) = confidence / (n(B) / n)

(support and confidence: R. Agrawal, T. Imieliński, A. Swami, Mining Association Rules between Sets of Items in Large
Databases, SIGMOD 1993; lift, there "interest": S. Brin, R. Motwani, C. Silverstein, Beyond Market Baskets, SIGMOD
1997.) A pair is kept when n(A, B), confidence and lift reach what `LevelSettings` asks for: a small n(A, B) is chance,
and a lift of 1 says that everybody buys B anyway.

A step up goes from A to a dearer product of the same category and currency: the one named on A, whatever the counts,
else the one that most buyers bought in a later order, when n(A, B) and confidence suffice; no lift is asked for, since
whoever steps up buys the better one instead.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from crm.core import clock

from .levels import level_settings

_DAYS_A_MONTH = 30.4375
#: The newest purchase of what `pairs` holds is kept; pairs of earlier nights that no longer hold go.
_COUNT = """
WITH buys AS MATERIALIZED (
    SELECT o.customer_id, l.product_id, min(o.placed_at) AS first_at
    FROM customers_order o
    JOIN customers_orderline l ON l.order_id = o.id AND l.product_id IS NOT NULL
    JOIN customers_customer c ON c.id = o.customer_id AND c.deleted_at IS NULL
    WHERE o.status <> 'cancelled' AND o.placed_at >= %(since)s
    GROUP BY o.customer_id, l.product_id
), everybody AS (
    SELECT count(DISTINCT customer_id)::float AS n FROM buys
), alone AS (
    SELECT product_id, count(*)::int AS n FROM buys GROUP BY product_id
), together AS (
    SELECT a.product_id AS bought, b.product_id AS offered, count(*)::int AS n,
           count(*) FILTER (WHERE b.first_at > a.first_at)::int AS later
    FROM buys a JOIN buys b ON b.customer_id = a.customer_id AND b.product_id <> a.product_id
         AND b.first_at::date BETWEEN a.first_at::date AND a.first_at::date + %(days)s
    GROUP BY a.product_id, b.product_id
), rated AS (
    SELECT t.bought, t.offered, a.n AS buyers, t.n AS "both", t.later, t.n / a.n::float AS confidence,
           t.n / a.n::float / (b.n / e.n) AS lift, q.id IS NOT NULL AS is_better
    FROM together t JOIN alone a ON a.product_id = t.bought JOIN alone b ON b.product_id = t.offered
    CROSS JOIN everybody e
    JOIN customers_product p ON p.id = t.bought
    LEFT JOIN customers_product q ON q.id = t.offered AND q.category_id = p.category_id
         AND q.currency = p.currency AND q.price > p.price
), steps AS (
    SELECT DISTINCT ON (bought) bought, offered, buyers, later AS "both", later / buyers::float AS confidence, lift
    FROM rated
    WHERE is_better AND later >= %(min_both)s AND later / buyers::float >= %(min_share)s
      AND NOT EXISTS (SELECT 1 FROM customers_product d WHERE d.id = rated.bought AND d.step_up_id IS NOT NULL)
    ORDER BY bought, later DESC, offered
), named AS (
    SELECT p.id AS bought, p.step_up_id AS offered, coalesce(a.n, 0) AS buyers, coalesce(r.later, 0) AS "both",
           coalesce(r.later / r.buyers::float, 0) AS confidence, coalesce(r.lift, 0) AS lift
    FROM customers_product p LEFT JOIN alone a ON a.product_id = p.id
    LEFT JOIN rated r ON r.bought = p.id AND r.offered = p.step_up_id
    WHERE p.step_up_id IS NOT NULL AND p.step_up_id <> p.id
), kept AS (
    SELECT bought, offered, 'pair' AS kind, buyers, "both", confidence, lift, false AS is_declared FROM rated
    WHERE NOT is_better AND "both" >= %(min_both)s AND confidence >= %(min_share)s AND lift >= %(min_lift)s
    UNION ALL SELECT bought, offered, 'step', buyers, "both", confidence, lift, false FROM steps
    UNION ALL SELECT bought, offered, 'step', buyers, "both", confidence, lift, true FROM named
)
INSERT INTO customers_productpair
    (bought_id, offered_id, kind, buyers, "both", confidence, lift, days, is_declared, computed_at)
SELECT k.bought, k.offered, k.kind, k.buyers, k."both", k.confidence, k.lift, %(days)s, k.is_declared, %(now)s
FROM kept k JOIN customers_product p ON p.id = k.offered AND p.is_active AND p.deleted_at IS NULL
ON CONFLICT (bought_id, offered_id, kind) DO UPDATE SET buyers = excluded.buyers, "both" = excluded."both",
    confidence = excluded.confidence, lift = excluded.lift, days = excluded.days,
    is_declared = excluded.is_declared, computed_at = excluded.computed_at
"""
_FORGET = "DELETE FROM customers_productpair WHERE computed_at < %(now)s"


def compute_pairs() -> int:
    """Counts all pairs and steps anew; offers of pairs that no longer hold go with them. Returns how many hold."""
    settings, now = level_settings(), clock.now()
    values = {
        "now": now,
        "since": now - dt.timedelta(days=settings.months * _DAYS_A_MONTH),
        "days": settings.days,
        "min_both": settings.min_buyers,
        "min_share": settings.min_percent / 100,
        "min_lift": settings.min_lift,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        held = cursor.rowcount
        cursor.execute("DELETE FROM customers_offer WHERE pair_id IN "
                       "(SELECT id FROM customers_productpair WHERE computed_at < %(now)s)", values)  # fmt: skip
        cursor.execute(_FORGET, values)
    return held
