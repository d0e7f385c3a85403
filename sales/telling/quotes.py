"""Who hears of what a customer does with a quote. Safe to run twice."""

from __future__ import annotations

from django.urls import reverse

from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.notifications.actions import notify

from ..models import Quote


def tell_owner(activity: Activity) -> None:
    """The quote's owner."""
    quote = Quote.objects.select_related("owner").filter(pk=activity.object_id).first()
    if quote is None or quote.owner is None:
        return
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=activity.key,
        users=[quote.owner],
        subject=quote,
        data=activity.data,
        url=reverse("quotes:quote_detail", args=[quote.pk]),
        activity_id=activity.pk,
    )
