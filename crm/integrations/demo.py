"""An example of what can be set up: a token whose secret nobody knows, and a webhook with what it was told before
somebody switched it off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import clock
from crm.core.sockets import DemoStep, activity_types, demo

from .actions import create_webhook, make_token
from .choices import DeliveryState
from .models import Webhook, WebhookDelivery
from .webhooks.payload import TEST_TYPE

NAME = "Shop (example)"
_EVENTS = ("customers.created", "orders.placed", "orders.shipped", "tickets.submitted", "tickets.resolved")


def build(context: Any) -> None:
    """Needs the demo's administrator; without one there is nobody whose rights a webhook could have."""
    owner = User.objects.active().filter(roles__is_administrator=True).order_by("pk").first()
    if owner is None or Webhook.objects.filter(name=NAME).exists():
        return
    actor = actor_for(owner)
    make_token(actor=actor, name=NAME)
    types = [key for key in _EVENTS if key in activity_types]
    values = {"name": NAME, "url": "https://shop.example.com/crm-events", "types": types, "is_active": False}
    webhook = create_webhook(actor=actor, values=values).webhook
    now = clock.now()
    told = ((50, DeliveryState.DELIVERED, 200, "ok"), (49, DeliveryState.DEAD, 503, "busy"))
    for hours, state, status, answer in told:
        at = now - dt.timedelta(hours=hours)
        WebhookDelivery.objects.create(
            webhook=webhook, type=TEST_TYPE, state=state, attempts=1 if status == 200 else 9, status=status,
            answer=answer, duration_ms=84, created_at=at, next_at=None, delivered_at=at if status == 200 else None,
            log=[{"at": at.isoformat(), "status": status, "ms": 84, "error": ""}],
        )  # fmt: skip


demo.register(DemoStep("integrations.examples", "Webhook", build, order=27))
