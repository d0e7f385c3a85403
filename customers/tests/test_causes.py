"""Causes: counted within scope, with exactly their records, as a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm.core.actor import Actor, Scope
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.actions import NewLine
from customers.models import Customer, Order

from .builders import make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def orders() -> list[Order]:
    """Three records that say what they are about: two of a printer, one of them grave; one of a parcel."""
    values = {"code": "=X1", "name": {"en": "Printer"}, "unit": {"en": "piece"}, "price": Decimal(5), "currency": "CNY"}
    printer = actions.save_product(actor=SYSTEM, values=values)
    made = []
    for number in range(3):
        customer = make_customer(f"Customer {number}")
        line = NewLine(quantity=Decimal(1), unit_price=Decimal(5), name="Paper")
        made.append(actions.place_order(actor=SYSTEM, customer=customer, lines=[line]))
    parcel = actions.ship_order(actor=SYSTEM, order=made[2], carrier="Swift")
    abouts: list[dict[str, Any]] = [
        {"wants": "repair", "severity": 3, "product": printer}, {"wants": "return", "product": printer},
        {"wants": "parcel", "severity": 2, "shipment": parcel},
    ]  # fmt: skip
    for order, about in zip(made, abouts, strict=True):
        actions.set_concern(actor=SYSTEM, subject=order, customer=order.customer, **about)
    return made


def counted(client: Any, **asked: str) -> list[tuple[str, int, int]]:
    return [(str(row.label), row.count, row.high) for row in client.get("/customers/causes/", asked).context["rows"]]


def test_each_way_counts_and_opens_exactly_its_records(orders: list[Order]) -> None:
    client = signed_in(staff("customers.view", "orders.view", scope=Scope.ALL))
    assert counted(client) == [("=X1 Printer", 2, 1)]
    assert counted(client, by="carrier") == [("Swift", 1, 0)]
    assert counted(client, by="severity") == [("Low", 1, 0), ("Medium", 1, 0), ("High", 1, 1)]
    assert {name for name, _n, _high in counted(client, by="wants")} == {"Repair", "Return", "Parcel"}
    page = client.get("/customers/causes/", {"by": "carrier", "value": "Swift"})
    assert [record for record, _url, _concern in page.context["records"]] == [orders[2]]
    assert client.get("/customers/causes/", {"by": "product", "value": "x' OR 1"}).context["records"] == []
    text = client.get("/customers/causes/", {"format": "csv"}).content.decode("utf-8-sig")
    assert "'=X1 Printer,2,1" in text


def test_days_and_scope_narrow_and_mistakes_are_named(orders: list[Order]) -> None:
    client = signed_in(staff("customers.view", "orders.view", scope=Scope.ALL))
    assert counted(client, start="2020-01-01", end="2020-02-01") == []
    assert client.get("/customers/causes/", {"start": "2026-02-01", "end": "2026-01-01"}).status_code == 422
    assert client.get("/customers/causes/", {"by": "nonsense"}).status_code == 422
    user = staff("customers.view", "orders.view", scope=Scope.OWN)
    Customer.objects.filter(pk=orders[1].customer_id).update(owner=user)
    assert counted(signed_in(user)) == [("=X1 Printer", 1, 0)]
    assert signed_in(staff("customers.view")).get("/customers/causes/").status_code == 403
