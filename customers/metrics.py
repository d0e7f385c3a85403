"""Every number about customers and what they buy, defined once. docs/architecture/reports.md explains the formulas.

Figures of purchases (bands, value, next order expected) are those of `customers.figures.analysis`: as last computed,
whatever the period. The company itself is no customer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.gallery import CUSTOMERS, TIME, Report, reports
from crm.core.metrics import (
    Dimension,
    Measure,
    Params,
    Part,
    Source,
    Span,
    Unit,
    count,
    dimensions,
    mean,
    measures,
    moment_param,
    rate,
    total,
)

from .choices import CustomerKind, OrderChannel, OrderStatus, RiskLevel, Stage, ValueLevel
from .choices import Source as Origin
from .figures.ordering import has_ordered
from .filters import BANDS
from .models import Customer, Order

LIST, ORDERS = "customers:customer_list", "customers:order_list"
SEE, SEE_ORDERS = "customers.view", "orders.view"
COUNTING = [status.value for status in OrderStatus if status != OrderStatus.CANCELLED]
RISKY = [RiskLevel.MEDIUM.value, RiskLevel.HIGH.value]
_OF_FACTS = {
    "rfm_r": Part("facts__r", "r"),
    "rfm_f": Part("facts__f", "f"),
    "rfm_m": Part("facts__m", "m"),
    "customer_value": Part("facts__value", "value"),
}
_OWN = {
    "customer_owner": Part("owner_id", "owner"),
    "customer_kind": Part("kind", "kind"),
    "customer_stage": Part("stage", "stage"),
    "customer_source": Part("source", "source"),
}


def _seen(viewer: Actor) -> Any:
    return Customer.objects.visible_to(viewer).external()


def between(name: str, span: Span, **also: str | Sequence[str]) -> Params:
    """The parameters of a list for a moment of its records, and others that go with them."""
    words = {key: [value] if isinstance(value, str) else list(value) for key, value in also.items()}
    return {f"{name}_from": [moment_param(span.start)], f"{name}_to": [moment_param(span.end)], **words}


def _created(viewer: Actor, span: Span) -> Any:
    return _seen(viewer).filter(created_at__gte=span.start, created_at__lt=span.end)


def _present(viewer: Actor, span: Span) -> Any:
    """Everybody there is now; who has no figures has no risk."""
    return _seen(viewer).annotate(risk_level=Coalesce("facts__risk", Value(RiskLevel.NONE.value)))


def _buyers(viewer: Actor, span: Span) -> Any:
    return _seen(viewer).filter(facts__orders__gte=1)


def _ordering(viewer: Actor, span: Span) -> Any:
    earlier = has_ordered(None, span.start)
    return _seen(viewer).filter(has_ordered(span.start, span.end)).annotate(had_ordered=earlier)


def _orders(viewer: Actor, span: Span) -> Any:
    return Order.objects.visible_to(viewer).counting().filter(placed_at__gte=span.start, placed_at__lt=span.end)


CREATED = Source("customers.created", _created, lambda span: between("created", span), LIST, _OWN, moment="created_at")
PRESENT = Source(
    "customers.all", _present, lambda span: {"own": ["1"]}, LIST,
    {**_OWN, "customer_risk": Part("risk_level", "risk")},
)  # fmt: skip
BUYERS = Source("customers.buyers", _buyers, lambda span: {"again": ["bought"]}, LIST, {**_OWN, **_OF_FACTS})
ORDERING = Source(
    "customers.ordering", _ordering, lambda span: between("ordered", span), LIST, {**_OWN, **_OF_FACTS},
    adds_up=False,
)  # fmt: skip
PLACED = Source(
    "customers.orders", _orders, lambda span: between("placed", span, status=COUNTING), ORDERS,
    {"order_channel": Part("channel", "channel"), "currency": Part("currency", "currency")},
    moment="placed_at", currency="currency",
)  # fmt: skip

measures.register(
    Measure("customers.total", _("Customers"), _("Customers there are now."), PRESENT, Unit.COUNT, count(), SEE),
    Measure(
        "customers.risky", _("Risky customers"),
        _("Customers whose risk level is medium or high, from the signs or by hand."), PRESENT, Unit.COUNT, count(),
        SEE, better="down", only=lambda: Q(risk_level__in=RISKY), params={"risk": RISKY}, order=5,
    ),
    Measure(
        "customers.created", _("New customers"), _("Customers entered in the period, by hand, form or import."),
        CREATED, Unit.COUNT, count(), SEE, order=10,
    ),
    Measure(
        "customers.buyers", _("Buyers"), _("Customers with at least one order that was not cancelled."), BUYERS,
        Unit.COUNT, count(), SEE_ORDERS, order=20,
    ),
    Measure(
        "customers.returning", _("Buyers who came back"),
        _("Of all customers with an order, the share with at least two."), BUYERS, Unit.RATE,
        rate(Q(facts__orders__gte=2)), SEE_ORDERS, better="up", order=21,
    ),
    Measure(
        "customers.at_risk", _("Customers at risk"),
        _("Customers whose next order was expected before today, from their own intervals or products."), BUYERS,
        Unit.COUNT, count(), SEE_ORDERS, better="down",
        only=lambda: Q(facts__repurchase_due_on__lt=clock.today()), params={"next_order": ["late"]}, order=22,
    ),
    Measure(
        "customers.ordering", _("Ordering customers"), _("Customers with an order placed in the period."), ORDERING,
        Unit.COUNT, count(), SEE_ORDERS, better="up", order=30,
    ),
    Measure(
        "customers.repurchase_rate", _("Repurchase rate"),
        _("Of the customers with an order in the period, the share that had ordered before it."), ORDERING, Unit.RATE,
        rate(Q(had_ordered=True)), SEE_ORDERS, better="up", order=31,
    ),
    Measure(
        "orders.placed", _("Orders"), _("Orders placed in the period that were not cancelled."), PLACED, Unit.COUNT,
        count(), SEE_ORDERS, better="up", order=40,
    ),
    Measure(
        "orders.amount", _("Ordered"), _("The totals of orders placed in the period, tax included, by currency."),
        PLACED, Unit.MONEY, total("gross"), SEE_ORDERS, better="up", order=41,
    ),
    Measure(
        "orders.refunded", _("Refunded"), _("What was paid back on the orders placed in the period, by currency."),
        PLACED, Unit.MONEY, total("refunded"), SEE_ORDERS, better="down", order=42,
    ),
    Measure(
        "orders.mean", _("Mean order"), _("The mean total of the orders placed in the period, by currency."), PLACED,
        Unit.MONEY, mean("gross"), SEE_ORDERS, better="up", order=43,
    ),
)  # fmt: skip


def choices(entries: Any) -> Any:
    """Names of a dimension whose values are choices, in their order."""

    def names(values: Sequence[Any]) -> Mapping[Any, Any]:
        return {value: label for value, label in entries.choices if value in set(values)}

    return names


def people(values: Sequence[Any]) -> Mapping[Any, Any]:
    """Names of colleagues; None is nobody."""
    rows = User.objects.filter(pk__in=[value for value in values if value is not None]).order_by("sort_key")
    found: dict[Any, Any] = dict(rows.values_list("pk", "name"))
    return {**found, None: _("Nobody")} if None in values else found


def bands(values: Sequence[Any]) -> Mapping[Any, Any]:
    """The five bands, best first; the ends say which way they go."""
    ends = {5: _("5 (highest)"), 1: _("1 (lowest)")}
    return {int(band): ends.get(int(band), label) for band, label in reversed(BANDS)}


dimensions.register(
    Dimension("customer_owner", _("Owner"), 60, people),
    Dimension("customer_kind", _("Kind"), 61, choices(CustomerKind)),
    Dimension("customer_stage", _("Lifecycle stage"), 62, choices(Stage)),
    Dimension("customer_source", pgettext_lazy("customer", "Source"), 63, choices(Origin)),
    Dimension("customer_value", pgettext_lazy("customer", "Value"), 64, choices(ValueLevel)),
    Dimension("customer_risk", pgettext_lazy("customer", "Risk"), 64, choices(RiskLevel)),
    Dimension("rfm_r", _("Recency (R)"), 65, bands),
    Dimension("rfm_f", _("Frequency (F)"), 66, bands),
    Dimension("rfm_m", _("Sum (M)"), 67, bands),
    Dimension("order_channel", _("Placed in"), 68, choices(OrderChannel)),
    Dimension("currency", _("Currency"), 69),
)
reports.register(
    Report("customers-new", CUSTOMERS, _("How many customers are new?"), ["customers.created"], by=TIME, order=10),
    Report("customers-source", CUSTOMERS, _("Where do new customers come from?"), ["customers.created"],
           by="customer_source", order=11),
    Report("customers-repurchase", CUSTOMERS, _("Do customers buy again?"),
           ["customers.repurchase_rate", "customers.ordering", "customers.returning", "customers.buyers"], order=20),
    Report("customers-repurchase-value", CUSTOMERS, _("Which customers buy again?"),
           ["customers.repurchase_rate", "customers.ordering"], by="customer_value", order=21),
    Report("customers-rfm", CUSTOMERS, _("How lately and how often do customers buy?"), ["customers.buyers"],
           by="rfm_r", across="rfm_f", order=30),
    Report("customers-sum", CUSTOMERS, _("How often do customers buy, and for how much?"), ["customers.buyers"],
           by="rfm_f", across="rfm_m", order=31),
    Report("customers-value", CUSTOMERS, _("How many customers are worth most?"), ["customers.buyers"],
           by="customer_value", order=32),
    Report("customers-risk-levels", CUSTOMERS, _("How many customers are risky?"),
           ["customers.total"], by="customer_risk", order=39),
    Report("customers-risky-owners", CUSTOMERS, _("Whose customers are risky?"),
           ["customers.risky", "customers.total"], by="customer_owner", order=39),
    Report("customers-risk", CUSTOMERS, _("Which customers need care?"), ["customers.at_risk", "customers.buyers"],
           by="customer_owner", order=40),
    Report("customers-orders", CUSTOMERS, _("How much is ordered?"),
           ["orders.amount", "orders.placed", "orders.mean", "orders.refunded"], by=TIME, order=50),
    Report("customers-channels", CUSTOMERS, _("Where are orders placed?"),
           ["orders.placed", "orders.amount", "orders.mean"], by="order_channel", order=51),
)  # fmt: skip
