"""Who hears of deals. Safe to run twice."""

from __future__ import annotations

from django.urls import reverse

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.notifications.actions import notify

from ..models import Opportunity


def tell_owner(activity: Activity) -> None:
    """Whoever was given a deal."""
    if "owner_id" not in activity.data:
        return
    deal = _deal(activity)
    if deal is not None and deal.owner is not None and deal.owner_id == activity.data["owner_id"]:
        _notify(activity, deal, [deal.owner], "opportunities.assigned")


def tell_team(activity: Activity) -> None:
    """Colleagues of the owner's teams, who see the deal, share the joy."""
    deal = _deal(activity)
    if deal is None or deal.owner is None or deal.won_at is None:
        return
    mates = User.objects.active().filter(memberships__team__memberships__user=deal.owner).exclude(pk=deal.owner_id)
    _notify(activity, deal, list(mates.distinct()), "opportunities.team_won")


def tell_stale(activity: Activity) -> None:
    """The owner of a deal that stands still."""
    deal = _deal(activity)
    if deal is not None and deal.owner is not None and deal.is_open:
        _notify(activity, deal, [deal.owner], "opportunities.stale")


def _deal(activity: Activity) -> Opportunity | None:
    return Opportunity.objects.select_related("owner").filter(pk=activity.object_id).first()


def _notify(activity: Activity, deal: Opportunity, users: list[User], kind: str) -> None:
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=kind,
        users=users,
        subject=deal,
        data=activity.data,
        url=reverse("sales:opportunity_detail", args=[deal.number]),
        activity_id=activity.pk,
    )
