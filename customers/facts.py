from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import Fact, facts

from .models import Customer
from .selectors import figures_of


def order_expected(actor: Actor, customer: Customer) -> Any:
    """Whether the next order is later than the customer's own habit."""
    figures = figures_of(customer)
    due = figures.repurchase_due_on if figures else None
    if due is None or due >= clock.now().date():
        return None
    return _("Order expected since %(day)s") % {"day": date_format(due, "SHORT_DATE_FORMAT")}


facts.register(
    Fact("customers.repurchase", "customer", _("Next order"), "info", order_expected, "orders.view", 40),
)  # fmt: skip
