"""What a product costs a customer: the price lists that hold, in their order, else the product's own price."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.conditions.language import evaluate_many, parse
from crm.core import clock, money
from crm.core.actor import Actor
from crm.core.errors import Invalid
from customers.models import Customer, Product

from ..models import PriceList, PriceListItem

_FOUR = Decimal("0.0001")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ListPrice:
    """One unit's price in the currency and tax that were asked for. source: None for the product's own price."""

    price: Decimal
    currency: str
    source: PriceList | None = None
    from_quantity: Decimal = Decimal(1)

    @property
    def text(self) -> str:
        """¥1,200.00 · Dealers, from 10."""
        values = {
            "price": money.shown(self.price, self.currency),
            "name": str(self.source) if self.source else _("product's price"),
            "quantity": f"{self.from_quantity.normalize():f}",
        }
        if self.from_quantity > 1:
            return _("%(price)s · %(name)s, from %(quantity)s") % values
        return _("%(price)s · %(name)s") % values

    def discount(self, unit_price: Decimal, discount_percent: Decimal) -> Decimal:
        """By how much a price lies below this one, in per cent; 0 for one above it."""
        if not self.price:
            return discount_percent
        paid = unit_price * (_HUNDRED - discount_percent) / _HUNDRED
        return max(Decimal(0), (_HUNDRED * (self.price - paid) / self.price).quantize(Decimal("0.01")))


class PriceBook:
    """The prices for one customer on one day. Two queries for the lists that hold, one for each `load`."""

    def __init__(self, customer: Customer, *, currency: str, tax_included: bool, on: dt.date | None = None):
        self.customer, self.currency, self.tax_included = customer, currency, tax_included
        self.on = on or clock.today()
        self._tiers: dict[int, dict[int, list[PriceListItem]]] = {}

    @cached_property
    def lists(self) -> list[PriceList]:
        """Those of the currency that hold for the customer, the first to be asked first."""
        found = list(PriceList.objects.on(self.on).filter(currency=self.currency))
        conditions = {}
        for row in found:
            if row.condition:
                try:
                    conditions[str(row.pk)] = parse(row.condition, on="customer", author=Actor.system(), stored=True)
                except Invalid:
                    continue
        holds = evaluate_many(conditions, self.customer)
        return [row for row in found if not row.condition or holds.get(str(row.pk))]

    def load(self, products: Iterable[int]) -> None:
        """Reads the prices of several products at once, by id."""
        missing = set(products) - set(self._tiers)
        if not missing:
            return
        self._tiers |= {pk: defaultdict(list) for pk in missing}
        if self.lists:
            rows = PriceListItem.objects.filter(price_list__in=self.lists, product__in=missing)
            for row in rows.order_by("-min_quantity"):
                self._tiers[row.product_id][row.price_list_id].append(row)

    def price(self, product: Product, quantity: Decimal) -> ListPrice | None:
        """What one unit costs when so many are bought; None where no list and no own price is in the currency."""
        self.load([product.pk])
        tiers = self._tiers[product.pk]
        for row in self.lists:
            for item in tiers[row.pk]:
                if item.min_quantity <= quantity:
                    price = self._taxed(item.unit_price, row.tax_included, product)
                    return ListPrice(price, self.currency, row, item.min_quantity)
        if product.currency != self.currency:
            return None
        return ListPrice(self._taxed(product.price, product.tax_included, product), self.currency)

    def of_line(self, line: Any) -> ListPrice | None:
        """The list price of a position; None for one without a product."""
        return self.price(line.product, line.quantity) if line.product is not None else None

    def _taxed(self, price: Decimal, tax_included: bool, product: Product) -> Decimal:
        """The price with or without the tax, as it was asked for."""
        if tax_included == self.tax_included:
            return price.quantize(_FOUR)
        factor = (_HUNDRED + product.tax_percent) / _HUNDRED
        return (price * factor if self.tax_included else price / factor).quantize(_FOUR)
