"""What an address is told: the deed, and the record as its owner would read it through the API at that moment."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.conditions.language import parse
from crm.core import clock
from crm.core.actor import Actor, ActorKind
from crm.core.errors import Invalid
from crm.core.sockets import kinds
from crm.ui.generic.cells import url_of

from ..models import Webhook, WebhookDelivery
from ..rest.registry import represent

TEST_TYPE = "webhook.test"


def owner_of(webhook: Webhook) -> Actor:
    """In whose rights the webhook is told; one who left sees nothing."""
    return actor_for(webhook.owner)


def subject_for(owner: Actor, activity: Activity) -> Any:
    """The record an activity is about, one in the recycle bin too, when the owner may see it; else None."""
    kind = kinds.by_code(activity.kind)
    if kind is None:
        return None
    model: Any = apps.get_model(kind.model)
    rows: Any = type(model._default_manager.all())(model)  # without the filter that hides deleted rows
    if not hasattr(rows, "visible_to"):
        return None
    return rows.visible_to(owner).filter(pk=activity.object_id).first()


def is_wanted(webhook: Webhook, activity: Activity) -> bool:
    """Whether the webhook is told of the activity: its owner may read it, and its condition holds."""
    owner, declared = owner_of(webhook), activity.declared
    if declared is None or (declared.permission and not owner.can(declared.permission)):
        return False
    subject = subject_for(owner, activity)
    if subject is None:
        return False
    return activity.kind_key != webhook.condition_on or not webhook.condition or _holds(webhook, owner, subject)


def _holds(webhook: Webhook, owner: Actor, subject: Any) -> bool:
    """A condition that means nothing any more lets everything pass: a receiver can drop what it need not have."""
    try:
        condition = parse(webhook.condition, webhook.condition_on, owner, stored=True)
    except Invalid:
        return True
    return condition.filter(type(subject)._base_manager.filter(pk=subject.pk)).exists()


def body_of(delivery: WebhookDelivery) -> str:
    """The JSON text of a delivery; "" when its owner may no longer read what it tells."""
    if delivery.activity_id is None:
        told = {"id": delivery.event_id, "type": TEST_TYPE, "at": _moment(clock.now()), "data": {"text": "Hello"}}
        return _json({**told, "actor": None, "subject": None, "object": None})
    activity = Activity.objects.filter(pk=delivery.activity_id).first()
    owner = owner_of(delivery.webhook)
    subject = subject_for(owner, activity) if activity is not None else None
    if activity is None or subject is None:
        return ""
    with translation.override(delivery.webhook.owner.language):
        shown = represent(owner, activity.kind_key, subject)
    return _json({**envelope(activity), "subject": _subject(activity, subject), "object": shown})


def envelope(activity: Activity) -> dict[str, Any]:
    """The deed itself."""
    data = {name: value for name, value in activity.data.items() if name not in {"v", "quiet"}}
    kind = ActorKind(activity.actor_kind)
    return {
        "id": f"evt_{activity.pk}",
        "type": activity.key,
        "at": _moment(activity.at),
        "actor": {"kind": kind.name.lower(), "id": activity.actor_id, "name": activity.actor_label},
        "data": data,
    }


def _subject(activity: Activity, subject: Any) -> dict[str, Any]:
    found = {"kind": activity.kind_key, "id": activity.object_id, "page": url_of(subject)}
    if hasattr(subject, "number"):
        found["number"] = subject.number
    return found


def _moment(at: Any) -> str:
    return str(at.isoformat()).replace("+00:00", "Z")


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
