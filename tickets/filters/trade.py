"""Tickets by what their customers bought and what the request is about, as reports link to them."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.core.sockets import kinds
from crm.core.text import row_id
from customers.choices import ValueLevel
from customers.models import Concern, CustomerFacts

from ..choices import Cause

#: Filter → column of what a request is about.
ABOUT = {"about_product": "product_id", "about_category": "product__category_id", "about_carrier": "shipment__carrier",
         "about_severity": "severity"}  # fmt: skip


def concerns_of() -> QuerySet[Any]:
    """What the ticket of the outer query is about."""
    return Concern.objects.filter(kind=kinds["ticket"].code, object_id=OuterRef("pk")).order_by()


class TradeFilters(df.FilterSet):
    """Part of the ticket list's filters. What customers bought narrows only for who may see orders."""

    cause = df.MultipleChoiceFilter(
        label=_("Cause"), choices=[*Cause.choices, ("none", _("Not named"))], method="by_cause"
    )
    customer_value = df.MultipleChoiceFilter(
        label=_("Value of the customer"), choices=[*ValueLevel.choices, ("none", _("Without orders"))],
        method="by_value",
    )  # fmt: skip
    customer_f = df.CharFilter(method="by_frequency", widget=forms.HiddenInput, label=_("Frequency band"))
    about = df.ChoiceFilter(
        choices=[("any", _("Names an order, a product or a device"))], method="by_about", widget=forms.HiddenInput,
        label=_("What it is about"),
    )  # fmt: skip
    about_product = df.CharFilter(method="by_about", widget=forms.HiddenInput, label=_("Product number"))
    about_category = df.CharFilter(method="by_about", widget=forms.HiddenInput, label=_("Product category number"))
    about_carrier = df.CharFilter(method="by_about", widget=forms.HiddenInput, label=_("Carrier"))
    about_severity = df.CharFilter(method="by_about", widget=forms.HiddenInput, label=_("Severity"))

    def _sees_orders(self) -> bool:
        return bool(self.request.actor.can("orders.view"))

    def by_cause(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(cause__in=["" if value == "none" else value for value in values]) if values else rows

    def by_value(self, rows: Any, name: str, values: list[str]) -> Any:
        if not values or not self._sees_orders():
            return rows
        facts = CustomerFacts.objects.filter(customer=OuterRef("customer"))
        terms = Exists(facts.filter(value__in=values))
        return rows.filter(Q(terms) | ~Exists(facts.exclude(value="")) if "none" in values else Q(terms))

    def by_frequency(self, rows: Any, name: str, value: str) -> Any:
        if not self._sees_orders():
            return rows
        facts = CustomerFacts.objects.filter(customer=OuterRef("customer"))
        if value in {"0", "none"}:
            return rows.filter(~Exists(facts.filter(f__gte=1)))
        return rows.filter(Exists(facts.filter(f=row_id(value) or 0)))

    def by_about(self, rows: Any, name: str, value: str) -> Any:
        if not self._sees_orders():
            return rows
        if name == "about":
            return rows.filter(Exists(concerns_of()))
        column = ABOUT[name]
        if value == "none":
            return rows.filter(Exists(concerns_of().filter(**{f"{column}__isnull": True})))
        wanted: Any = value if name == "about_carrier" else row_id(value) or 0
        return rows.filter(Exists(concerns_of().filter(**{column: wanted})))
