"""What conditions may ask about a customer."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.conditions.registry import Field

from ..choices import CustomerKind, Source, Stage, ValueLevel
from ..models import CustomerFacts
from ..selectors import figures_of


def _choices(choices: Any) -> Any:
    return lambda actor: list(choices.choices)


def _figure(column: str) -> Any:
    return lambda: Subquery(CustomerFacts.objects.filter(customer_id=OuterRef("pk")).values(column)[:1])


#: Deeds after which the figures are computed anew.
_FIGURES = (
    "orders.placed", "orders.changed", "orders.refunded", "orders.cancelled", "orders.withdrawn", "customers.value_set",
    "customers.value_changed",
)  # fmt: skip


def _figures(key: str, label: Any, type_: Any, column: str, **further: Any) -> Field:
    """A field of the side table; missing where nothing was bought."""
    return Field(
        f"customer.{key}", "customer", label, type_, _figure(column), permission="orders.view", order=70,
        python=lambda row: getattr(figures_of(row), column, None), watches=_FIGURES, **further,
    )  # fmt: skip


_SEE = "customers.view"

CUSTOMER_FIELDS = (
    Field("customer.name", "customer", _("Name"), "text", "name", permission=_SEE, order=10),
    Field("customer.kind", "customer", _("Kind"), "choice", "kind", values=_choices(CustomerKind), permission=_SEE),
    Field(
        "customer.stage", "customer", _("Lifecycle stage"), "choice", "stage", values=_choices(Stage), permission=_SEE
    ),
    Field("customer.source", "customer", _("Source"), "choice", "source", values=_choices(Source), permission=_SEE),
    Field("customer.owner", "customer", _("Owner"), "user", "owner_id", permission=_SEE),
    Field("customer.industry", "customer", _("Industry"), "text", "industry", permission=_SEE),
    _figures("value_level", pgettext_lazy("customer", "Value"), "choice", "value", values=_choices(ValueLevel)),
    _figures("orders", _("Orders"), "number", "orders"),
    _figures("bought", _("Bought in all"), "number", "bought"),
    _figures("last_order_at", _("Last order"), "datetime", "last_order_at"),
    _figures("next_order_on", _("Next order expected"), "date", "repurchase_due_on"),
    _figures("rfm_r", _("Recency, 1 to 5"), "number", "r"),
    _figures("rfm_f", _("Frequency, 1 to 5"), "number", "f"),
    _figures("rfm_m", _("Sum bought, 1 to 5"), "number", "m"),
    Field("customer.created_at", "customer", _("Created"), "datetime", "created_at", permission=_SEE),
)
