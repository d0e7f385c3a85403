"""Figures from own orders: bands by the stated tie rule, next order, value by purchases and by hand, reminders."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from statistics import median
from typing import Any

import pytest

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.conditions.language import parse
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.planner.models import Task
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.actions import NewLine
from customers.figures.analysis import compute_facts
from customers.figures.reminding import make_tasks
from customers.models import Customer, CustomerFacts, Product
from customers.subscribers import figures

from .builders import make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def order(customer: Customer, days_ago: float, price: int = 10, product: Product | None = None) -> Any:
    line = NewLine(quantity=Decimal(1), unit_price=Decimal(price), product=product, name="Paper")
    at = clock.now() - dt.timedelta(days=days_ago)
    return actions.place_order(actor=SYSTEM, customer=customer, lines=[line], values={"placed_at": at})


def slow(value: Any, everybody: list[Any]) -> int:
    """The band by its definition: one more than five times the share of smaller values, whole."""
    return 1 + 5 * sum(other < value for other in everybody) // len(everybody)


def test_bands_equal_a_slow_count_and_equals_stand_together() -> None:
    rng = random.Random(7)
    bought: dict[int, list[tuple[float, int]]] = {}
    for _number in range(40):
        row = make_customer()
        bought[row.pk] = [
            (rng.randint(1, 60), rng.choice((5, 10, 20))) for _order in range(rng.choice((1, 1, 1, 2, 4)))
        ]
        for days, price in bought[row.pk]:
            order(row, days, price)
    assert compute_facts() == 40
    latest = {pk: -min(days for days, _price in rows) for pk, rows in bought.items()}
    sums = {pk: sum(price for _days, price in rows) for pk, rows in bought.items()}
    counts = {pk: len(rows) for pk, rows in bought.items()}
    for facts in CustomerFacts.objects.all():
        pk = facts.pk
        assert (facts.orders, facts.bought) == (counts[pk], sums[pk])
        assert facts.f == slow(counts[pk], list(counts.values()))
        assert facts.m == slow(sums[pk], list(sums.values()))
    by_day: dict[float, list[int]] = {}
    for facts in CustomerFacts.objects.all():
        by_day.setdefault(latest[facts.pk], []).append(facts.r)
    assert [min(bands) for _day, bands in sorted(by_day.items())] == sorted(min(bands) for bands in by_day.values())
    high = {f.pk for f in CustomerFacts.objects.all() if f.m >= 4 and f.r >= 3}
    assert set(CustomerFacts.objects.filter(value="high").values_list("pk", flat=True)) == high
    assert compute_facts(list(bought)[:3]) == 3


def test_cancelled_refunded_and_foreign_orders_do_not_count_as_bought() -> None:
    row = make_customer()
    kept, back, gone = order(row, 5, 100), order(row, 4, 50), order(row, 3, 30)
    actions.refund_order(actor=SYSTEM, order=back, amount=Decimal(20), reason="late")
    actions.cancel_order(actor=SYSTEM, order=gone, reason="wrong")
    line = NewLine(quantity=Decimal(1), unit_price=Decimal(9), name="Paper")
    actions.place_order(actor=SYSTEM, customer=row, lines=[line], values={"currency": "USD"})
    compute_facts()
    facts = CustomerFacts.objects.get()
    assert (facts.orders, facts.bought) == (3, kept.gross + Decimal(30))


def test_the_next_order_follows_own_gaps_else_the_product() -> None:
    regular, once, supplied, never = (make_customer() for _number in range(4))
    gaps = [30, 20, 40]
    for days in (100, 70, 50, 10):
        order(regular, days)
    order(once, 10)
    paper = actions.save_product(
        actor=SYSTEM,
        values={"code": "P", "name": {"en": "Paper"}, "unit": {"en": "box"}, "price": Decimal(1), "currency": "CNY",
                "repurchase_days": 45},
    )  # fmt: skip
    order(supplied, 10, product=paper)
    compute_facts()
    today = clock.now().date()
    due = dict(CustomerFacts.objects.values_list("customer_id", "repurchase_due_on"))
    assert due == {
        regular.pk: today + dt.timedelta(days=median(gaps) - 10), once.pk: None,
        supplied.pk: today + dt.timedelta(days=35),
    }  # fmt: skip
    assert never.pk not in due


def test_an_order_and_a_merge_bring_the_figures_up_to_date() -> None:
    one, two = make_customer(), make_customer()
    order(one, 2), order(two, 1)
    figures(Activity.objects.latest("pk"))
    assert CustomerFacts.objects.get().customer == two
    actions.merge_customers(actor=SYSTEM, into=one, others=[two])
    figures(Activity.objects.latest("pk"))
    assert CustomerFacts.objects.get(customer=one).orders == 2
    assert CustomerFacts.objects.get(customer_id=two.pk).orders == 0


def test_value_by_hand_stands_above_purchases_with_its_reason() -> None:
    row = make_customer()
    order(row, 1)
    compute_facts()
    with pytest.raises(Invalid):
        actions.set_value(actor=SYSTEM, customer=row, level="high")
    actions.set_value(actor=SYSTEM, customer=row, level="high", note="Opens a region for us")
    compute_facts()
    assert CustomerFacts.objects.get().value == "high"
    tree = {"v": 1, "all": [{"field": "customer.value_level", "op": "is", "value": "high"}]}
    condition = parse(tree, "customer", SYSTEM)
    assert list(condition.filter(Customer.objects.all())) == [row]
    assert condition.matches(Customer.objects.get(pk=row.pk))
    tree["all"][0]["field"] = "ticket.customer.value_level"  # type: ignore[index]
    assert parse(tree, "ticket", SYSTEM)
    client = signed_in(staff("customers.view", "customers.update", "orders.view"))
    page = client.get(f"/customers/{row.number}/").content.decode()
    assert "Opens a region for us" in page
    assert "Opens a region" in client.get("/customers/", {"own": "1", "value": "high"}).content.decode()
    assert row.name not in client.get("/customers/", {"own": "1", "value": "low"}).content.decode()
    assert client.post(f"/customers/{row.number}/value/", {"level": "", "note": ""}).status_code == 302
    assert CustomerFacts.objects.get().value == "low" and CustomerFacts.objects.get().value_by_hand == ""


def test_the_owner_is_reminded_once_for_each_late_order() -> None:
    owner: User = staff("customers.view", "planner.work", "orders.view")
    row = make_customer("Late Ltd", owner=owner)
    for days in (65, 45, 25):
        order(row, days)
    compute_facts()
    make_tasks()
    make_tasks()
    task = Task.objects.get()
    assert task.assignee == owner and "Late Ltd" in task.title
    assert "Order expected since" in signed_in(owner).get(f"/customers/{row.number}/").content.decode()
    order(row, 21)
    compute_facts()
    make_tasks()
    assert Task.objects.count() == 2
