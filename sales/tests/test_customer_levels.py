"""What sales adds to risk, credit and value of customers, and what their levels do to the approval of quotes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm.activity.dispatch import LANES, dispatch
from crm.activity.models import Activity
from crm.approvals.actions import save_flow
from crm.conditions.language import parse
from crm.core.actor import Actor
from crm.core.translated import Translated
from crm.testing.builders import make_user
from customers.actions import NewLine, place_order, set_credit_limit, set_risk
from customers.figures.computing import nightly
from customers.figures.levels import why_risky, why_valued
from customers.models import Credit, Customer, CustomerFacts, LevelSettings
from customers.tests.builders import make_customer
from sales.actions.contract_states import cancel_contract
from sales.actions.quotes import submit_quote

from .contract_builders import pay, signed
from .quote_builders import line, make_quote, make_seller

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def followed() -> None:
    """Everybody has read what happened."""
    while sum(dispatch(lane) for lane in LANES):
        pass


def test_money_that_is_late_is_a_risk_and_counts_towards_the_limit() -> None:
    late, fine = make_customer(), make_customer()
    contract = signed(customer=late, parts=[(-40, "300"), (30, "700")])
    signed(customer=fine, parts=[(10, "100")])
    place_order(actor=SYSTEM, customer=late, lines=[NewLine(quantity=Decimal(1), unit_price=Decimal(50), name="Paper")])
    set_credit_limit(actor=SYSTEM, customer=late, limit=Decimal(2000), currency="CNY")
    nightly()
    facts = CustomerFacts.objects.get(customer=late)
    assert (facts.risk, facts.risk_points) == ("high", 50)
    assert why_risky(SYSTEM, facts)[0] == "¥300.00 overdue, for 40 days"
    assert Credit.objects.get().used == 1050
    assert CustomerFacts.objects.get(customer=fine).risk == "none"
    pay(contract, "300")
    followed()
    facts.refresh_from_db()
    assert (facts.risk, facts.risk_points, Credit.objects.get().used) == ("none", 0, 750)


def test_active_contracts_raise_the_value_and_an_ended_one_gives_it_back() -> None:
    LevelSettings(pk=1, contract_medium=1000, contract_high=5000).save()
    row = make_customer()
    contract = signed(customer=row, amount="6000")
    followed()
    facts = CustomerFacts.objects.get()
    assert (facts.value, facts.contract_value, facts.orders) == ("high", 6000, 0)
    assert why_valued(facts) == "From the value of active contracts"
    assert Activity.objects.filter(type=254).count() == 1
    cancel_contract(actor=SYSTEM, contract=contract, reason="They closed")
    followed()
    facts.refresh_from_db()
    assert (facts.value, facts.contract_value) == ("", 0)


def test_a_quote_to_a_risky_customer_needs_consent() -> None:
    seller, boss = make_seller(), make_user("sales_manager")
    condition = {"v": 1, "all": [{"field": "quote.customer.risk_level", "op": "is", "value": "high"}]}
    given: dict[str, Any] = {
        "kind": "quote", "name": Translated({"en": "Risky"}), "condition": condition, "order": -1,
    }  # fmt: skip
    save_flow(actor=SYSTEM, values=given, steps=[{"who": "user", "user": boss}])
    risky, fine = make_customer(owner=seller), make_customer(owner=seller)
    set_risk(actor=SYSTEM, customer=risky, level="high", note="Bank in trouble")
    states = {
        customer.pk: submit_quote(actor=SYSTEM, quote=make_quote(seller, line(), customer=customer)).state
        for customer in (risky, fine)
    }
    assert states == {risky.pk: "in_approval", fine.pk: "approved"}
    segment = parse(
        {"v": 1, "all": [{"field": "customer.risk_level", "op": "is", "value": "high"}]}, "customer", SYSTEM
    )
    assert list(segment.filter(Customer.objects.external())) == [risky]
