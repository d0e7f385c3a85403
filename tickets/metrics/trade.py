"""Buying habits and problems: tickets by what their customers buy, and by what the request is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.core.gallery import SERVICE, Report, reports
from crm.core.metrics import Dimension, Measure, Part, Source, Span, Unit, count, dimensions, measures, moment_param
from customers.figures.causes import SEVERITIES
from customers.models import Product, ProductCategory

from ..choices import Cause
from ..filters.trade import ABOUT, concerns_of
from ..models import RequestType, Ticket

LIST = "tickets:ticket_list"
SEE = "orders.view"


def _created(viewer: Actor, span: Span) -> Any:
    rows = Ticket.objects.visible_to(viewer).counted().filter(created_at__gte=span.start, created_at__lt=span.end)
    return rows.annotate(
        why=NullIf("cause", Value("")), worth=NullIf("customer__facts__value", Value("")),
        often=Coalesce(F("customer__facts__f"), 0),
    )  # fmt: skip


def _about(viewer: Actor, span: Span) -> Any:
    rows = _created(viewer, span)
    found = {name: Subquery(concerns_of().values(column)[:1]) for name, column in ABOUT.items()}
    return rows.annotate(concern=Subquery(concerns_of().values("pk")[:1]), **found).filter(concern__isnull=False)


def _params(span: Span, **also: str) -> dict[str, list[str]]:
    words = {"created_from": moment_param(span.start), "created_to": moment_param(span.end), "parts": "without",
             "merged": "without", **also}  # fmt: skip
    return {key: [value] for key, value in words.items()}


_PARTS = {
    "type": Part("request_type__key", "type"),
    "cause": Part("why", "cause"),
    "buyer_value": Part("worth", "customer_value"),
    "buyer_frequency": Part("often", "customer_f"),
}
ASKED = Source("tickets.asked", _created, _params, LIST, _PARTS, moment="created_at")
ABOUT_TRADE = Source(
    "tickets.about", _about, lambda span: _params(span, about="any"), LIST,
    {**_PARTS, **{name: Part(name, name) for name in ABOUT}}, moment="created_at",
)  # fmt: skip
measures.register(
    Measure("tickets.asked", _("Tickets created"), _("Tickets created in the period, by any channel."), ASKED,
            Unit.COUNT, count(), SEE, better="down", order=24),
    Measure("tickets.about_trade", _("Tickets about purchases"),
            _("Tickets created in the period that name an order, a product or a device."), ABOUT_TRADE, Unit.COUNT,
            count(), SEE, better="down", order=25),
)  # fmt: skip


def type_names(values: Sequence[Any]) -> Mapping[Any, Any]:
    """Request types in their own order."""
    return {row.key: str(row.name) for row in RequestType.objects.filter(key__in=values).order_by("order", "pk")}


def _causes(values: Sequence[Any]) -> Mapping[Any, Any]:
    found: dict[Any, Any] = {value: label for value, label in Cause.choices if value in set(values)}
    return {**found, None: _("Not named")} if None in values else found


def _values(values: Sequence[Any]) -> Mapping[Any, Any]:
    from customers.choices import ValueLevel

    found: dict[Any, Any] = {value: label for value, label in ValueLevel.choices if value in set(values)}
    return {**found, None: _("Without orders")} if None in values else found


def _frequencies(values: Sequence[Any]) -> Mapping[Any, Any]:
    found: dict[Any, Any] = {number: _("Band %(number)s") % {"number": number} for number in range(5, 0, -1)}
    return {**found, 0: _("Without orders")}


def _products(values: Sequence[Any]) -> Mapping[Any, Any]:
    return _named(Product.objects.filter(pk__in=[pk for pk in values if pk]).order_by("sort_key"), values)


def _categories(values: Sequence[Any]) -> Mapping[Any, Any]:
    return _named(ProductCategory.objects.filter(pk__in=[pk for pk in values if pk]), values)


def _named(rows: Any, values: Sequence[Any]) -> Mapping[Any, Any]:
    found: dict[Any, Any] = {row.pk: str(row) for row in rows}
    return {**found, None: _("Not named")} if None in values else found


def _carriers(values: Sequence[Any]) -> Mapping[Any, Any]:
    return {value: value or _("Not named") for value in sorted(values, key=lambda name: (name is None, name or ""))}


def _severities(values: Sequence[Any]) -> Mapping[Any, Any]:
    return {value: label for value, label in reversed(SEVERITIES.items()) if value in set(values)}


dimensions.register(
    Dimension("cause", _("Cause"), 51, _causes),
    Dimension("buyer_value", _("Value of the customer"), 52, _values),
    Dimension("buyer_frequency", _("How often the customer buys"), 53, _frequencies),
    Dimension("about_product", _("Product"), 54, _products),
    Dimension("about_category", _("Product category"), 55, _categories),
    Dimension("about_carrier", _("Carrier"), 56, _carriers),
    Dimension("about_severity", pgettext_lazy("cause", "Severity"), 57, _severities),
)  # fmt: skip
reports.register(
    Report("service-causes", SERVICE, _("Why do customers write?"), ["tickets.asked"], by="cause", order=60),
    Report("service-causes-product", SERVICE, _("Which products make work?"), ["tickets.about_trade"],
           by="about_product", order=61),
    Report("service-causes-carrier", SERVICE, _("Which carriers make work?"), ["tickets.about_trade"],
           by="about_carrier", across="about_severity", order=62),
    Report("service-habits-value", SERVICE, _("What do valuable customers ask for?"), ["tickets.asked"],
           by="buyer_value", across="type", order=63),
    Report("service-habits-frequency", SERVICE, _("Do frequent buyers have other problems?"), ["tickets.asked"],
           by="buyer_frequency", across="cause", order=64),
    Report("service-habits-category", SERVICE, _("Which product categories have which problems?"),
           ["tickets.about_trade"], by="about_category", across="cause", order=65),
)  # fmt: skip
