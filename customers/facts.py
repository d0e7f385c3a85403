from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import Fact, facts

from .choices import RiskLevel
from .figures.offering import offers_of
from .models import Customer
from .selectors import figures_of


def order_expected(actor: Actor, customer: Customer) -> Any:
    """Whether the next order is later than the customer's own habit."""
    figures = figures_of(customer)
    due = figures.repurchase_due_on if figures else None
    if due is None or due >= clock.now().date():
        return None
    return _("Order expected since %(day)s") % {"day": date_format(due, "SHORT_DATE_FORMAT")}


def high_risk(actor: Actor, customer: Customer) -> Any:
    """Whether the risk is high; the panel says why."""
    return _("High risk") if _risk_of(customer) == RiskLevel.HIGH else None


def medium_risk(actor: Actor, customer: Customer) -> Any:
    """Whether the risk is medium; the panel says why."""
    return _("Medium risk") if _risk_of(customer) == RiskLevel.MEDIUM else None


def _risk_of(customer: Customer) -> str:
    figures = figures_of(customer)
    return figures.risk if figures else RiskLevel.NONE


def wish_met(actor: Actor, customer: Customer) -> Any:
    """How many of their wishes a product fits."""
    figures = figures_of(customer)
    count = figures.wishes if figures else 0
    text = ngettext("A product fits %(count)s wish", "Products fit %(count)s wishes", count)
    return text % {"count": count} if count else None


def to_offer(actor: Actor, customer: Customer) -> Any:
    """The first thing to offer, and how many more there are. One query where there is something."""
    figures = figures_of(customer)
    if figures is None or not figures.offers:
        return None
    best = offers_of(actor, customer)[:1]
    if not best:
        return None
    more = figures.offers - 1
    values = {"bought": best[0].offer.pair.bought.name, "product": best[0].product.name, "more": more}
    text = _("Bought %(bought)s, offer %(product)s") % values
    return _("%(text)s (+%(more)s)") % {"text": text, "more": more} if more else text


facts.register(
    Fact("customers.risk_high", "customer", _("Risk"), "danger", high_risk, "customers.view", 5),
    Fact("customers.risk_medium", "customer", _("Risk"), "warning", medium_risk, "customers.view", 6),
    Fact("customers.repurchase", "customer", _("Next order"), "info", order_expected, "orders.view", 40),
    Fact("customers.wish", "customer", _("Wishes"), "special", wish_met, "orders.view", 45),
    Fact("customers.offer", "customer", _("To offer"), "info", to_offer, "orders.view", 46),
)  # fmt: skip
