"""What conditions may ask about a customer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field, fields

from .choices import CustomerKind, Source, Stage


def _choices(choices: Any) -> Any:
    return lambda actor: list(choices.choices)


_SEE = "customers.view"

fields.register(
    Field("customer.name", "customer", _("Name"), "text", "name", permission=_SEE, order=10),
    Field("customer.kind", "customer", _("Kind"), "choice", "kind", values=_choices(CustomerKind), permission=_SEE),
    Field(
        "customer.stage", "customer", _("Lifecycle stage"), "choice", "stage", values=_choices(Stage), permission=_SEE
    ),
    Field("customer.source", "customer", _("Source"), "choice", "source", values=_choices(Source), permission=_SEE),
    Field("customer.owner", "customer", _("Owner"), "user", "owner_id", permission=_SEE),
    Field("customer.industry", "customer", _("Industry"), "text", "industry", permission=_SEE),
    Field("customer.created_at", "customer", _("Created"), "datetime", "created_at", permission=_SEE),
)
