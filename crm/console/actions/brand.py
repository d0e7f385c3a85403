"""The brand's settings."""

from __future__ import annotations

from typing import Any

from crm.activity.recording import record as record_activity
from crm.core import switches
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.history import audited
from crm.core.models import Brand

FIELDS = ("name", "host", "sender_name", "sender_email", "phone", "language", "languages", "timezone", "currency")


@action(permission="console.manage_brand")
def update_brand(*, actor: Actor, record: Brand, values: dict[str, Any]) -> Brand:
    """Changes what is named in `values`: any of `FIELDS`."""
    brand: Brand = Brand.objects.lock().get(pk=record.pk)
    with audited(actor) as context:
        for name in FIELDS:
            if name in values:
                setattr(brand, name, values[name])
        brand.save()
    switches.look_on_commit()
    data = {"name": dict(brand.name), "change": str(context.id)}
    record_activity(actor=actor, type="console.brand_updated", subject=brand, data=data)
    return brand
