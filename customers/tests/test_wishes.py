"""Wishes and the products that fit them, both ways; what to offer from own orders and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.conditions.language import parse
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand, ExchangeRate
from crm.planner.models import Task
from crm.testing.suites import signed_in, staff
from customers import actions
from customers.actions import NewLine
from customers.figures.computing import nightly
from customers.figures.offering import compute_offers, offers_of
from customers.figures.pairing import compute_pairs
from customers.figures.wishing import fitting, looking_for, match_wishes
from customers.models import (
    Customer,
    CustomerFacts,
    LevelSettings,
    Offer,
    Product,
    ProductCategory,
    ProductPair,
    Wish,
    WishMatch,
)
from customers.subscribers import figures, products

from .builders import make_contact, make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
#: One moment for all purchases of a run, so that days between them are whole.
NOON = clock.now()


def shelf(name: str, parent: ProductCategory | None = None) -> ProductCategory:
    return actions.save_category(actor=SYSTEM, values={"name": {"en": name}, "parent": parent})


def product(code: str, price: int, category: ProductCategory | None = None, **values: Any) -> Product:
    given = {"code": code, "name": {"en": f"Thing {code}", "zh-hans": f"东西 {code}"}, "price": Decimal(price),
             "currency": "CNY", "category": category, **values}  # fmt: skip
    row = actions.save_product(actor=SYSTEM, values=given, record=Product.objects.filter(code=code).first())
    products(Activity.objects.latest("pk"))
    return row


def wish(customer: Customer, **values: Any) -> Wish:
    return actions.note_wish(actor=SYSTEM, customer=customer, values={"name": "Something new", **values})


def codes(row: Wish) -> set[str]:
    return set(row.matches.values_list("product__code", flat=True))


def test_a_product_fits_when_everything_the_wish_names_holds() -> None:
    homes = shelf("Homes")
    flats, cars = shelf("Flats", homes), shelf("Cars")
    LevelSettings(pk=1, size_field="area", place_field="city").save()
    product("F1", 100, flats), product("F2", 200, flats), product("C1", 100, cars)
    product("D1", 100, homes, currency="USD"), product("OLD", 100, homes, is_active=False)
    Product.objects.filter(code="F1").update(custom={"area": 80, "city": "Shanghai Pudong"})
    Product.objects.filter(code="F2").update(custom={"area": 120.5, "city": "Beijing"})
    row, seen = make_customer(), {}
    for name, values in {
        "budget": {"budget_to": Decimal(150)}, "from": {"budget_from": Decimal(150)},
        "below": {"category": homes}, "both": {"category": homes, "budget_to": Decimal(100)},
        "size": {"size_from": Decimal(100)}, "small": {"size_to": Decimal("119.99")}, "place": {"place": "pudong"},
        "word": {"words": "c1 nothing"}, "chinese": {"words": "东西"}, "past": {
            "words": "thing", "until": clock.today() - dt.timedelta(days=1)},
    }.items():  # fmt: skip
        seen[name] = codes(wish(row, **values))
    assert seen == {
        "budget": {"F1", "C1"}, "from": {"F2"}, "below": {"F1", "F2", "D1"}, "both": {"F1"}, "size": {"F2"},
        "small": {"F1"}, "place": {"F1"}, "word": {"C1"}, "chinese": {"F1", "F2", "C1", "D1"}, "past": set(),
    }  # fmt: skip
    found = fitting(SYSTEM, row.wishes.get(place="pudong"))
    assert [fit.why for fit in found] == ["area Shanghai Pudong"]
    (fit,) = fitting(SYSTEM, row.wishes.get(budget_to=100))
    assert fit.why == "¥100.00 is within …–¥100.00, category Flats"


def test_new_products_and_closed_wishes_keep_the_flag_true_both_ways() -> None:
    owner = staff("customers.view", "planner.work", "orders.view")
    row, person = make_customer("Acme", owner=owner), make_contact()
    with pytest.raises(Invalid):
        wish(row)
    with pytest.raises(Invalid) as told:
        wish(row, budget_from=Decimal(9), budget_to=Decimal(5))
    assert "budget_to" in told.value.fields
    with pytest.raises(Invalid):
        wish(row, words="box", contact=person)
    LevelSettings(pk=1, tasks=["wish"]).save()
    wanted = wish(row, budget_to=Decimal(50))
    assert not codes(wanted) and not CustomerFacts.objects.filter(wishes__gt=0).exists()
    box = product("BOX", 40)
    assert codes(wanted) == {"BOX"} and CustomerFacts.objects.get().wishes == 1
    assert Activity.objects.filter(type=259).count() == 1
    assert [fit.wish for fit in looking_for(SYSTEM, box)] == [wanted]
    assert looking_for(actor_for(staff("customers.view")), box) == []
    nightly(), nightly()
    assert [task.title for task in Task.objects.all()] == ["Show Acme Thing BOX: it fits “Something new”"]
    client = signed_in(owner)
    page = client.get(f"/customers/{row.number}/").content.decode()
    assert "A product fits 1 wish" in page
    assert "Acme" in client.get(reverse("ui:panel", args=["product", box.pk, "customers.demand"])).content.decode()
    assert (
        "Thing BOX"
        in client.get(reverse("ui:panel", args=["customer", row.pk, "customers.wants_customer"])).content.decode()
    )
    assert "Acme" in client.get("/customers/?own=1&wish=fits").content.decode()
    assert "¥40.00 is within" in client.get(f"/customers/wishes/{wanted.pk}/").content.decode()
    tree = {"v": 1, "all": [{"field": "customer.wishes_met", "op": "at_least", "value": 1}]}
    assert list(parse(tree, "customer", SYSTEM).filter(Customer.objects.all())) == [row]
    product("BOX", 60)
    assert not codes(wanted) and CustomerFacts.objects.get().wishes == 0
    product("BOX", 45)
    actions.close_wish(actor=SYSTEM, wish=wanted, state="met")
    assert not codes(wanted) and match_wishes() == []
    actions.reopen_wish(actor=SYSTEM, wish=wanted)
    assert codes(wanted) == {"BOX"}
    actions.delete_customer(actor=SYSTEM, customer=row)
    match_wishes()
    assert not WishMatch.objects.exists()


def test_wishes_are_noted_changed_and_closed_on_their_pages() -> None:
    row, client = make_customer("Acme"), signed_in(staff("customers.view", "customers.update", "orders.view"))
    assert client.post(f"/customers/{row.number}/wishes/new/", {"name": "A van", "currency": "CNY"}).status_code == 422
    values = {"name": "A van", "currency": "CNY", "words": "van"}
    assert client.post(f"/customers/{row.number}/wishes/new/", values).status_code == 302
    noted = Wish.objects.get()
    assert client.post(f"/customers/wishes/{noted.pk}/edit/", {**values, "budget_to": "900"}).status_code == 302
    assert "…–¥900.00" in client.get("/customers/wishes/").content.decode()
    assert client.post(f"/customers/wishes/{noted.pk}/close/", {"state": "dropped"}).status_code == 302
    assert "A van" not in client.get("/customers/wishes/?own=1&state=open").content.decode()
    assert client.post(f"/customers/wishes/{noted.pk}/reopen/").status_code == 302
    noted.refresh_from_db()
    assert (noted.state, noted.budget_to) == ("open", 900)
    reader = signed_in(staff("customers.view"))
    assert reader.post(f"/customers/wishes/{noted.pk}/close/", {"state": "met"}).status_code == 403


def buy(customer: Customer, days_ago: int, *bought: Product) -> None:
    lines = [NewLine(quantity=Decimal(1), unit_price=each.price, product=each, name=str(each.name)) for each in bought]
    at = NOON - dt.timedelta(days=days_ago)
    actions.place_order(actor=SYSTEM, customer=customer, lines=lines, values={"placed_at": at})


def test_pairs_and_steps_are_those_counted_by_hand() -> None:
    """Ten buyers. A: 0-4 (5). B: 0, 1, 2 after A in time; 3 too late; 9 alone (5). P → Q: a step up of 5, 6, 7."""
    LevelSettings(pk=1, min_buyers=2, min_percent=20, days=100).save()
    things = shelf("Things")
    a, b = product("A", 10), product("B", 10)
    p, q, r = product("P", 10, things), product("Q", 20, things), product("R", 5, things)
    who = [make_customer() for _number in range(10)]
    for row in who[:5]:
        buy(row, 300, a)
    buy(who[0], 300, b), buy(who[1], 250, b), buy(who[2], 200, b), buy(who[3], 199, b), buy(who[9], 250, b)
    buy(who[5], 150, p), buy(who[6], 150, p), buy(who[7], 50, p), buy(who[8], 40, p)
    buy(who[5], 100, q), buy(who[6], 60, q), buy(who[7], 45, r)
    compute_pairs()
    found = {(row.bought.code, row.offered.code, row.kind): row for row in ProductPair.objects.all()}
    assert set(found) == {("A", "B", "pair"), ("P", "Q", "step")}
    pair, step = found["A", "B", "pair"], found["P", "Q", "step"]
    assert (pair.buyers, pair.both, pair.confidence) == (5, 3, pytest.approx(3 / 5))
    assert pair.lift == pytest.approx((3 / 5) / (5 / 10))
    assert (step.buyers, step.both, step.percent) == (4, 2, 50)
    nightly()
    offered = {(row.customer_id, row.product.code) for row in Offer.objects.all()}
    assert offered == {(who[7].pk, "Q"), (who[8].pk, "Q")}  # A was bought too long ago to offer B
    (shown,) = offers_of(SYSTEM, who[7])
    assert shown.is_step and shown.reason.endswith("50% of 4 buyers moved up to this within 100 days.")
    tree = {"v": 1, "all": [{"field": "customer.offers", "op": "any_of", "value": [q.pk]}]}
    condition = parse(tree, "customer", SYSTEM)
    assert set(condition.filter(Customer.objects.all())) == {who[7], who[8]}
    assert condition.matches(who[7]) and not condition.matches(who[0])
    best = product("BEST", 30, things)
    actions.save_product(actor=SYSTEM, record=p, values={"step_up": best})
    nightly()
    (shown,) = offers_of(SYSTEM, who[8])
    assert shown.product == best and shown.reason.endswith("It is named as the next better product.")


def test_an_offer_is_a_flag_a_task_and_can_be_turned_down() -> None:
    LevelSettings(pk=1, tasks=["step"]).save()
    owner = staff("customers.view", "customers.update", "orders.view", "planner.work")
    row = make_customer("Acme", owner=owner)
    better = product("BIG", 90)
    small = product("SMALL", 10, step_up=better)
    compute_pairs()
    buy(row, 3, small)
    figures(Activity.objects.latest("pk"))
    assert CustomerFacts.objects.get().offers == 1
    nightly(), nightly()
    (task,) = Task.objects.all()
    assert task.title == "Offer Acme Thing BIG" and "Bought Thing SMALL on" in task.notes
    client = signed_in(owner)
    assert "Bought Thing SMALL, offer Thing BIG" in client.get(f"/customers/{row.number}/").content.decode()
    assert "Acme" in client.get(f"/customers/?own=1&offer=any&offered={better.pk}").content.decode()
    panel = client.get(reverse("ui:panel", args=["product", better.pk, "customers.demand"])).content.decode()
    assert "To be offered to 1 customer" in panel
    assert client.post(f"/customers/offers/{Offer.objects.get().pk}/dismiss/").status_code == 302
    nightly()
    assert CustomerFacts.objects.get().offers == 0 and offers_of(SYSTEM, row) == []
    Offer.objects.all().delete()
    compute_offers([row.pk])
    buy(row, 0, better)
    figures(Activity.objects.latest("pk"))
    assert not Offer.objects.exists() and CustomerFacts.objects.get().offers == 0


def test_prices_of_other_currencies_are_compared_by_todays_rates_and_the_reason_says_so() -> None:
    base, today = Brand.default().currency, clock.today()
    for days, currency, value in ((400, "USD", "5"), (2, "USD", "7.2"), (-1, "USD", "1"), (5, "EUR", "8")):
        ExchangeRate.objects.create(
            base=base, currency=currency, rate=Decimal(value), valid_from=today - dt.timedelta(days=days)
        )
    product("USD", 100, currency="USD"), product("EUR", 100, currency="EUR"), product("GBP", 100, currency="GBP")
    row = make_customer()
    in_yuan = wish(row, budget_to=Decimal(750), currency="CNY")
    in_dollars = wish(row, budget_from=Decimal(105), budget_to=Decimal(120), currency="USD")
    assert codes(in_yuan) == {"USD"} and codes(in_dollars) == {"EUR"}  # 800 yuan are 111.11 dollars
    (fit,) = fitting(SYSTEM, in_yuan)
    since = date_format(today - dt.timedelta(days=2), "SHORT_DATE_FORMAT")
    assert fit.why == f"$100.00 is about ¥720.00 by the rate of {since}, within …–¥750.00"
    (fit,) = fitting(SYSTEM, in_dollars)
    assert "€100.00 is about $111.11" in fit.why
