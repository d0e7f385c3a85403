"""What conditions may ask about a deal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field

from ..choices.opportunities import OpportunitySource
from ..models import LostReason, Pipeline, Stage


def _rows(model: Any) -> Any:
    return lambda actor: [(str(row.pk), str(row)) for row in model.objects.all()]


_SEE = "opportunities.view"

DEAL_FIELDS = [
    Field("opportunity.name", "opportunity", _("Name"), "text", "name", permission=_SEE, order=10),
    Field("opportunity.amount", "opportunity", _("Amount"), "number", "amount", permission=_SEE),
    Field("opportunity.stage", "opportunity", _("Stage"), "choice", "stage_id", values=_rows(Stage), permission=_SEE),
    Field(
        "opportunity.pipeline", "opportunity", _("Pipeline"), "choice", "pipeline_id", values=_rows(Pipeline),
        permission=_SEE,
    ),
    Field("opportunity.owner", "opportunity", _("Owner"), "user", "owner_id", permission=_SEE),
    Field(
        "opportunity.source", "opportunity", _("Source"), "choice", "source",
        values=lambda actor: list(OpportunitySource.choices), permission=_SEE,
    ),
    Field(
        "opportunity.lost_reason", "opportunity", _("Lost reason"), "choice", "lost_reason_id",
        values=_rows(LostReason), permission=_SEE,
    ),
    Field("opportunity.created_at", "opportunity", _("Created"), "datetime", "created_at", permission=_SEE),
    Field("opportunity.won_at", "opportunity", _("Won at"), "datetime", "won_at", permission=_SEE),
    Field("opportunity.lost_at", "opportunity", _("Lost at"), "datetime", "lost_at", permission=_SEE),
    Field(
        "opportunity.stage_entered_at", "opportunity", _("In this stage since"), "datetime", "stage_entered_at",
        permission=_SEE,
    ),
]  # fmt: skip
