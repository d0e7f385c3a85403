"""Custom fields on customers, contacts, products, orders and equipment: forms, pages, lists, conditions, activity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm.activity.models import Activity
from crm.conditions.language import parse
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid
from crm.fields.tests.builders import make_field
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.actions import NewLine
from customers.models import Customer, Equipment, Order, Product

from .builders import make_contact, make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def client(db: Any) -> Any:
    every = ("customers.view", "customers.update", "customers.reveal", "orders.view", "orders.manage")
    return signed_in(staff(*every, scope=Scope.ALL))


@pytest.fixture(autouse=True)
def _fields(db: Any) -> None:
    for kind in ("customer", "contact", "product", "order", "equipment"):
        make_field("text", key="extra", kind=kind, is_listed=True)


def test_an_answer_is_stored_told_and_asked_about() -> None:
    customer = make_customer("North Wind", custom_extra="blue")
    assert customer.custom == {"extra": "blue"}
    actions.update_customer(actor=SYSTEM, customer=customer, values={"custom_extra": "green", "industry": "Steel"})
    told = Activity.objects.latest("pk").data
    assert told["changes"]["custom_extra"] == ["blue", "green"]
    assert told["fields"]["en"] == "industry, Extra"
    tree = {"v": 1, "all": [{"field": "customer.custom_extra", "op": "is", "value": "green"}]}
    assert list(parse(tree, "customer", SYSTEM).filter(Customer.objects.all())) == [customer]


def test_an_unknown_answer_is_refused_and_nothing_written() -> None:
    customer = make_customer("North Wind")
    with pytest.raises(Invalid) as caught:
        actions.update_customer(actor=SYSTEM, customer=customer, values={"name": "South", "custom_shoe": "42"})
    assert "custom_shoe" in caught.value.fields
    assert Customer.objects.get(pk=customer.pk).name == "North Wind"


def test_every_form_asks_and_every_page_shows(client: Any) -> None:
    customer = make_customer("North Wind")
    contact = make_contact(customer)
    values = {"code": "P1", "name": {"en": "Paper"}, "price": Decimal(5), "currency": "CNY"}
    product = actions.save_product(actor=SYSTEM, values={**values, "unit": {"en": "box"}, "custom_extra": "shelf 4"})
    line = NewLine(quantity=Decimal(1), unit_price=Decimal(5), product=product)
    order = actions.place_order(actor=SYSTEM, customer=customer, lines=[line], values={"custom_extra": "gift"})
    device = actions.save_equipment(
        actor=SYSTEM, customer=customer, values={"product": product, "serial_number": "XK-77", "custom_extra": "loud"}
    )
    actions.update_contact(
        actor=SYSTEM, contact=contact, name=contact.name, emails=[], phones=[], answers={"extra": "left-handed"}
    )
    pages = {
        f"/customers/{customer.number}/edit/": "",
        f"/customers/contacts/{contact.pk}/": "left-handed",
        f"/customers/contacts/{contact.pk}/edit/": "left-handed",
        f"/customers/products/{product.pk}/": "shelf 4",
        f"/customers/orders/{order.number}/": "gift",
        f"/customers/orders/{order.number}/edit/": "gift",
        f"/customers/equipment/{device.pk}/": "loud",
        "/customers/orders/?custom_extra=gif": order.label,
        "/customers/equipment/?custom_extra=lou": "XK-77",
    }
    for path, text in pages.items():
        page = client.get(path)
        assert page.status_code == 200, path
        assert "Extra" in page.content.decode() and text in page.content.decode(), path
    assert "XK-77" not in client.get("/customers/equipment/?custom_extra=quiet").content.decode()
    assert (Product.objects.get().custom, Order.objects.get().custom, Equipment.objects.get().custom) == (
        {"extra": "shelf 4"}, {"extra": "gift"}, {"extra": "loud"},
    )  # fmt: skip


def test_an_order_is_corrected_without_touching_its_lines(client: Any) -> None:
    line = NewLine(quantity=Decimal(2), unit_price=Decimal(5), name="Paper")
    order = actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[line])
    sent = {"channel": order.channel, "ship_to": "Mill Lane 4", "note": "", "custom_extra": "gift"}
    assert client.post(f"/customers/orders/{order.number}/edit/", sent).status_code == 302
    order.refresh_from_db()
    assert (order.ship_to, order.custom, order.gross) == ("Mill Lane 4", {"extra": "gift"}, Decimal("10.00"))
    assert Activity.objects.latest("pk").key == "orders.changed"
    with pytest.raises(Invalid):
        actions.change_order(actor=SYSTEM, record=order, values={"gross": Decimal(1)})


def test_a_shop_pushes_an_answer_once() -> None:
    customer, line = make_customer(), NewLine(quantity=Decimal(1), unit_price=Decimal(5), name="Paper")
    push: dict[str, Any] = {
        "actor": SYSTEM,
        "customer": customer,
        "lines": [line],
        "source": "shop",
        "external_id": "7",
    }
    order = actions.place_order(**push, values={"custom_extra": "gift"})
    count = Activity.objects.count()
    assert actions.place_order(**push, values={"custom_extra": "gift"}).pk == order.pk
    assert Activity.objects.count() == count
    actions.place_order(**push, values={"custom_extra": "no gift"})
    assert Order.objects.get().custom == {"extra": "no gift"}
