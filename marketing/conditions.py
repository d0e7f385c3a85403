"""What conditions may ask about campaigns, for approval flows, and about a customer's part in them."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field, fields
from crm.core.actor import Actor

from .choices.campaigns import WITH_RESULTS, CampaignKind
from .following import WATCHED
from .lists.deeds import DID
from .models import Campaign, Recipient

_SEE = "campaigns.view"


def _campaigns(actor: Actor) -> list[tuple[Any, Any]]:
    rows = Campaign.objects.visible_to(actor).filter(state__in=WITH_RESULTS)
    newest = rows.order_by(F("sent_at").desc(nulls_last=True), "-pk")
    return list(newest.values_list("pk", "name")[:200])


def _field(name: str, label: Any, did: Q) -> Field:
    def read(customer: Any) -> list[int]:
        return list(Recipient.objects.filter(did, customer=customer).values_list("campaign_id", flat=True))

    return Field(
        f"customer.campaigns_{name}", "customer", label, "many_choice",
        lambda: Recipient.objects.filter(did, customer=OuterRef("pk")), values=_campaigns, permission=_SEE, many=True,
        member="campaign_id", python=read, watches=(WATCHED,), order=80,
    )  # fmt: skip


fields.register(
    Field("campaign.kind", "campaign", _("Kind"), "choice", "kind", values=lambda actor: list(CampaignKind.choices),
          permission=_SEE, order=10),
    Field("campaign.budget", "campaign", _("Budget"), "number", "budget", permission=_SEE, order=20),
    Field("campaign.owner", "campaign", _("Owner"), "user", "owner_id", permission=_SEE, order=30),
    _field("sent", _("Got the campaign"), DID["reached"]),
    _field("opened", _("Opened the campaign"), DID["opened"]),
    _field("clicked", _("Clicked in the campaign"), DID["clicked"]),
    _field("answered", _("Answered the campaign"), DID["answered"]),
)  # fmt: skip
