"""Contracts for tests, made by the actions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.core import clock
from crm.core.actor import Actor
from crm.testing.builders import staff
from customers.tests.builders import make_customer
from sales.actions.contract_states import sign_contract
from sales.actions.contracts import create_contract, submit_contract
from sales.actions.payments import record_payment
from sales.actions.plans import NewInstalment, set_plan
from sales.models import Contract, Payment

from .quote_builders import line


def today() -> dt.date:
    """The day as the product sees it."""
    return timezone.localdate(clock.now())


def in_days(days: int) -> dt.date:
    """So many days from today; below zero for the past."""
    return today() + dt.timedelta(days=days)


def actor_of(user: Any = None) -> Actor:
    """The user as an actor, the system for none."""
    return staff(user) if user else Actor.system()


def make_contract(seller: Any = None, amount: str = "1000", **values: Any) -> Contract:
    """A draft without lines, worth `amount`; with `lines` it is worth their sum."""
    customer = values.pop("customer", None) or make_customer(owner=seller)
    lines = values.pop("lines", ())
    given = {"name": "Service for a year", "amount": Decimal(amount), **values}
    return create_contract(actor=actor_of(seller), customer=customer, values=given, lines=lines)


def signed(seller: Any = None, amount: str = "", parts: Any = (), **values: Any) -> Contract:
    """An active contract. parts: (days from today, amount) of its plan; none for one instalment of everything."""
    amount = amount or str(sum((Decimal(part) for _days, part in parts), Decimal(0)) or 1000)
    actor, contract = actor_of(seller), make_contract(seller, amount, **values)
    if parts:
        plan = [NewInstalment(in_days(days), Decimal(part)) for days, part in parts]
        set_plan(actor=actor, contract=contract, instalments=plan)
    submit_contract(actor=actor, contract=contract)
    return sign_contract(actor=actor, contract=contract, signed_on=today(), signed_by_name="Li Lei")


def pay(contract: Contract, amount: str, seller: Any = None, **values: Any) -> Payment:
    """Money received on a contract today."""
    further = {name: values.pop(name) for name in ("allocations", "form_key") if name in values}
    facts = {"amount": Decimal(amount), **values}
    return record_payment(actor=actor_of(seller), contract=contract, values=facts, **further)


def paid_of(contract: Contract) -> list[Decimal]:
    """What is paid of each instalment, in order of the plan."""
    return list(contract.instalments.order_by("position").values_list("paid", flat=True))


__all__ = ["actor_of", "in_days", "line", "make_contract", "paid_of", "pay", "signed", "today"]
