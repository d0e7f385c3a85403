"""Deals in legal states, made by calling actions."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from crm.core.actor import Actor
from customers.models import Customer
from customers.tests.builders import make_customer
from sales.actions import create_opportunity
from sales.models import LostReason, Opportunity, Pipeline, Stage

SYSTEM = Actor.system()
_numbers = itertools.count(1)


def make_deal(customer: Customer | None = None, **values: Any) -> Opportunity:
    """An open deal worth 1,000 in the first stage."""
    defaults: dict[str, Any] = {
        "customer": customer or make_customer(), "name": f"Deal {next(_numbers)}", "amount": Decimal(1000),
        "currency": "CNY",
    }  # fmt: skip
    return create_opportunity(actor=SYSTEM, values={**defaults, **values})


def stage(place: int) -> Stage:
    """The stage at that place of the seeded pipeline: 0 to 4 are open, 5 is won, 6 is lost."""
    return Pipeline.objects.order_by("order", "pk")[0].stages.all()[place]


def reason(needs_note: bool = False) -> LostReason:
    """A seeded lost reason."""
    return LostReason.objects.filter(needs_note=needs_note)[0]


def fresh(deal: Opportunity) -> Opportunity:
    """The deal as it is stored."""
    return Opportunity.objects.get(pk=deal.pk)
