"""The pages of products, orders and equipment hold what every page holds, and what only they do."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm.testing.suites import CreateSuite, DetailSuite, ListSuite, PickerSuite, UpdateSuite, signed_in
from crm.testing.suites import staff as person
from customers import actions
from customers.models import Concern, Order, Product

from .builders import SYSTEM, make_contact, make_customer
from .test_trade import make_product, one

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


def make_order() -> Order:
    return actions.place_order(actor=SYSTEM, customer=make_customer("Harbour Toys"), lines=[one()])


class TestProducts(ListSuite):
    url_name, permission = "customers:product_list", "orders.view"

    def make(self, count: int) -> list[Any]:
        return [make_product(f"P-{next(_numbers)}") for _row in range(count)]


class TestProduct(DetailSuite):
    url_name, permission = "customers:product_detail", "orders.view"

    def make_one(self) -> Any:
        return make_product()


class TestNewProduct(CreateSuite):
    url_name, permission, others = "customers:product_create", "orders.catalogue", ("orders.view",)
    kept = "KEPT-1"

    def rows(self) -> Any:
        return Product.objects.all()

    def good(self) -> dict[str, Any]:
        return {
            "code": "KEPT-1", "name_en": "Printer", "name_zh_hans": "打印机", "kind": "goods", "price": "10",
            "currency": "CNY", "tax_percent": "13",
        }  # fmt: skip

    def bad(self) -> dict[str, Any]:
        return self.good() | {"price": "-1"}


class TestOrders(ListSuite):
    url_name, permission, others = "customers:order_list", "orders.view", ("customers.view",)

    def make(self, count: int) -> list[Any]:
        return [make_order() for _number in range(count)]


class TestOrder(DetailSuite):
    url_name, permission, others = "customers:order_detail", "orders.view", ("customers.view",)

    def argument(self, record: Any) -> Any:
        return record.number

    def make_one(self) -> Any:
        return make_order()


class TestEquipmentList(ListSuite):
    url_name, permission, others = "customers:equipment_list", "orders.view", ("customers.view",)

    def make(self, count: int) -> list[Any]:
        customer = make_customer()
        return [
            actions.save_equipment(
                actor=SYSTEM, customer=customer, values={"name": "Lift", "serial_number": f"SN-{next(_numbers)}"}
            )
            for _row in range(count)
        ]


class TestEquipmentEdit(UpdateSuite):
    url_name, permission, others = "customers:equipment_update", "orders.manage", ("orders.view", "customers.view")
    kept = "Kept place"

    def make_one(self) -> Any:
        values = {"name": "Lift", "serial_number": "SN-1"}
        return actions.save_equipment(actor=SYSTEM, customer=make_customer(), values=values)

    def change(self) -> dict[str, Any]:
        return {"place": "Kept place"}

    def bad(self) -> dict[str, Any]:
        return {"place": "Kept place", "installed_on": "yesterday"}

    def rival(self, record: Any) -> None:
        type(record).objects.filter(pk=record.pk).update(place="Theirs")

    def changed(self, record: Any) -> bool:
        return bool(type(record).objects.get(pk=record.pk).place == "Kept place")


class TestProductPicker(PickerSuite):
    kind, permissions = "product", ("orders.view",)

    def make_one(self) -> Any:
        return make_product(name={"en": "Harbour Toys", "zh-hans": "港湾玩具"})


def _clerk() -> Any:
    return signed_in(person("customers.view", "orders.view", "orders.manage"))


def _typed(**changes: str) -> dict[str, str]:
    return {
        "channel": "sales", "currency": "CNY", "line-TOTAL_FORMS": "3", "line-INITIAL_FORMS": "0",
        "line-0-quantity": "2", **changes,
    }  # fmt: skip


def test_an_order_is_entered_and_a_product_brings_its_price() -> None:
    customer, product = make_customer(), make_product()
    address = reverse("customers:order_create", args=[customer.number])
    client = _clerk()
    assert client.get(address).status_code == 200
    sent = client.post(address, _typed(**{"line-0-product": str(product.pk)}))
    order = Order.objects.get()
    assert sent["Location"] == reverse("customers:order_detail", args=[order.number])
    assert order.gross == Decimal("2560.00")
    assert "¥2,560.00" in client.get(sent["Location"]).content.decode()


def test_a_line_without_a_product_or_name_is_asked_about_and_the_rest_is_kept() -> None:
    address = reverse("customers:order_create", args=[make_customer().number])
    page = _clerk().post(address, _typed(**{"ship_to": "Kept street", "line-0-unit_price": "3"}))
    assert page.status_code == 422
    assert "Kept street" in page.content.decode()
    assert "Choose a product or enter what it is" in page.content.decode()
    assert not Order.objects.exists()


def test_more_lines_keep_what_was_typed() -> None:
    address = reverse("customers:order_create", args=[make_customer().number])
    page = _clerk().post(address, _typed(**{"add_line": "1", "line-0-name": "Kept ribbon"}))
    assert page.content.decode().count("<fieldset") == 6
    assert "Kept ribbon" in page.content.decode()


def test_an_order_is_shipped_delivered_and_refunded_in_the_browser_of_a_clerk() -> None:
    order, client = make_order(), _clerk()
    client.post(reverse("customers:order_ship", args=[order.number]), {"carrier": "SF", "parcel_number": "SF1"})
    parcel = order.shipments.get()
    client.post(reverse("customers:shipment_update", args=[parcel.pk]), {"status": "delivered"})
    client.post(reverse("customers:order_refund", args=[order.number]), {"amount": "10", "reason": "Scratched"})
    order.refresh_from_db()
    assert (order.status, order.refunded) == ("delivered", Decimal(10))
    late = client.post(reverse("customers:order_cancel", args=[order.number]), {"reason": "Changed my mind"})
    assert late.status_code == 409
    assert "delivered or cancelled already" in late.content.decode()


@pytest.mark.parametrize("kind", ["customer", "user", "nothing"])
def test_only_records_with_a_customer_are_about_something(kind: str) -> None:
    address = reverse("customers:concern_update", args=[kind, make_contact().customer.pk])
    assert _clerk().get(address).status_code == 404
    assert not Concern.objects.exists()
