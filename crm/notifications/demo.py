"""A phone that the demo's administrator turned messages on for; its push service does not exist."""

from __future__ import annotations

import datetime as dt
import hashlib

from crm.accounts.models import User
from crm.core.demo import DemoContext
from crm.core.sockets import DemoStep, demo

from .models import PushSubscription

_ENDPOINT = "https://push.demo.invalid/send/administrators-phone"
#: A point of the curve and a secret as a browser makes them; nobody holds what belongs to them.
_P256DH = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
_AUTH = "tBHItJI5svbpez7KI4CCXg"


def make_device(context: DemoContext) -> None:
    """Turned on a month ago; the last message did not go."""
    admin = User.objects.active().filter(roles__is_administrator=True).order_by("pk").first()
    if admin is not None:
        PushSubscription.objects.create(
            user=admin, endpoint=_ENDPOINT, endpoint_hash=hashlib.sha256(_ENDPOINT.encode()).hexdigest(),
            p256dh=_P256DH, auth=_AUTH, device="Chrome · Android",
            created_at=context.now - dt.timedelta(days=30), last_sent_at=context.now - dt.timedelta(days=1),
        )  # fmt: skip


demo.register(DemoStep("notifications.device", "A phone for messages", make_device, order=28))
