"""The demo's price lists: for everybody, for good customers, in dollars, and one that is over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from crm.core.demo import DemoContext
from crm.core.translated import Translated
from customers.models import Product

from ..models import PriceList, PriceListItem

_GOOD = {"v": 1, "all": [{"field": "customer.value_level", "op": "is", "value": "high"}]}


def make_price_lists(context: DemoContext) -> None:
    """Four lists over the demo's products, some with steps by quantity."""
    today = context.now.date()
    year = dt.date(today.year, 1, 1)
    products = list(Product.objects.active().filter(currency="CNY").order_by("pk")[:24])
    made = [
        (_list("Key customers", "重点客户价", 10, condition=_GOOD, valid_from=year), Decimal("0.90"), True),
        (_list("Standard", "标准价", 50, valid_from=year), Decimal(1), True),
        (_list("Export in dollars", "美元出口价", 40, currency="USD", tax_included=False, valid_from=year),
         Decimal("0.125"), False),
        (_list("Last year", "去年价目", 60, valid_to=year - dt.timedelta(days=1)), Decimal("0.97"), False),
    ]  # fmt: skip
    rows = []
    for price_list, factor, steps in made:
        for place, product in enumerate(products):
            for quantity, less in ((1, 0), (20, 4), (100, 8)) if steps and place % 3 == 0 else ((1, 0),):
                price = (product.price * factor * (100 - less) / 100).quantize(Decimal("0.01"))
                rows.append(
                    PriceListItem(price_list=price_list, product=product, min_quantity=quantity, unit_price=price)
                )
    PriceListItem.objects.bulk_create(rows)


def _list(english: str, chinese: str, order: int, **values: object) -> PriceList:
    facts = {"currency": "CNY", **values}
    return PriceList.objects.create(name=Translated({"en": english, "zh-hans": chinese}), order=order, **facts)
