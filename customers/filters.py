"""Ways to narrow the customer list."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.core import clock
from crm.core.text import row_id
from crm.ui.generic.choices import ReadOnce

from .choices import CustomerKind, RiskLevel, Source, Stage, ValueLevel
from .figures.ordering import has_ordered
from .models import Credit, Customer, CustomerFacts, Offer, Segment, Wish
from .segmenting.selectors import in_segment


def _people() -> list[tuple[str, Any]]:
    owned = Exists(Customer.objects.filter(owner=OuterRef("pk")))
    owners = User.objects.filter(owned).values_list("pk", "name")
    return [("me", _("Me")), ("none", _("Nobody")), *((str(pk), name) for pk, name in owners)]


BANDS = [(str(number), str(number)) for number in range(1, 6)]
AGAIN = [("bought", _("Ordered at least once")), ("again", _("Ordered at least twice"))]
NEXT = [("late", _("Expected, and overdue"))]
WISHES = [("fits", _("A product fits one")), ("open", _("Has an open one"))]
CREDIT = [("over", _("Exceeded")), ("limit", _("Has a limit"))]
_FIGURES = {
    "bought": lambda: Q(orders__gte=1),
    "again": lambda: Q(orders__gte=2),
    "late": lambda: Q(repurchase_due_on__lt=clock.today()),
}


class CustomerFilters(df.FilterSet):
    kind = df.MultipleChoiceFilter(label=_("Kind"), choices=CustomerKind.choices)
    stage = df.MultipleChoiceFilter(label=_("Lifecycle stage"), choices=Stage.choices)
    owner = df.MultipleChoiceFilter(label=_("Owner"), choices=(), method="by_owner")
    value = df.MultipleChoiceFilter(
        label=pgettext_lazy("customer", "Value"), choices=ValueLevel.choices, method="by_value"
    )
    risk = df.MultipleChoiceFilter(label=_("Risk"), choices=RiskLevel.choices, method="by_risk")
    credit = df.ChoiceFilter(label=_("Credit limit"), choices=CREDIT, method="by_credit")
    wish = df.ChoiceFilter(label=_("Wishes"), choices=WISHES, method="by_wish")
    offer = df.ChoiceFilter(label=_("To offer"), choices=[("any", _("Something"))], method="by_offer")
    offered = df.CharFilter(label=_("Product number"), method="by_offer", widget=forms.HiddenInput)
    source = df.MultipleChoiceFilter(label=_("Source"), choices=Source.choices)
    segment = df.MultipleChoiceFilter(label=_("Segment"), choices=(), method="by_segment")
    ordered_from = df.IsoDateTimeFilter(label=_("Ordered from"), method="by_orders")
    ordered_to = df.IsoDateTimeFilter(label=_("Ordered before"), method="by_orders")
    again = df.ChoiceFilter(label=_("Ordered again"), choices=AGAIN, method="by_figures")
    next_order = df.ChoiceFilter(label=_("Next order"), choices=NEXT, method="by_figures")
    r = df.MultipleChoiceFilter(label=_("Recency (R)"), choices=BANDS, method="by_band")
    f = df.MultipleChoiceFilter(label=_("Frequency (F)"), choices=BANDS, method="by_band")
    m = df.MultipleChoiceFilter(label=_("Sum (M)"), choices=BANDS, method="by_band")
    created_from = df.IsoDateTimeFilter(label=_("Created from"), field_name="created_at", lookup_expr="gte")
    created_to = df.IsoDateTimeFilter(label=_("Created before"), field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Customer
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["owner"].extra["choices"] = ReadOnce(_people)
        if self.request.actor.can("segments.view"):
            self.filters["segment"].extra["choices"] = ReadOnce(self._segments)
        else:
            del self.filters["segment"]

    def _segments(self) -> list[tuple[str, Any]]:
        rows = Segment.objects.visible_to(self.request.actor).order_by("sort_key", "pk")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def by_segment(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(in_segment(*map(int, values))) if values else rows

    def by_value(self, rows: Any, name: str, values: list[str]) -> Any:
        if not values or not self.request.actor.can("orders.view"):
            return rows
        return rows.filter(Exists(CustomerFacts.objects.filter(customer_id=OuterRef("pk"), value__in=values)))

    def by_risk(self, rows: Any, name: str, values: list[str]) -> Any:
        """Who has no figures has no risk."""
        if not values:
            return rows
        facts = CustomerFacts.objects.filter(customer_id=OuterRef("pk"))
        terms = Q(Exists(facts.filter(risk__in=values)))
        return rows.filter(terms | ~Exists(facts) if RiskLevel.NONE in values else terms)

    def by_credit(self, rows: Any, name: str, value: str) -> Any:
        limits = Credit.objects.filter(customer_id=OuterRef("pk"), limit__isnull=False)
        return rows.filter(Exists(limits.filter(over_since__isnull=False) if value == "over" else limits))

    def by_wish(self, rows: Any, name: str, value: str) -> Any:
        if value == "fits":
            return rows.filter(Exists(CustomerFacts.objects.filter(customer_id=OuterRef("pk"), wishes__gt=0)))
        return rows.filter(Exists(Wish.objects.filter(customer_id=OuterRef("pk"), state="open")))

    def by_offer(self, rows: Any, name: str, value: str) -> Any:
        """Customers to whom anything is to be offered, or one product."""
        if not self.request.actor.can("orders.view"):
            return rows
        offers = Offer.objects.standing().filter(customer_id=OuterRef("pk"))
        return rows.filter(Exists(offers.filter(product=row_id(value) or 0) if name == "offered" else offers))

    def _of_facts(self, rows: Any, terms: Q) -> Any:
        """Customers by their figures, for who may see purchases; others find the list as it is."""
        if not self.request.actor.can("orders.view"):
            return rows
        return rows.filter(Exists(CustomerFacts.objects.filter(terms, customer_id=OuterRef("pk"))))

    def by_figures(self, rows: Any, name: str, value: str) -> Any:
        return self._of_facts(rows, _FIGURES[value]())

    def by_band(self, rows: Any, name: str, values: list[str]) -> Any:
        return self._of_facts(rows, Q(**{f"{name}__in": [int(value) for value in values]})) if values else rows

    def by_orders(self, rows: Any, name: str, value: Any) -> Any:
        """Both moments speak of one order; applied once."""
        given = self.form.cleaned_data
        if not self.request.actor.can("orders.view") or (name == "ordered_to" and given.get("ordered_from")):
            return rows
        return rows.filter(has_ordered(given.get("ordered_from"), given.get("ordered_to")))

    def by_owner(self, rows: Any, name: str, values: list[str]) -> Any:
        ids = {int(value) for value in values if value.isdigit()}
        if "me" in values and self.request.actor.user_id is not None:
            ids.add(self.request.actor.user_id)
        terms = Q(owner__in=ids)
        return rows.filter(terms | Q(owner__isnull=True) if "none" in values else terms)
