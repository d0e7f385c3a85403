"""Quotes for tests, made by the actions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crm.core.actor import Actor
from crm.testing.builders import make_user, staff
from customers.actions import NewLine
from customers.tests.builders import make_customer
from sales.actions.quote_sending import send_quote
from sales.actions.quotes import create_quote, submit_quote
from sales.models import Quote


def line(
    quantity: str = "2", price: str = "1000", discount: str = "0", tax: str = "13", name: str = "Label printer"
) -> NewLine:
    return NewLine(Decimal(quantity), Decimal(price), None, name, Decimal(discount), Decimal(tax))


def make_seller(role: str = "sales") -> Any:
    return make_user(role)


def make_quote(seller: Any = None, *lines: NewLine, **values: Any) -> Quote:
    """A draft; the system's unless somebody makes it."""
    actor = staff(seller) if seller else Actor.system()
    customer = values.pop("customer", None) or make_customer(owner=seller)
    given = {"name": "Label stations", **values}
    return create_quote(actor=actor, customer=customer, values=given, lines=lines or [line()])


def sent_quote(seller: Any = None, *lines: NewLine, **values: Any) -> Quote:
    """A quote that the customer has; its lines need no approval."""
    actor = staff(seller) if seller else Actor.system()
    quote = submit_quote(actor=actor, quote=make_quote(seller, *lines, **values))
    return send_quote(actor=actor, quote=quote, to_email="buyer@example.com", text="Here it is")
