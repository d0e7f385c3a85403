"""What a campaign costs, and what networks report of a post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line

from ..choices.campaigns import CampaignKind, CostKind
from ..models import Campaign, CampaignCost, PostResult
from .campaigns import locked, tell


@action(permission="campaigns.create")
def add_cost(*, actor: Actor, record: Campaign, values: Mapping[str, Any]) -> CampaignCost:
    """Enters a planned or booked amount in the campaign's currency, also after it is over. Raises `Invalid`."""
    campaign = locked(actor, record)
    label, amount = clean_line(values.get("label", ""), 120), values.get("amount")
    wrong: dict[str, object] = {}
    if not label:
        wrong["label"] = _("Say what it is for")
    if amount is None or amount < 0:
        wrong["amount"] = _("Enter an amount of 0 or more")
    if values.get("kind") not in CostKind.values:
        wrong["kind"] = _("Choose planned or booked")
    if wrong or amount is None:
        raise Invalid(fields=wrong)
    cost = CampaignCost(
        campaign=campaign, kind=values["kind"], label=label, amount=money.rounded(amount, campaign.currency)
    )
    if values.get("on") is not None:
        cost.on = values["on"]
    cost.save()
    tell(actor, "campaigns.cost_saved", campaign, amount=money.shown(cost.amount, campaign.currency))
    return cost


@action(permission="campaigns.create")
def remove_cost(*, actor: Actor, cost: CampaignCost) -> None:
    """Takes an amount out again. Raises `NotFound`."""
    row = CampaignCost.objects.visible_to(actor).lock().select_related("campaign").filter(pk=cost.pk).first()
    if row is None:
        raise NotFound
    amount = money.shown(row.amount, row.campaign.currency)
    campaign = row.campaign
    row.delete()
    tell(actor, "campaigns.cost_removed", campaign, amount=amount)


@action(permission="campaigns.create")
def enter_result(*, actor: Actor, record: Campaign, values: Mapping[str, Any]) -> PostResult:
    """Stores what a network reports of a post on a day; entering that day again replaces it. Raises `Invalid`."""
    campaign = locked(actor, record)
    if campaign.kind != CampaignKind.SOCIAL:
        raise Invalid(_("Only posts have results that are typed in."))
    network = clean_line(values.get("network", ""), 60)
    if not network:
        raise Invalid(fields={"network": _("Enter the network")})
    row, _made = PostResult.objects.update_or_create(
        campaign=campaign, network=network, on=values["on"],
        defaults={"reach": values.get("reach") or 0, "clicks": values.get("clicks") or 0},
    )  # fmt: skip
    tell(actor, "campaigns.result_entered", campaign, network=network)
    return row
