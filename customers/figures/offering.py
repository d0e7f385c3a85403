"""What to offer to whom: for each purchase of the last `days`, the products that go with it and the step up.

A product that the customer has is not offered, nor one that nobody sells any more. Of several reasons for one product
the one with the highest confidence counts, a step up before all. At most `MOST` a customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core import clock
from crm.core.actor import Actor

from ..choices import PairKind
from ..models import Customer, Offer, Product

MOST = 5
_FIND = """
WITH owned AS MATERIALIZED (
    SELECT o.customer_id, l.product_id, max(o.placed_at) AS last_at
    FROM customers_order o
    JOIN customers_orderline l ON l.order_id = o.id AND l.product_id IS NOT NULL
    WHERE o.status <> 'cancelled' AND (%(ids)s::bigint[] IS NULL OR o.customer_id = ANY(%(ids)s))
    GROUP BY o.customer_id, l.product_id
), reasons AS (
    SELECT DISTINCT ON (w.customer_id, p.offered_id) w.customer_id, p.offered_id, p.id AS pair_id, w.last_at,
           p.kind, p.confidence
    FROM owned w JOIN customers_productpair p ON p.bought_id = w.product_id
    JOIN customers_product q ON q.id = p.offered_id AND q.is_active AND q.deleted_at IS NULL
    JOIN customers_customer c ON c.id = w.customer_id AND c.deleted_at IS NULL
    WHERE w.last_at >= %(now)s - p.days * interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM owned h WHERE h.customer_id = w.customer_id AND h.product_id = p.offered_id)
    ORDER BY w.customer_id, p.offered_id, p.kind DESC, p.confidence DESC, p.id
), ranked AS (
    SELECT r.*, row_number() OVER (PARTITION BY customer_id ORDER BY kind DESC, confidence DESC, offered_id) AS place
    FROM reasons r
)
"""
_KEEP = """
INSERT INTO customers_offer (customer_id, product_id, pair_id, bought_at, found_at)
SELECT customer_id, offered_id, pair_id, last_at, %(now)s FROM ranked WHERE place <= %(most)s
ORDER BY customer_id, offered_id
ON CONFLICT (customer_id, product_id) DO UPDATE SET pair_id = excluded.pair_id, bought_at = excluded.bought_at
WHERE (customers_offer.pair_id, customers_offer.bought_at) IS DISTINCT FROM (excluded.pair_id, excluded.bought_at)
"""
_FORGET = """
DELETE FROM customers_offer t WHERE (%(ids)s::bigint[] IS NULL OR t.customer_id = ANY(%(ids)s)) AND NOT EXISTS (
    SELECT 1 FROM ranked r WHERE r.customer_id = t.customer_id AND r.offered_id = t.product_id AND r.place <= %(most)s
)
"""
_COUNT = """
UPDATE customers_customerfacts t SET offers = coalesce(f.n, 0)
FROM customers_customerfacts s LEFT JOIN (
    SELECT customer_id, count(*) AS n FROM customers_offer WHERE dismissed_at IS NULL GROUP BY customer_id
) f ON f.customer_id = s.customer_id
WHERE s.customer_id = t.customer_id AND (%(ids)s::bigint[] IS NULL OR t.customer_id = ANY(%(ids)s))
  AND t.offers <> coalesce(f.n, 0)
"""


def compute_offers(ids: Sequence[int] | None = None) -> int:
    """Brings what is offered to these customers, or to all, up to date. Returns how many offers are new or differ.

    Their figures are there already: who bought something has some.
    """
    values = {"ids": list(ids) if ids is not None else None, "now": clock.now(), "most": MOST}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FIND + _KEEP, values)
        count = cursor.rowcount
        cursor.execute(_FIND + _FORGET, values)
        cursor.execute(_COUNT, values)
    return count


def count_offers(ids: Sequence[int]) -> None:
    """Brings the number of standing offers of these customers up to date."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"ids": list(ids)})


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer as a page shows it, with the reason and its numbers."""

    offer: Offer
    product: Product
    is_step: bool
    reason: str


def offers_of(viewer: Actor, customer: Customer) -> list[Shown]:
    """What to offer to a customer now, steps up first. One query."""
    rows = Offer.objects.visible_to(viewer).standing().filter(customer=customer)
    found = rows.select_related("product", "pair__bought").order_by("-pair__kind", "-pair__confidence", "pk")
    return [Shown(row, row.product, row.pair.kind == PairKind.STEP, reason_of(row)) for row in found]


def reason_of(offer: Offer) -> str:
    """Bought Toner on 3 March. 41% of 120 buyers of it bought Paper within 180 days, 2.1 times as many as of all."""
    pair = offer.pair
    bought = _("Bought %(product)s on %(day)s.") % {
        "product": pair.bought.name, "day": date_format(offer.bought_at, "SHORT_DATE_FORMAT"),
    }  # fmt: skip
    return f"{bought} {numbers_of(pair)}"


def numbers_of(pair: Any) -> str:
    """The counts behind a pair, in a sentence."""
    if pair.is_declared and not pair.both:
        return _("It is named as the next better product.")
    values = {"percent": pair.percent, "buyers": pair.buyers, "days": pair.days, "lift": f"{pair.lift:.1f}"}
    if pair.kind == PairKind.STEP:
        text = ngettext(
            "%(percent)s%% of %(buyers)s buyer moved up to this within %(days)s days.",
            "%(percent)s%% of %(buyers)s buyers moved up to this within %(days)s days.",
            pair.buyers,
        )
    else:
        text = ngettext(
            "%(percent)s%% of %(buyers)s buyer bought this as well within %(days)s days, %(lift)s times as often as "
            "everybody.",
            "%(percent)s%% of %(buyers)s buyers bought this as well within %(days)s days, %(lift)s times as often as "
            "everybody.",
            pair.buyers,
        )
    return text % values
