"""What conditions may ask about a lead. Addresses are asked for by presence only, since they may be masked."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field
from crm.core.actor import Actor

from ..choices.leads import LeadSource, LeadStatus
from ..models import Pool

_SEE = "leads.view"


def _choices(choices: Any) -> Any:
    return lambda actor: list(choices.choices)


def _pools(actor: Actor) -> list[tuple[Any, Any]]:
    return [(pool.pk, str(pool)) for pool in Pool.objects.visible_to(actor).filter(holds="leads")]


def _has(column: str) -> Any:
    return lambda: ExpressionWrapper(~Q(**{column: ""}), output_field=BooleanField())


LEAD_FIELDS = [
    Field(
        "lead.source", "lead", _("Source"), "choice", "source", values=_choices(LeadSource), permission=_SEE, order=1,
    ),
    Field("lead.status", "lead", _("Status"), "choice", "status", values=_choices(LeadStatus), permission=_SEE),
    Field("lead.company", "lead", _("Company"), "text", "company", permission=_SEE, order=5),
    Field("lead.job_title", "lead", _("Job title"), "text", "job_title", permission=_SEE, order=6),
    Field("lead.industry", "lead", _("Industry"), "text", "industry", permission=_SEE, order=7),
    Field("lead.region", "lead", _("Region"), "text", "region", permission=_SEE, order=8),
    Field("lead.budget", "lead", _("Budget"), "number", "budget", permission=_SEE, order=9),
    Field("lead.campaign", "lead", _("Campaign"), "text", "campaign", permission=_SEE),
    Field("lead.language", "lead", _("Language"), "text", "language", permission=_SEE),
    Field("lead.message", "lead", _("Message"), "text", "message", permission=_SEE),
    Field(
        "lead.has_email", "lead", _("Has an email address"), "boolean", _has("email"), permission=_SEE,
        python=lambda row: bool(row.email),
    ),
    Field(
        "lead.has_phone", "lead", _("Has a phone number"), "boolean", _has("phone"), permission=_SEE,
        python=lambda row: bool(row.phone),
    ),
    Field("lead.score", "lead", _("Score"), "number", "score", permission=_SEE),
    Field("lead.owner", "lead", _("Owner"), "user", "owner_id", permission=_SEE),
    Field("lead.pool", "lead", _("Pool"), "choice", "pool_id", values=_pools, permission=_SEE),
    Field("lead.created_at", "lead", _("Created"), "datetime", "created_at", permission=_SEE),
    Field("lead.last_touched_at", "lead", _("Last follow-up"), "datetime", "last_touched_at", permission=_SEE),
]  # fmt: skip
