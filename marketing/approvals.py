"""Campaigns may need somebody's consent before they go out, such as above a budget."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.approvals.declarations import Approvable, approvables
from crm.core import money
from crm.core.translated import Translated
from crm.fields.display import answers_shown

from .choices.campaigns import CampaignKind
from .models import Campaign


def snapshot(campaign: Campaign) -> dict[str, Any]:
    """What is approved: whom it reaches, what it says, when, for how much."""
    return {
        "name": campaign.name, "kind": campaign.kind, "subject": dict(campaign.subject), "body": dict(campaign.body),
        "content": campaign.content, "currency": campaign.currency,
        "segments": sorted(campaign.segments.values_list("name", flat=True)),
        "excluded": sorted(campaign.excluded.values_list("name", flat=True)),
        "budget": f"{campaign.budget:.2f}" if campaign.budget is not None else "",
        "send_at": campaign.send_at.isoformat() if campaign.send_at else "",
        **({"custom": campaign.custom} if campaign.custom else {}),
    }  # fmt: skip


def describe(data: dict[str, Any]) -> list[tuple[Any, Any]]:
    """What an approver reads."""
    return [
        (_("Kind"), CampaignKind(data["kind"]).label),
        (_("Subject"), str(Translated(data["subject"]))),
        (_("Segments"), ", ".join(data["segments"])),
        (_("Budget"), money.shown(money.Decimal(data["budget"]), data["currency"]) if data["budget"] else ""),
        *answers_shown("campaign", data.get("custom", {})),
    ]


approvables.register(
    Approvable(
        "campaign", "campaigns.view", snapshot=snapshot, describe=describe,
        on_approved="marketing.actions.campaigns.approve_campaign",
        on_rejected="marketing.actions.campaigns.reopen_campaign",
    )
)  # fmt: skip
