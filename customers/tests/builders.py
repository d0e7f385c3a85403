"""Customers in legal states, made by calling actions."""

from __future__ import annotations

import itertools
from typing import Any

from crm.core.actor import Actor
from customers.actions import add_contact, create_customer
from customers.models import Contact, Customer

SYSTEM = Actor.system()
_numbers = itertools.count(1)


def make_customer(name: str = "", **values: Any) -> Customer:
    """A company entered by staff."""
    return create_customer(actor=SYSTEM, values={"name": name or f"Company {next(_numbers)}", **values})


def make_contact(customer: Customer | None = None, **values: Any) -> Contact:
    """A person with one mail address and one phone number."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "name": f"Contact {number}", "emails": [f"contact{number}@example.test"], "phones": [f"1390000{number:04d}"],
    }  # fmt: skip
    return add_contact(actor=SYSTEM, customer=customer or make_customer(), **{**defaults, **values})
