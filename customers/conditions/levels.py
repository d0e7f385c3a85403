"""What conditions may ask about the risk, the credit, the wishes and the offers of a customer."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.conditions.expressions import count_of
from crm.conditions.registry import Field
from crm.core.actor import Actor

from ..choices import RiskLevel
from ..models import Credit, CustomerFacts, Offer, Product, ProductCategory, Wish
from ..selectors import figures_of

_SEE, _ORDERS = "customers.view", "orders.view"
_ROW = OuterRef("pk")
_RISK = ("customers.risk_changed", "customers.risk_set")
_CREDIT = ("customers.credit_set", "customers.credit_reported", "orders.placed", "orders.cancelled", "orders.refunded")
_WISHES = ("wishes.noted", "wishes.changed", "wishes.closed", "wishes.reopened", "wishes.matched")
_OFFERS = ("orders.placed", "orders.changed", "orders.cancelled", "orders.withdrawn", "offers.dismissed")


def _figure(column: str, otherwise: Any) -> Any:
    """A column of the side table, which not everybody has."""
    rows = CustomerFacts.objects.filter(customer_id=_ROW).values(column)
    return lambda: Coalesce(Subquery(rows[:1]), Value(otherwise))


def _credit(customer: Any) -> Any:
    return Credit.objects.filter(customer_id=customer)


def _share() -> Any:
    """What is used of the limit, in percent; missing without a limit."""
    rows = _credit(_ROW).filter(limit__gt=0).annotate(share=F("used") * 100 / F("limit"))
    return Subquery(rows.values("share")[:1])


def _share_of(row: Any) -> Any:
    found = _credit(row.pk).filter(limit__gt=0).first()
    return found.used * 100 / found.limit if found else None


def _wishes(customer: Any) -> Any:
    return Wish.objects.filter(customer_id=customer, state="open")


def _offers(customer: Any) -> Any:
    return Offer.objects.standing().filter(customer_id=customer)


def _products(actor: Actor) -> list[tuple[Any, Any]]:
    rows = Product.objects.visible_to(actor).active().order_by("sort_key")
    return [(row.pk, str(row)) for row in rows.only("code", "name")]


def _categories(actor: Actor) -> list[tuple[Any, Any]]:
    return [(row.pk, row.name) for row in ProductCategory.objects.visible_to(actor)]


LEVEL_FIELDS = (
    Field("customer.risk_level", "customer", pgettext_lazy("customer", "Risk"), "choice",
          _figure("risk", RiskLevel.NONE.value),
          values=lambda actor: list(RiskLevel.choices), permission=_SEE, watches=_RISK, order=65,
          python=lambda row: figures.risk if (figures := figures_of(row)) else RiskLevel.NONE),
    Field("customer.risk_points", "customer", _("Points of risk"), "number",
          _figure("risk_points", 0),
          permission=_SEE, watches=_RISK, order=66,
          python=lambda row: figures.risk_points if (figures := figures_of(row)) else 0),
    Field("customer.credit_limit", "customer", _("Credit limit"), "number",
          lambda: Subquery(_credit(_ROW).values("limit")[:1]),
          python=lambda row: _credit(row.pk).values_list("limit", flat=True).first(), permission=_SEE,
          watches=_CREDIT, order=67),
    Field("customer.credit_share", "customer", _("Credit used (%)"), "number", _share, python=_share_of,
          permission=_SEE, watches=_CREDIT, order=67),
    Field("customer.credit_score", "customer", _("Credit score, 0 to 100"), "number",
          lambda: Subquery(_credit(_ROW).values("score")[:1]),
          python=lambda row: _credit(row.pk).values_list("score", flat=True).first(), permission="customers.credit",
          watches=_CREDIT, order=68),
    Field("customer.offers", "customer", _("To be offered"), "many_choice", lambda: _offers(_ROW), many=True,
          member="product_id", python=lambda row: list(_offers(row.pk).values_list("product_id", flat=True)),
          values=_products, permission=_ORDERS, watches=_OFFERS, order=77,
          help=_("What goes with their purchases, or is a step up from them")),
    Field("customer.wishes", "customer", _("Open wishes"), "number", lambda: count_of(_wishes(_ROW)),
          python=lambda row: _wishes(row.pk).count(), permission=_SEE, watches=_WISHES, order=78),
    Field("customer.wish_categories", "customer", _("Looks for something of"), "many_choice", lambda: _wishes(_ROW),
          many=True, member="category_id",
          python=lambda row: list(_wishes(row.pk).values_list("category_id", flat=True)), values=_categories,
          permission=_SEE, watches=_WISHES, order=78),
    Field("customer.wishes_met", "customer", _("Wishes that a product fits"), "number",
          _figure("wishes", 0),
          python=lambda row: figures.wishes if (figures := figures_of(row)) else 0, permission=_SEE,
          watches=_WISHES, order=79),
)  # fmt: skip
