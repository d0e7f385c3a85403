"""Products, orders with lines, and equipment from files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from crm.accounts.access import actor_for
from crm.conditions.language import parse
from crm.core.actor import Scope
from crm.core.errors import Invalid, NotReady
from crm.exchange import actions as exchange
from crm.exchange.tests.builders import (
    ALL,
    checked,
    csv_of,
    finished,
    imported,
    importer_user,
    reasons,
    undone,
    xlsx_of,
)
from crm.testing.suites import staff
from customers import actions
from customers.choices import PaymentState
from customers.figures.credit import open_orders
from customers.models import Equipment, Order, Product

from .builders import SYSTEM, make_contact, make_customer

pytestmark = pytest.mark.django_db


def make_product(user, code: str = "P-1", price: str = "10"):  # type: ignore[no-untyped-def]
    imported(user, "product", csv_of(["Code", "Name", "Price"], [code, "Printer", price]))
    return Product.objects.get(code=code)


def test_products_come_from_a_workbook_and_are_updated_by_code() -> None:
    user = importer_user(language="en")
    record = imported(
        user, "product",
        xlsx_of(
            ["编码", "名称", "单价", "含税", "税率"],
            ["P-1", "打印机", 1280.5, "是", 13],
            ["P-2", "Paper", "1.2.000", "", ""],
        ),
    )  # fmt: skip
    assert (record.made, record.wrong) == (1, 1)
    assert reasons(record)[3] == ["Write a number, such as 1280 or 1,280.50"]
    product = Product.objects.get(code="P-1")
    assert (product.price, product.tax_included, product.tax_percent) == (Decimal("1280.50"), True, Decimal("13"))
    changed = imported(user, "product", csv_of(["Code", "Name", "Price"], ["P-1", "打印机", "999"]), existing="update")
    assert changed.changed == 1
    product.refresh_from_db()
    assert product.price == Decimal("999")
    assert undone(user, changed).undo_result == {"undone": 1, "left": 0}
    product.refresh_from_db()
    assert product.price == Decimal("1280.50")
    assert undone(user, record).undo_result == {"undone": 1, "left": 0}
    assert not Product.objects.exists()


def test_a_product_that_was_sold_since_stays() -> None:
    user = importer_user()
    record = imported(user, "product", csv_of(["Code", "Name", "Price"], ["P-1", "Printer", "10"]))
    actions.place_order(
        actor=SYSTEM, customer=make_customer(),
        lines=[actions.NewLine(Decimal(1), Decimal(10), Product.objects.get())],
    )  # fmt: skip
    record = undone(user, record)
    assert record.undo_result == {"undone": 0, "left": 1}
    assert "order line" in record.written.get().left


ORDER_HEAD = ["订单号", "手机", "下单时间", "商品编码", "商品名称", "数量", "单价"]


def test_rows_of_one_order_number_are_one_order_wherever_they_stand() -> None:
    user = importer_user(timezone="Asia/Shanghai")
    make_product(user)
    customer = make_contact(phones=["13800000001"]).customer
    file = csv_of(
        ORDER_HEAD,
        ["A-1", "13800000001", "2026/3/31 14:05", "P-1", "", "2", "10"],
        ["A-2", "13800000001", "2026-04-01", "", "Service", "1", "99.50"],
        ["A-1", "", "", "", "Freight", "", "5"],
    )
    record = imported(user, "order", file)
    assert (record.made, record.wrong) == (3, 0), reasons(record)
    order = Order.objects.get(external_id="A-1")
    assert (order.customer, order.gross, order.source) == (customer, Decimal("25"), "file")
    assert order.placed_at == dt.datetime(2026, 3, 31, 6, 5, tzinfo=dt.UTC)
    assert [line.name for line in order.lines.all()] == ["Printer", "Freight"]


def test_the_same_orders_twice_change_nothing_and_a_wrong_line_leaves_the_whole_order_out() -> None:
    user = importer_user()
    make_contact(phones=["13800000001"])
    good = ["A-1", "13800000001", "2026-03-31", "", "Paper", "1", "10"]
    imported(user, "order", csv_of(ORDER_HEAD, good))
    again = imported(user, "order", csv_of(ORDER_HEAD, good), existing="update")
    assert (again.made, again.changed, again.skipped) == (0, 0, 1) and Order.objects.count() == 1
    wrong = checked(
        user, "order",
        csv_of(ORDER_HEAD, ["B-1", "13800000001", "", "", "Paper", "1", "10"], ["B-1", "", "", "P-9", "", "x", "5"]),
    )  # fmt: skip
    assert wrong.wrong == 2
    assert reasons(wrong)[2] == ["Another row of this record is wrong"]


def test_an_order_is_taken_back_and_a_changed_one_gets_its_lines_again() -> None:
    user = importer_user()
    make_contact(phones=["13800000001"])
    first = imported(user, "order", csv_of(ORDER_HEAD, ["A-1", "13800000001", "", "", "Paper", "1", "10"]))
    second = imported(
        user, "order", csv_of(ORDER_HEAD, ["A-1", "13800000001", "", "", "Paper", "3", "10"]), existing="update"
    )
    order = Order.objects.get()
    assert order.gross == Decimal("30")
    assert undone(user, second).undo_result == {"undone": 1, "left": 0}
    order.refresh_from_db()
    assert order.gross == Decimal("10")
    actions.ship_order(actor=SYSTEM, order=order, carrier="SF")
    assert undone(user, first).undo_result == {"undone": 0, "left": 1}
    assert Order.objects.filter(pk=order.pk).exists()


def test_orders_of_a_customer_outside_the_set_are_refused() -> None:
    make_contact(make_customer("Theirs", owner=staff("customers.view")), phones=["13800000001"])
    user = staff(*ALL, scope=Scope.OWN)
    record = checked(user, "order", csv_of(ORDER_HEAD, ["A-1", "13800000001", "", "", "Paper", "1", "10"]))
    assert record.wrong == 1 and "owned by" in reasons(record)[2][0]
    with pytest.raises(NotReady):
        exchange.start_run(actor=actor_for(user), record=record)


def test_equipment_is_known_by_its_serial_number() -> None:
    user = importer_user()
    make_product(user)
    customer = make_customer("Harbour Toys")
    file = csv_of(
        ["Serial number", "Customer", "Product code", "Warranty until"],
        ["SN-1", "Harbour Toys", "P-1", "31/12/2027"],
        ["SN-2", "Nobody Ltd", "P-1", ""],
        ["SN-1", "Harbour Toys", "P-1", ""],
        ["SN-3", "Harbour Toys", "P-1", "31/11/2027"],
    )
    record = imported(user, "equipment", file)
    assert (record.made, record.skipped, record.wrong) == (1, 1, 2)
    device = Equipment.objects.get()
    assert (device.customer, device.warranty_until) == (customer, dt.date(2027, 12, 31))
    assert reasons(record)[3] == ["No such customer. Import the customers first"]
    assert "no such day" in reasons(record)[5][0]
    assert undone(user, record).undo_result == {"undone": 1, "left": 0}
    assert not Equipment.objects.exists()


def test_a_refused_order_stands_alone_and_queries_belong_to_the_batch(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    user = importer_user()
    make_contact(phones=["13800000001"])
    lines = [[f"A-{n}", "13800000001", "2026-03-31", "", "Paper", "1", "10"] for n in range(30)]
    record = checked(user, "order", csv_of(ORDER_HEAD, *lines))
    record = exchange.start_run(actor=actor_for(user), record=record)
    with django_assert_max_num_queries(60):  # eight a row, where each came alone
        record = finished(record)
    assert record.made == 30 == Order.objects.count()
    back = Order.objects.get(external_id="A-7")
    actions.refund_order(actor=SYSTEM, order=back, amount=Decimal(8), reason="Damaged")
    cheaper = [[*line[:-1], "5"] for line in lines]
    record = imported(user, "order", csv_of(ORDER_HEAD, *cheaper), existing="update")
    assert (record.changed, record.wrong) == (29, 1) and set(reasons(record)) == {9}
    assert Order.objects.get(external_id="A-7").gross == 10 and Order.objects.filter(gross=5).count() == 29


@pytest.mark.parametrize(
    ("kind", "head", "row"),
    [("product", ["Code", "Name", "Price"], lambda n: [f"P-{n}", "Paper", n]),
     ("equipment", ["Serial number", "Customer", "Equipment"], lambda n: [f"SN-{n}", "Acme", "Printer"])],
)  # fmt: skip
def test_products_and_devices_are_written_together(kind, head, row, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    user = importer_user()
    make_customer("Acme")
    record = checked(user, kind, csv_of(head, *(row(n) for n in range(30))))
    record = exchange.start_run(actor=actor_for(user), record=record)
    with django_assert_max_num_queries(45):
        record = finished(record)
    assert record.made == 30
    again = imported(user, kind, csv_of(head, *(row(n) for n in range(30))), existing="update")
    assert again.skipped == 30


def test_what_was_paid_comes_in_with_the_order_and_every_figure_says_the_same_is_due() -> None:
    user = importer_user(timezone="UTC")
    make_contact(phones=["13800000001"])
    head = [*ORDER_HEAD, "渠道", "状态", "已付金额", "付款时间"]
    rows = [
        ["S-1", "10", "shop", "placed", "", ""],  # the shop is paid at once while nobody says otherwise
        ["S-2", "10", "shop", "placed", "4", ""],
        ["S-3", "10", "sales", "shipped", "10", "2026-04-02"],
        ["S-4", "10", "sales", "placed", "", ""],
        ["S-5", "10", "shop", "delivered", "0", ""],
        ["S-6", "10", "sales", "paid", "", ""],
        ["S-7", "10", "sales", "cancelled", "0", ""],
    ]
    lines = [[key, "13800000001", "2026-03-31", "", "Paper", "1", price, *more] for key, price, *more in rows]
    record = imported(user, "order", csv_of(head, *lines))
    assert record.made == 7, reasons(record)
    orders = {order.external_id: order for order in Order.objects.with_due()}
    due = {"S-1": 0, "S-2": 6, "S-3": 0, "S-4": 10, "S-5": 10, "S-6": 0, "S-7": 0}
    assert {key: order.due for key, order in orders.items()} == due
    assert {key: order.due_now for key, order in orders.items()} == due
    assert orders["S-3"].paid_at == dt.datetime(2026, 4, 2, tzinfo=dt.UTC) and orders["S-2"].paid_at is not None
    assert [amount.amount for amount in open_orders(None)] == [Decimal(26)]
    states = {state: {row.external_id for row in Order.objects.by_payment(state)} for state in PaymentState.values}
    assert states == {"paid": {"S-1", "S-3", "S-6"}, "part": {"S-2"}, "due": {"S-4", "S-5"}}
    customer, watched = orders["S-1"].customer, {"v": 1, "all": [
        {"field": "customer.unpaid_orders", "op": "is", "value": 3}]}  # fmt: skip
    assert parse(watched, on="customer", author=SYSTEM).matches(customer)
    actions.ship_order(actor=SYSTEM, order=orders["S-6"], carrier="SF")
    assert Order.objects.get(external_id="S-6").due == 0  # on its way, and paid as before
    actions.change_order(actor=SYSTEM, record=orders["S-4"], values={"paid": Decimal(10)})
    assert not parse(watched, on="customer", author=SYSTEM).matches(customer)
    with pytest.raises(Invalid):
        actions.change_order(actor=SYSTEM, record=orders["S-4"], values={"paid": Decimal(-1)})
