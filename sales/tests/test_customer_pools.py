"""Customers in pools: claimed by rule, kept by work, returned with a warning, the owner's way round it included."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from crm.activity.dispatch import LANES, dispatch
from crm.core import clock
from crm.core.actor import Scope
from crm.core.errors import Invalid, NotFound
from crm.notifications.models import Notification
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from customers.actions import log_interaction, update_customer
from customers.models import Customer
from customers.tests.builders import SYSTEM, make_customer
from sales.actions.customer_pools import claim_customer, follow_pools, pool_customer
from sales.actions.lead_desk import save_pool
from sales.exceptions.leads import ClaimedAlready, DailyLimitReached, PoolIsFull, TooSoon
from sales.models import OwnerSpan, PooledCustomer

from .lead_builders import fresh, make_lead, make_pool

pytestmark = pytest.mark.django_db
SELLS = ("customers.view", "customers.update", "leads.view", "leads.claim", "planner.view", "planner.work")


def seller() -> Any:
    return person(*SELLS, scope=Scope.OWN)


def make_stay(*people: Any, owner: Any = None, **rules: Any) -> PooledCustomer:
    """A customer that lies in a new pool of these people, or is held by one of them."""
    pool = make_pool(*people, holds="customers", **rules)
    stay = pool_customer(actor=SYSTEM, customer=make_customer("Harbour Toys"), pool=pool, reason="Nobody cares")
    return claim_customer(actor=fresh(owner), stay=stay) if owner else stay


def later(monkeypatch: pytest.MonkeyPatch, **span: int) -> dt.datetime:
    """From now on it is that much later."""
    moment = clock.now() + dt.timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def deliver() -> None:
    while sum(dispatch(lane) for lane in LANES):
        pass


def owner_of(stay: PooledCustomer) -> Any:
    return Customer.objects.get(pk=stay.customer_id).owner


def test_a_member_claims_what_lies_in_the_pool_and_sees_it_then() -> None:
    anna, ben, stranger = seller(), seller(), seller()
    stay = make_stay(anna, ben)
    client, page = signed_in(anna), reverse("customers:customer_detail", args=[stay.customer.number])
    listed = client.get(reverse("pools:customer_list")).content.decode()
    assert "Harbour Toys" in listed and page not in listed and client.get(page).status_code == 404
    assert "Harbour Toys" not in signed_in(stranger).get(reverse("pools:customer_list")).content.decode()
    with pytest.raises(NotFound):
        claim_customer(actor=fresh(stranger), stay=stay)
    assert client.post(reverse("pools:customer_claim", args=[stay.pk])).status_code == 302
    assert owner_of(stay) == anna and client.get(page).status_code == 200
    with pytest.raises(ClaimedAlready, match=anna.name):
        claim_customer(actor=fresh(ben), stay=stay)


def test_the_rules_of_the_pool_limit_claims() -> None:
    anna = seller()
    pool = make_pool(anna, holds="customers", daily_limit=2, capacity=1, wait_days=5)
    first, second = (
        pool_customer(actor=SYSTEM, customer=make_customer(), pool=pool, reason="New here") for _n in range(2)
    )
    claim_customer(actor=fresh(anna), stay=first)
    with pytest.raises(PoolIsFull):
        claim_customer(actor=fresh(anna), stay=second)
    pool_customer(actor=fresh(anna), customer=first.customer, reason="Moved away")
    with pytest.raises(TooSoon):
        claim_customer(actor=fresh(anna), stay=first)
    claim_customer(actor=fresh(anna), stay=second)
    pool_customer(actor=fresh(anna), customer=second.customer, reason="No time")
    with pytest.raises(DailyLimitReached):
        claim_customer(actor=fresh(anna), stay=second)


def test_only_owner_or_manager_puts_a_customer_into_a_pool_and_says_why() -> None:
    anna, ben = seller(), person(*SELLS)
    stay = make_stay(anna, ben, owner=anna)
    customer = Customer.objects.get(pk=stay.customer_id)
    with pytest.raises(NotFound):
        pool_customer(actor=fresh(ben), customer=customer, reason="I want it")
    with pytest.raises(Invalid):
        pool_customer(actor=fresh(anna), customer=customer, reason=" ")
    with pytest.raises(Invalid):
        pool_customer(actor=fresh(anna), customer=customer, pool=make_pool(anna), reason="Into a pool of leads")
    address = reverse("pools:customer_pool", args=[customer.number])
    sent = {"pool": stay.pool_id, "reason": "No answer since May"}
    assert signed_in(anna).post(address, sent).status_code == 302 and owner_of(stay) is None
    assert OwnerSpan.objects.get(object_id=customer.pk, user=anna).reason == "No answer since May"


def test_what_nobody_works_on_goes_back_after_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = seller()
    stay = make_stay(anna, owner=anna, idle_days=10, warn_days=2, protect_days=3)
    assert follow_pools() == 0
    later(monkeypatch, days=9)
    assert (follow_pools(), follow_pools()) == (1, 0) and owner_of(stay) == anna
    deliver()
    assert Notification.objects.filter(user=anna, kind="pools.return_near").count() == 1
    later(monkeypatch, days=2)
    assert follow_pools() == 1 and owner_of(stay) is None
    deliver()
    assert Notification.objects.filter(user=anna, kind="pools.returned").count() == 1
    assert OwnerSpan.objects.get(object_id=stay.customer_id, user=anna).end == "returned"


def test_a_talk_keeps_a_customer_and_protection_puts_the_return_off(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = seller()
    stay = make_stay(anna, owner=anna, idle_days=10, protect_days=30)
    later(monkeypatch, days=12)
    assert follow_pools() == 0 and owner_of(stay) == anna
    later(monkeypatch, days=16)
    talked = {"customer": Customer.objects.get(pk=stay.customer_id), "kind": "call", "text": "They will order"}
    log_interaction(actor=fresh(anna), **talked)
    deliver()
    stay.refresh_from_db()
    assert stay.returns_at is not None and stay.returns_at > clock.now() + dt.timedelta(days=9)
    later(monkeypatch, days=5)
    follow_pools()
    assert owner_of(stay) == anna


def test_an_owner_set_by_editing_takes_over_and_an_inactive_pool_returns_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna, ben = seller(), seller()
    stay = make_stay(anna, owner=anna, idle_days=10)
    update_customer(actor=SYSTEM, customer=stay.customer, values={"owner": ben})
    deliver()
    spans = OwnerSpan.objects.filter(object_id=stay.customer_id).order_by("pk")
    assert [(row.user, row.ended_at is None) for row in spans] == [(anna, False), (ben, True)]
    save_pool(actor=SYSTEM, values={"is_active": False}, record=stay.pool)
    later(monkeypatch, days=40)
    assert follow_pools() == 0 and owner_of(stay) == ben


def test_what_members_own_comes_under_the_rules_from_that_day_on(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = seller()
    old = make_customer("Old Mill", owner=anna)
    later(monkeypatch, days=100)
    pool = make_pool(anna, holds="customers", covers_owned=True, idle_days=20)
    assert (follow_pools(), follow_pools()) == (1, 0)
    stay = PooledCustomer.objects.get(customer=old, pool=pool)
    assert stay.returns_at is not None and stay.returns_at > clock.now() + dt.timedelta(days=19)
    shown = signed_in(anna).get(reverse("ui:panel", args=["customer", old.pk, "sales.pool"])).content.decode()
    assert "Goes back in 20 days" in shown and "Put into a pool" in shown


def test_a_pool_that_is_used_keeps_what_lies_in_it() -> None:
    anna = seller()
    stay, leads = make_stay(anna), make_pool(anna)
    make_lead(pool=leads)
    for pool, holds in ((stay.pool, "leads"), (leads, "customers")):
        with pytest.raises(Invalid):
            save_pool(actor=SYSTEM, values={"holds": holds}, record=pool)
