"""The demo's products, orders and devices, made through tables since there are thousands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from crm.activity.demo import History, place
from crm.core import money
from crm.core.actor import Actor
from crm.core.demo import Copy, DemoContext, Ids
from crm.core.models import Brand
from crm.core.numbering import next_numbers

from ..choices import EquipmentState, OrderChannel, OrderStatus, ShipmentStatus
from ..models import (
    Address,
    BillingTitle,
    Contact,
    Customer,
    Equipment,
    Order,
    OrderLine,
    Product,
    ProductCategory,
    Refund,
    Shipment,
)
from ..models.orders import NUMBER_SEQUENCE
from ..recognising.registration import SIGNS, check_sign
from .products import CARRIERS, CATEGORIES, GOES_WITH, PLACES, PRODUCTS, REFUNDS, STEPS_UP

_DAY = dt.timedelta(days=1)
_SHIP_TO = ("Goods entrance, {number} Harbour Road", "星湖街 {number} 号 收货处")


class TradeMaker:
    """Makes purchases of customers one after the other and sends them to their tables."""

    def __init__(self, context: DemoContext, products: list[Product]):
        self.now, self.rng = context.now, context.rng("trade")
        self.history: History = context.made["history"]
        self.products, self.brand = products, Brand.default()
        self.by_code = {product.code: product for product in products}
        self.last: tuple[int, str] = (0, "")
        stamps = ("created_at", "updated_at")
        self.orders = Copy(
            Order,
            ("id", "number", "customer_id", "contact_id", "channel", "status", "placed_at", "net", "tax", "gross",
             "refunded", "paid", "paid_at", "ship_to", *stamps),
            {"brand_id": self.brand.pk, "currency": "CNY"},
        )  # fmt: skip
        self.lines = Copy(
            OrderLine,
            ("id", "order_id", "position", "product_id", "name", "quantity", "unit_price", "tax_percent", "net",
             "tax", "gross", *stamps),
        )  # fmt: skip
        self.shipments = Copy(
            Shipment,
            ("id", "order_id", "carrier", "parcel_number", "status", "shipped_at", "delivered_at", *stamps),
        )
        self.refunds = Copy(Refund, ("id", "order_id", "amount", "reason", "refunded_at", *stamps))
        self.equipment = Copy(
            Equipment,
            ("id", "customer_id", "product_id", "order_line_id", "name", "search_key", "serial_number", "place",
             "installed_on", "warranty_until", "state", *stamps),
        )  # fmt: skip
        self.tables = (self.orders, self.lines, self.shipments, self.refunds, self.equipment)
        models = (Order, OrderLine, Shipment, Refund, Equipment)
        self.ids = {model: Ids(model) for model in models}
        self.serial = 0

    def buy(self, who: Any, at: dt.datetime, number: int) -> None:
        """One order of a person, with what became of it."""
        rng, order_id = self.rng, self.ids[Order].next()
        age = self.now - at
        status = _status(rng, age)
        rows = [self._line(order_id, position, who, at) for position in range(1, rng.choice((2, 2, 3, 4)))]
        total = money.total_of(rows)
        back = rng.random() < 0.05 and status == OrderStatus.DELIVERED
        refunded = money.rounded(total.gross / rng.choice((1, 2, 4)), "CNY") if back else Decimal(0)
        channel = rng.choice((OrderChannel.SHOP, OrderChannel.SALES, OrderChannel.SALES, OrderChannel.PHONE))
        self.orders.add(
            order_id, number, who.customer_id, who.contact_id, str(channel), str(status), at, total.net, total.tax,
            total.gross, refunded, *_paid(channel, status, total.gross, number, at),
            _SHIP_TO[who.language == "zh-hans"].format(number=number % 90 + 1), at, at,
        )  # fmt: skip
        self._tell(who, at, "orders.placed", order_id, number, {"total": money.shown(total.gross, "CNY")})
        if status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
            self._ship(who, at + _DAY, order_id, number, status)
        if back:
            chinese = who.language == "zh-hans"
            self.refunds.add(
                self.ids[Refund].next(), order_id, refunded, rng.choice(REFUNDS)[chinese], at + 5 * _DAY,
                at + 5 * _DAY, at + 5 * _DAY,
            )  # fmt: skip

    def _line(self, order_id: int, position: int, who: Any, at: dt.datetime) -> money.Line:
        rng = self.rng
        product = self._with_the_last(order_id, rng.choices(self.products, _weights(len(self.products)))[0])
        supplies = product.repurchase_days and product.repurchase_days < 100
        quantity = Decimal(rng.randint(5, 60) if supplies else rng.choice((1, 1, 1, 2, 3)))
        amounts = money.line_of(
            quantity=quantity, unit_price=product.price, currency="CNY", tax_percent=product.tax_percent
        )
        line_id = self.ids[OrderLine].next()
        name = product.name.in_language(who.language)
        self.lines.add(
            line_id, order_id, position, product.pk, name, quantity, product.price, product.tax_percent,
            amounts.net, amounts.tax, amounts.gross, at, at,
        )  # fmt: skip
        if product.category.name.get("en") == "Printers":
            self._device(who, product, name, line_id, at)
        return amounts

    def _with_the_last(self, order_id: int, drawn: Product) -> Product:
        """What goes with the line before, in every other order; else what was drawn."""
        before, self.last = self.last, (order_id, drawn.code)
        wanted = GOES_WITH.get(before[1], "")
        return self.by_code[wanted] if wanted and before[0] == order_id and order_id % 2 else drawn

    def _device(self, who: Any, product: Product, name: str, line_id: int, at: dt.datetime) -> None:
        rng, chinese = self.rng, who.language == "zh-hans"
        self.serial += 1
        serial = f"{product.code}-{at:%y%m}-{self.serial:05}"
        day = at.date() + 4 * _DAY
        state = rng.choices(list(EquipmentState), (88, 5, 4, 3))[0]
        self.equipment.add(
            self.ids[Equipment].next(), who.customer_id, product.pk, line_id, name, f"{name} {serial}".lower(),
            serial, rng.choice(PLACES)[chinese], day, day + 730 * _DAY, str(state), at, at,
        )  # fmt: skip

    def _ship(self, who: Any, at: dt.datetime, order_id: int, number: int, status: OrderStatus) -> None:
        rng, chinese = self.rng, who.language == "zh-hans"
        carrier = rng.choice(CARRIERS)[chinese]
        parcel = f"P{rng.randrange(10**11):011}"
        arrived = at + 3 * _DAY if status == OrderStatus.DELIVERED else None
        state = ShipmentStatus.DELIVERED if arrived else ShipmentStatus.IN_TRANSIT
        self.shipments.add(self.ids[Shipment].next(), order_id, carrier, parcel, str(state), at, arrived, at, at)
        self._tell(who, at, "orders.shipped", order_id, number, {"carrier": carrier, "parcel": parcel})

    def _tell(self, who: Any, at: dt.datetime, type_: str, order_id: int, number: int, data: dict[str, object]) -> None:
        anchors = [place(Customer, who.customer_id), place(Contact, who.contact_id)]
        data = {"number": number, **data}
        self.history.tell(at, Actor.system(), type_, place(Order, order_id), anchors, data)


def make_trade(context: DemoContext) -> None:
    """Products, about two orders a customer over the last two years, and the devices among them."""
    maker = TradeMaker(context, _products())
    rng, moments = context.rng("trade.moments"), []
    seen: set[int] = set()
    for who in context.made["requesters"]:
        if who.customer_id in seen:
            continue
        seen.add(who.customer_id)
        for _order in range(rng.choices((0, 1, 2, 3, 6, 9), (24, 24, 20, 16, 11, 5))[0]):
            span = min((context.now - who.since).total_seconds(), 730 * 86_400)
            moments.append((context.now - dt.timedelta(seconds=int(span * rng.random())), who))
    moments.sort(key=lambda pair: (pair[0], pair[1].contact_id))
    numbers = next_numbers(NUMBER_SEQUENCE, len(moments))
    context.progress.start("Orders", max(1, len(moments)))
    for (at, who), number in zip(moments, numbers, strict=True):
        maker.buy(who, at, number)
        context.progress.advance()
    for table in maker.tables:
        table.flush()
    _billing(context, rng)


def _products() -> list[Product]:
    shelves = {}
    for order, (key, english, chinese) in enumerate(CATEGORIES, start=1):
        name = {"en": english, "zh-hans": chinese}
        shelves[key] = ProductCategory.objects.create(name=name, order=order * 10)
    for code, shelf, english, chinese, unit, price, tax, kind, again in PRODUCTS:
        Product.objects.create(
            code=code, category=shelves[shelf], name={"en": english, "zh-hans": chinese},
            unit={"en": unit[0], "zh-hans": unit[1]}, price=price, currency="CNY", tax_percent=tax, kind=kind,
            repurchase_days=again,
        )  # fmt: skip
    for code, better in STEPS_UP.items():
        Product.objects.filter(code=code).update(step_up=Product.objects.get(code=better))
    return list(Product.objects.select_related("category").filter(category__in=shelves.values()).order_by("pk"))


def _billing(context: DemoContext, rng: Random) -> None:
    """Where companies are and to whom invoices are made out, for the first few hundred."""
    companies = {who.customer_id: who for who in context.made["requesters"] if who.company}
    places, titles = [], []
    for who in list(companies.values())[:300]:
        line = f"{rng.randint(1, 90)} 号" if who.language == "zh-hans" else f"{rng.randint(1, 90)} Mill Lane"
        places.append(Address(customer_id=who.customer_id, line=line, city=who.city, recipient=who.name, is_main=True))
        code = "91" + "".join(rng.choice(SIGNS) for _sign in range(15))
        tax = code + check_sign(code) if who.language == "zh-hans" else f"GB{rng.randrange(10**9):09}"
        titles.append(BillingTitle(customer_id=who.customer_id, title=who.company, tax_number=tax, is_main=True))
    Address.objects.bulk_create(places, batch_size=500)
    BillingTitle.objects.bulk_create(titles, batch_size=500)


def _status(rng: Random, age: dt.timedelta) -> OrderStatus:
    if rng.random() < 0.04:
        return OrderStatus.CANCELLED
    if age < 2 * _DAY:
        return rng.choice((OrderStatus.PLACED, OrderStatus.PAID))
    return OrderStatus.SHIPPED if age < 5 * _DAY else OrderStatus.DELIVERED


def _weights(count: int) -> list[int]:
    """Supplies sell most often."""
    return [6, 5, 2, 4, 14, 16, 14, 5, 4, 2, 3, 4][:count]


def _paid(
    channel: OrderChannel, status: OrderStatus, gross: Decimal, number: int, at: dt.datetime
) -> tuple[Decimal | None, dt.datetime | None]:
    """What was paid and when: the shop's at once, of the others some wholly, some in part, of the rest nobody said."""
    if channel == OrderChannel.SHOP or number % 3 == 0:
        return gross, at
    if number % 3 == 1 and status in (OrderStatus.PLACED, OrderStatus.SHIPPED):
        return money.rounded(gross / 2, "CNY"), at
    return None, None
