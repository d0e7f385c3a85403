"""Who is told of what happens to a lead."""

from __future__ import annotations

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.notifications.actions import notify

from ..models import Lead


def tell_holder(activity: Activity) -> None:
    """Whoever holds the lead now."""
    lead = Lead.objects.select_related("owner").filter(pk=activity.object_id).first()
    if lead is not None and lead.owner is not None:
        _tell(activity, lead, lead.owner)


def tell_previous_holder(activity: Activity) -> None:
    """Whoever held it until it went back."""
    lead = Lead.objects.filter(pk=activity.object_id).first()
    user = User.objects.active().filter(pk=activity.data.get("from_id") or 0).first()
    if lead is not None and user is not None:
        _tell(activity, lead, user)


def _tell(activity: Activity, lead: Lead, user: User) -> None:
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=activity.key, users=[user], subject=lead,
        data={"number": lead.number, "name": lead.name, **{k: v for k, v in activity.data.items() if k in _DATA}},
        activity_id=activity.pk,
    )  # fmt: skip


#: What a notification takes over from the deed.
_DATA = ("days", "text")
