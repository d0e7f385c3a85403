"""Products, orders, parcels, refunds, equipment, and what a request is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from crm.activity.models import Activity
from crm.core import money
from crm.core.errors import Invalid, NotFound
from crm.core.sockets import activity_types
from crm.testing.builders import give_place, make_user, staff
from customers import actions
from customers.actions import NewLine
from customers.exceptions import OrderIsOver, RefundTooHigh
from customers.models import Concern, Equipment, Order, Product, Shipment

from .builders import SYSTEM, make_contact, make_customer

_AMOUNTS = st.decimals(min_value=0, max_value=100_000, places=4)
_PERCENT = st.decimals(min_value=0, max_value=100, places=2)


@given(_AMOUNTS, _AMOUNTS, _PERCENT, _PERCENT, st.booleans(), st.sampled_from(["CNY", "JPY"]))
def test_a_line_always_adds_up(
    quantity: Decimal, price: Decimal, discount: Decimal, tax: Decimal, included: bool, currency: str
) -> None:
    line = money.line_of(
        quantity=quantity, unit_price=price, currency=currency, discount_percent=discount, tax_percent=tax,
        tax_included=included,
    )  # fmt: skip
    unit = Decimal(1).scaleb(-money.digits_of(currency))
    assert line.net + line.tax == line.gross
    assert all(amount == amount.quantize(unit) for amount in (line.net, line.tax, line.gross))
    assert line.tax >= 0


def test_a_price_with_the_tax_in_it_keeps_its_total() -> None:
    line = money.line_of(
        quantity=Decimal(3), unit_price=Decimal("33.33"), currency="CNY", tax_percent=Decimal(13), tax_included=True
    )
    assert (line.net, line.tax, line.gross) == (Decimal("88.49"), Decimal("11.50"), Decimal("99.99"))


@pytest.mark.parametrize(
    ("amount", "currency", "several", "text"),
    [
        ("1234.5", "CNY", False, "¥1,234.50"),
        ("-0.005", "CNY", False, "-¥0.01"),
        ("1234.5", "JPY", False, "JP¥1,235"),
        ("12", "USD", True, "USD 12.00"),
    ],
)
def test_amounts_are_written_with_their_sign(amount: str, currency: str, several: bool, text: str) -> None:
    assert money.shown(Decimal(amount), currency, several=several) == text


def make_product(code: str = "LP-420", **values: Any) -> Product:
    """A product with a price and Chinese VAT in it."""
    facts = {
        "code": code, "name": {"en": "Label printer", "zh-hans": "标签打印机"}, "price": Decimal("1280"),
        "currency": "CNY", "tax_percent": Decimal(13), **values,
    }  # fmt: skip
    return actions.save_product(actor=SYSTEM, values=facts)


def one(product: Product | None = None, quantity: int = 1, price: str = "100") -> NewLine:
    return NewLine(
        Decimal(quantity), Decimal(price), product=product, name="" if product else "Ribbon", tax_percent=Decimal(13)
    )


@pytest.mark.django_db
class TestOrders:
    def test_an_order_is_the_sum_of_its_lines(self) -> None:
        customer = make_customer()
        order = actions.place_order(actor=SYSTEM, customer=customer, lines=[one(make_product(), 2), one(price="0.01")])
        assert (order.gross, order.currency) == (Decimal("200.01"), customer.brand.currency)
        assert sum(line.gross for line in order.lines.all()) == order.gross
        assert [line.name for line in order.lines.all()] == ["Label printer", "Ribbon"]

    def test_a_shop_pushes_the_same_order_again(self) -> None:
        customer = make_customer()
        pushed = {"customer": customer, "lines": [one()], "source": "shop", "external_id": "A-1"}
        first = actions.place_order(actor=SYSTEM, **pushed)
        actions.place_order(actor=SYSTEM, **pushed)
        assert Order.objects.count() == 1
        assert Activity.objects.filter(type=activity_types["orders.placed"].code).count() == 1
        assert not Activity.objects.filter(type=activity_types["orders.changed"].code).exists()
        changed = actions.place_order(actor=SYSTEM, **{**pushed, "lines": [one(quantity=3)]})
        assert (changed.pk, changed.gross) == (first.pk, Decimal(300))

    def test_a_pushed_order_stays_with_its_customer(self) -> None:
        actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one()], source="shop", external_id="A-1")
        with pytest.raises(Invalid):
            actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one()], source="shop", external_id="A-1")

    @pytest.mark.parametrize(
        ("lines", "values", "field"),
        [
            ([], {}, "lines"),
            ([NewLine(Decimal(0), Decimal(1), name="Nothing")], {}, "lines"),
            ([NewLine(Decimal(1), Decimal(1))], {}, "lines"),
            ([one()], {"currency": "XXX"}, "currency"),
            ([one()], {"status": "eaten"}, "status"),
            ([one()], {"gross": 1}, "gross"),
        ],
    )
    def test_what_cannot_be_is_refused_whole(self, lines: list[NewLine], values: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as raised:
            actions.place_order(actor=SYSTEM, customer=make_customer(), lines=lines, values=values)
        assert field in raised.value.fields
        assert not Order.objects.exists()

    def test_somebody_elses_person_is_refused(self) -> None:
        with pytest.raises(Invalid) as raised:
            actions.place_order(
                actor=SYSTEM, customer=make_customer(), lines=[one()], values={"contact": make_contact()}
            )
        assert "contact" in raised.value.fields

    def test_a_parcel_is_one_parcel_and_its_arrival_delivers_the_order(self) -> None:
        order = actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one()])
        for _time in range(2):
            parcel = actions.ship_order(actor=SYSTEM, order=order, carrier="顺丰", parcel_number="SF1234")
        order.refresh_from_db()
        assert (Shipment.objects.count(), order.status) == (1, "shipped")
        actions.move_shipment(actor=SYSTEM, shipment=parcel, status="delivered")
        order.refresh_from_db()
        assert order.status == "delivered"
        with pytest.raises(OrderIsOver):
            actions.cancel_order(actor=SYSTEM, order=order, reason="Too late")

    def test_no_more_is_paid_back_than_was_paid(self) -> None:
        order = actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one()])
        actions.refund_order(actor=SYSTEM, order=order, amount=Decimal("99.99"), reason="Damaged")
        with pytest.raises(RefundTooHigh):
            actions.refund_order(actor=SYSTEM, order=order, amount=Decimal("0.02"), reason="More")
        order.refresh_from_db()
        assert order.refunded == Decimal("99.99")

    def test_orders_are_seen_with_their_customer(self) -> None:
        user = make_user("sales")
        give_place(user)
        mine = make_customer(owner=user)
        order = actions.place_order(actor=SYSTEM, customer=mine, lines=[one()])
        other = actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one()])
        assert list(Order.objects.visible_to(staff(user))) == [order]
        with pytest.raises(NotFound):
            actions.refund_order(actor=staff(user), order=other, amount=Decimal(1), reason="Why not")

    @pytest.mark.parametrize("asked", ["SO-{number}", "{number}", "A-77", "SF1234", "恒益", "hengyi"])
    def test_an_order_is_found(self, asked: str) -> None:
        customer = make_customer("苏州恒益精密")
        order = actions.place_order(actor=SYSTEM, customer=customer, lines=[one()], source="shop", external_id="A-77")
        actions.ship_order(actor=SYSTEM, order=order, carrier="SF", parcel_number="SF1234")
        actions.place_order(actor=SYSTEM, customer=make_customer("Northwind"), lines=[one()])
        assert list(Order.objects.matching(asked.format(number=order.number))) == [order]


@pytest.mark.django_db
class TestEquipmentAndConcerns:
    def test_a_serial_number_is_one_device(self) -> None:
        customer = make_customer()
        product = make_product()
        values = {"serial_number": "SN-1", "product": product}
        device = actions.save_equipment(actor=SYSTEM, customer=customer, values=values)
        assert device.name == str(product.name)
        with pytest.raises(Invalid) as raised:
            actions.save_equipment(actor=SYSTEM, customer=make_customer(), values=values)
        assert "serial_number" in raised.value.fields

    def test_a_device_knows_the_order_it_was_bought_with(self, client: Any) -> None:
        client.force_login(make_user("administrator"))
        customer = make_customer()
        order = actions.place_order(actor=SYSTEM, customer=customer, lines=[one()])
        other = actions.place_order(actor=SYSTEM, customer=make_customer("Northwind"), lines=[one()])
        page = reverse("customers:equipment_create", args=[customer.number])
        sent = {"name": "Printer", "serial_number": "SN-7", "state": "working"}
        theirs = client.post(page, {**sent, "order_line": other.lines.get().pk})
        assert theirs.status_code == 422 and not Equipment.objects.exists()
        assert client.post(page, {**sent, "order_line": order.lines.get().pk}).status_code == 302
        device = Equipment.objects.get()
        shown = reverse("customers:equipment_detail", args=[device.pk])
        assert order.label in client.get(shown).content.decode()
        assert shown in client.get(reverse("customers:order_detail", args=[order.number])).content.decode()
        with pytest.raises(Invalid) as raised:
            actions.save_equipment(
                actor=SYSTEM, customer=customer, record=device, values={"order_line": other.lines.get()}
            )
        assert "order_line" in raised.value.fields

    def test_a_request_is_about_one_thing_and_brings_its_product(self) -> None:
        person = make_contact()
        product = make_product()
        device = actions.save_equipment(
            actor=SYSTEM, customer=person.customer, values={"serial_number": "SN-1", "product": product}
        )
        said = {"actor": SYSTEM, "subject": person, "customer": person.customer, "wants": "repair"}
        actions.set_concern(**said, equipment=device, severity=3)
        actions.set_concern(**said, equipment=device)
        concern = Concern.objects.get()
        assert (concern.product, concern.severity) == (product, 1)

    def test_a_request_is_not_about_somebody_elses_order(self) -> None:
        person = make_contact()
        order = actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one()])
        with pytest.raises(NotFound):
            actions.set_concern(actor=SYSTEM, subject=person, customer=person.customer, wants="return", order=order)
