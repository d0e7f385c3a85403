"""Topics: what campaigns are about, and what people choose among."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.tokens import new_token
from crm.core.translated import Translated

from ..models import Topic

_EDITABLE = {"name", "order", "is_active"}


@action(permission="campaigns.manage")
def save_topic(*, actor: Actor, values: Mapping[str, Any], record: Topic | None = None) -> Topic:
    """Adds a topic or changes one; a topic that is switched off is no longer offered. Raises `Invalid`, `NotFound`."""
    if set(values) - _EDITABLE:
        raise Invalid
    if record is None:
        english = Translated(values.get("name") or {}).get("en", "")
        topic = Topic(key=slugify(english)[:40] or f"topic-{new_token()[:8].lower()}")
        if Topic.objects.filter(key=topic.key).exists():
            topic.key = f"{topic.key[:38]}-{new_token()[:8].lower()}"
    else:
        found = Topic.objects.visible_to(actor).lock().filter(pk=record.pk).first()
        if found is None:
            raise NotFound
        topic = found
    for name, value in values.items():
        setattr(topic, name, value)
    if not any(topic.name.values()):
        raise Invalid(fields={"name": _("Enter the text in at least one language")})
    topic.save()
    record_activity(actor=actor, type="campaigns.topic_saved", subject=topic, data={"name": dict(topic.name)})
    return topic
