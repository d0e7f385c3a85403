"""Webhooks hear of every type of activity; who leaves takes their keys with them. Safe to run twice."""

from __future__ import annotations

from collections.abc import Sequence

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.sockets import Subscriber, activity_types, subscribers

from .actions import note_event, pause_webhook, revoke_tokens_of
from .actions.deliveries import SUBSCRIBER
from .choices import PauseReason
from .models import Webhook

_ACTOR = Actor.system("integrations")


def tell_webhooks(activity: Activity) -> None:
    """A delivery for each webhook that is to be told."""
    note_event(actor=_ACTOR, activity=activity)


def tell_webhooks_of_many(activities: Sequence[Activity]) -> None:
    """The same for many; nobody looks at deeds that no webhook listens to."""
    heard = {key for key in {activity.key for activity in activities} if Webhook.objects.listening_to(key).exists()}
    for activity in activities:
        if activity.key in heard:
            note_event(actor=_ACTOR, activity=activity)


def end_keys(activity: Activity) -> None:
    """Tokens of somebody who was suspended end for good, and their webhooks are switched off."""
    user = User.objects.filter(pk=activity.object_id, is_active=False).first()
    if user is None:
        return
    revoke_tokens_of(actor=_ACTOR, user=user)
    for webhook in Webhook.objects.filter(owner=user, is_active=True):
        pause_webhook(actor=_ACTOR, record=webhook, reason=PauseReason.OWNER_LEFT)


subscribers.register(
    Subscriber(
        SUBSCRIBER, tuple(entry.key for entry in activity_types.everything()), tell_webhooks, order=80,
        run_many=tell_webhooks_of_many,
    ),
    Subscriber("integrations.end_keys", ("console.user_suspended",), end_keys, order=20),
)  # fmt: skip
