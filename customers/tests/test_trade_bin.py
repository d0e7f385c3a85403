"""Products, orders and devices in the recycle bin: what may go there, why the rest may not, and the way back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm.activity.models import Activity
from crm.core.errors import DomainError
from crm.testing.builders import make_user
from crm.testing.suites import signed_in
from customers import actions
from customers.actions.trade_bin import delete_equipment, delete_order, delete_product, erase_trade, restore_trade
from customers.exceptions import AskedAbout, CancelFirst, NameTaken, RefundedStays, UsedInDeals
from customers.models import Equipment, Order, Product

from .builders import SYSTEM, make_customer
from .test_trade import make_product, one

pytestmark = pytest.mark.django_db


def make_order(**values: Any) -> Order:
    return actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one()], **values)


def make_device(number: str = "SN-1") -> Equipment:
    values = {"name": "Printer", "serial_number": number}
    return actions.save_equipment(actor=SYSTEM, customer=make_customer(), values=values)


def about(**thing: Any) -> None:
    """A request about the thing."""
    customer = next(iter(thing.values())).customer
    actions.set_concern(actor=SYSTEM, subject=customer, customer=customer, wants="question", **thing)


def test_a_cancelled_order_goes_to_the_bin_and_back_by_clicks() -> None:
    client, order = signed_in(make_user("supervisor")), make_order()
    page = reverse("customers:order_detail", args=[order.number])
    address = reverse("customers:order_delete", args=[order.number])
    assert address not in client.get(page).content.decode()
    refused = client.post(address)
    assert refused.status_code == 409 and "Cancel it first" in refused.content.decode()
    actions.cancel_order(actor=SYSTEM, order=order, reason="Typed twice")
    assert address in client.get(page).content.decode() and client.get(address).status_code == 200
    assert client.post(address).status_code == 302 and not Order.objects.exists()
    assert client.get(page).status_code == 404
    assert order.label in client.get("/settings/recycle-bin/").content.decode()
    undo = reverse("console:recycle_bin_undo", args=["order", order.pk])
    assert client.post(undo).status_code == 302 and client.get(page).status_code == 200
    assert Activity.objects.filter(type__in=(271, 272), object_id=order.pk).count() == 2


def test_what_figures_or_requests_need_stays_and_says_why() -> None:
    refunded, asked, device = make_order(), make_order(), make_device()
    actions.refund_order(actor=SYSTEM, order=refunded, amount=Decimal(1), reason="Scratch")
    for order in (refunded, asked):
        Order.objects.filter(pk=order.pk).update(status="cancelled")
    about(order=asked)
    about(equipment=device)
    product = make_product("P-9")
    actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[one(product=product)])
    cases: list[tuple[Any, Any, type[DomainError]]] = [
        (delete_order, make_order(), CancelFirst), (delete_order, refunded, RefundedStays),
        (delete_order, asked, AskedAbout), (delete_equipment, device, AskedAbout),
        (delete_product, product, UsedInDeals),
    ]  # fmt: skip
    for verb, row, reason in cases:
        with pytest.raises(reason):
            verb(actor=SYSTEM, row=row)


@pytest.mark.parametrize(
    ("make", "delete"), [(lambda: make_product("P-1"), delete_product), (lambda: make_device("SN-1"), delete_equipment)]
)
def test_a_code_is_free_while_its_record_lies_in_the_bin(make: Any, delete: Any) -> None:
    first = make()
    delete(actor=SYSTEM, row=first)
    second = make()
    with pytest.raises(NameTaken):
        restore_trade(actor=SYSTEM, row=first)
    with pytest.raises(DomainError):
        make()
    delete(actor=SYSTEM, row=second)
    erase_trade(actor=SYSTEM, row=second)
    restored = restore_trade(actor=SYSTEM, row=first)
    assert type(first).objects.get() == restored
    assert not isinstance(restored, Product) or not restored.is_active
