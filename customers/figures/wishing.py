"""Which products fit which wishes. One rule, `_FIT`, for one wish, one product, or all of them at night.

A product fits when everything that the wish names holds: its price within the budget, one in another currency by
today's exchange rates and not without them; its category, or one below; size and place by the custom fields that
`LevelSettings` names, once they are named; one of the words in its name, code or pinyin. A wish ends with its last day,
with its customer, and when somebody closes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.activity.recording import Deed, record_many
from crm.core import clock, money, names
from crm.core.actor import Actor
from crm.core.text import listed

from ..models import Customer, Product, Wish, WishMatch
from .currencies import Exchange
from .levels import level_settings

#: How many products or wishes a page names.
MOST = 20
_FIT = """
WITH RECURSIVE below AS (
    SELECT id AS top, id FROM customers_productcategory
    UNION SELECT b.top, c.id FROM below b JOIN customers_productcategory c ON c.parent_id = b.id
), worth AS (
    SELECT * FROM unnest(%(codes)s::text[], %(rates)s::numeric[]) AS t(currency, rate)
), fits AS MATERIALIZED (
    SELECT w.id AS wish_id, p.id AS product_id
    FROM customers_wish w
    JOIN customers_customer c ON c.id = w.customer_id AND c.deleted_at IS NULL
    JOIN customers_product p ON p.is_active AND p.deleted_at IS NULL
    LEFT JOIN worth own ON own.currency = p.currency
    LEFT JOIN worth theirs ON theirs.currency = w.currency
    CROSS JOIN LATERAL (
        SELECT CASE WHEN p.currency = w.currency THEN p.price ELSE round(p.price * own.rate / theirs.rate, 2) END
    ) AS asked(price)
    WHERE w.state = 'open' AND (w.until IS NULL OR w.until >= %(today)s)
      AND (%(wishes)s::bigint[] IS NULL OR w.id = ANY(%(wishes)s))
      AND (%(products)s::bigint[] IS NULL OR p.id = ANY(%(products)s))
      AND (w.budget_from IS NULL OR asked.price >= w.budget_from)
      AND (w.budget_to IS NULL OR asked.price <= w.budget_to)
      AND (w.category_id IS NULL OR EXISTS (SELECT 1 FROM below b WHERE b.top = w.category_id AND b.id = p.category_id))
      AND (%(size)s = '' OR (w.size_from IS NULL AND w.size_to IS NULL) OR (
           jsonb_typeof(p.custom -> %(size)s) = 'number'
           AND (w.size_from IS NULL OR (p.custom ->> %(size)s)::numeric >= w.size_from)
           AND (w.size_to IS NULL OR (p.custom ->> %(size)s)::numeric <= w.size_to)))
      AND (%(place)s = '' OR w.place = '' OR strpos(lower(p.custom ->> %(place)s), lower(w.place)) > 0)
      AND (w.word_keys = '[]' OR EXISTS (
           SELECT 1 FROM jsonb_array_elements_text(w.word_keys) k WHERE strpos(p.search_key, k) > 0))
      AND NOT (w.budget_from IS NULL AND w.budget_to IS NULL AND w.category_id IS NULL AND w.word_keys = '[]'
           AND (%(size)s = '' OR (w.size_from IS NULL AND w.size_to IS NULL)) AND (%(place)s = '' OR w.place = ''))
)
"""
_KEEP = """
INSERT INTO customers_wishmatch (wish_id, product_id, found_at)
SELECT wish_id, product_id, %(now)s FROM fits ORDER BY wish_id, product_id
ON CONFLICT (wish_id, product_id) DO NOTHING
RETURNING wish_id, product_id
"""
_FORGET = """
DELETE FROM customers_wishmatch m
WHERE (%(wishes)s::bigint[] IS NULL OR m.wish_id = ANY(%(wishes)s))
  AND (%(products)s::bigint[] IS NULL OR m.product_id = ANY(%(products)s))
  AND NOT EXISTS (SELECT 1 FROM fits f WHERE f.wish_id = m.wish_id AND f.product_id = m.product_id)
RETURNING m.wish_id
"""
_COUNT = """
INSERT INTO customers_customerfacts
    (customer_id, orders, bought, r, f, m, value, value_by_hand, value_note, computed_at, wishes)
SELECT w.customer_id, 0, 0, 0, 0, 0, '', '', '', %(now)s, count(DISTINCT w.id)
FROM customers_wish w JOIN customers_wishmatch m ON m.wish_id = w.id
WHERE %(customers)s::bigint[] IS NULL OR w.customer_id = ANY(%(customers)s)
GROUP BY w.customer_id ORDER BY w.customer_id
ON CONFLICT (customer_id) DO UPDATE SET wishes = excluded.wishes
WHERE customers_customerfacts.wishes <> excluded.wishes
"""
_EMPTY = """
UPDATE customers_customerfacts t SET wishes = 0
WHERE wishes <> 0 AND (%(customers)s::bigint[] IS NULL OR t.customer_id = ANY(%(customers)s)) AND NOT EXISTS (
    SELECT 1 FROM customers_wish w JOIN customers_wishmatch m ON m.wish_id = w.id WHERE w.customer_id = t.customer_id
)
"""


def match_wishes(wishes: Sequence[int] | None = None, products: Sequence[int] | None = None) -> list[tuple[int, int]]:
    """Brings what fits up to date, for these wishes, these products, or all. Returns (wish, product) that are new."""
    settings, worth = level_settings(), Exchange().worth()
    values: dict[str, Any] = {
        "codes": list(worth), "rates": list(worth.values()),
        "wishes": None if wishes is None else list(wishes), "products": None if products is None else list(products),
        "today": clock.today(), "now": clock.now(), "size": settings.size_field, "place": settings.place_field,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FIT + _KEEP, values)
        new = [(int(wish), int(product)) for wish, product in cursor.fetchall()]
        cursor.execute(_FIT + _FORGET, values)
        touched = {wish for wish, _product in new} | {int(row[0]) for row in cursor.fetchall()} | set(wishes or ())
        if touched or (wishes is None and products is None):
            whole = wishes is None and products is None
            values["customers"] = None if whole else _customers_of(touched)
            cursor.execute(_COUNT, values)
            cursor.execute(_EMPTY, values)
    return new


def _customers_of(wishes: set[int]) -> list[int]:
    return sorted(Wish.objects.filter(pk__in=wishes).values_list("customer_id", flat=True).distinct())


def tell_matches(found: Sequence[tuple[int, int]]) -> None:
    """Writes on the timelines of customers which products newly fit their wishes."""
    if not found:
        return
    wishes = Wish.objects.select_related("customer").in_bulk({wish for wish, _product in found})
    products = Product.objects.in_bulk({product for _wish, product in found})
    deeds = [
        Deed(
            "wishes.matched", wishes[wish], (wishes[wish].customer, products[product]),
            {"name": wishes[wish].name, "product": str(products[product])},
        )
        for wish, product in found
        if wish in wishes and product in products
    ]  # fmt: skip
    record_many(actor=Actor.system(), deeds=deeds)


def why_fits(wish: Wish, product: Product, *, size_field: str, place_field: str, exchange: Exchange | None) -> str:
    """Everything the wish names and the product has, for whoever offers it. exchange: where currencies differ."""
    found = []
    if wish.budget_text:
        found.append(_price_of(wish, product, exchange))
    if wish.category is not None:
        found.append(_("category %(name)s") % {"name": product.category})
    if size_field and (wish.size_from is not None or wish.size_to is not None):
        found.append(_("size %(size)s") % {"size": number_in(product.custom.get(size_field))})
    if place_field and wish.place:
        found.append(_("area %(place)s") % {"place": product.custom.get(place_field)})
    if hits := [word for word in wish.words.split() if names.fold(word) in product.search_key]:
        found.append(_("name holds %(words)s") % {"words": listed(hits)})
    return listed(found)


def _price_of(wish: Wish, product: Product, exchange: Exchange | None) -> str:
    words = {"price": money.shown(product.price, product.currency), "budget": wish.budget_text}
    if exchange is None or product.currency == wish.currency:
        return _("%(price)s is within %(budget)s") % words
    value, days = exchange.converted(product.price, product.currency, wish.currency)
    words |= {
        "value": money.shown(value, wish.currency),
        "days": listed([date_format(day, "SHORT_DATE_FORMAT") for day in days]),
    }
    return _("%(price)s is about %(value)s by the rate of %(days)s, within %(budget)s") % words


def number_in(value: Any) -> str:
    """A stored number without zeros at its end."""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return str(value)


@dataclass(frozen=True, slots=True)
class Fit:
    """A product that fits a wish, and why."""

    wish: Wish
    product: Product
    why: str


def fitting(viewer: Actor, wish: Wish, most: int = MOST) -> list[Fit]:
    """The products that fit a wish, cheapest first. Two queries."""
    rows = WishMatch.objects.visible_to(viewer).filter(wish=wish).select_related("product__category")
    return _explained([(wish, row.product) for row in rows.order_by("product__price", "product__sort_key")[:most]])


def looking_for(viewer: Actor, product: Product, most: int = MOST) -> list[Fit]:
    """The wishes that a product fits, newest first, of customers whom the viewer sees. Two queries."""
    rows = WishMatch.objects.visible_to(viewer).filter(product=product)
    rows = rows.select_related("wish__customer", "wish__category", "product__category").order_by("-found_at", "-pk")
    return _explained([(row.wish, row.product) for row in rows[:most]])


def fits_of(viewer: Actor, customer: Customer, most: int = MOST) -> list[Fit]:
    """What fits the wishes of a customer, newest first. Two queries."""
    rows = WishMatch.objects.visible_to(viewer).filter(wish__customer=customer)
    rows = rows.select_related("wish__category", "product__category").order_by("-found_at", "-pk")
    return _explained([(row.wish, row.product) for row in rows[:most]])


def _explained(pairs: Sequence[tuple[Wish, Product]]) -> list[Fit]:
    if not pairs:
        return []
    settings = level_settings()
    is_foreign = any(wish.budget_text and wish.currency != product.currency for wish, product in pairs)
    fields: dict[str, Any] = {
        "size_field": settings.size_field, "place_field": settings.place_field,
        "exchange": Exchange() if is_foreign else None,
    }  # fmt: skip
    return [Fit(wish, product, why_fits(wish, product, **fields)) for wish, product in pairs]
