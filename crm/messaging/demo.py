"""The demo company's mailbox: fed by `manage.py receivemail`, so that answers by mail can be tried at once."""

from __future__ import annotations

from typing import Any

from crm.core.models import Brand
from crm.core.sockets import DemoStep, demo

from .models import Mailbox


def make_mailbox(_context: Any) -> None:
    """A mailbox at the brand's sender address, unless one exists."""
    brand = Brand.default()
    if not Mailbox.objects.exists():
        Mailbox.objects.create(brand=brand, name="Support", address=brand.sender_email.lower())


demo.register(DemoStep("messaging.mailbox", "Support mailbox", make_mailbox, order=25))
