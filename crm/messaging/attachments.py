"""The raw bytes of an incoming mail are opened by whoever may decide on it."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import AttachmentOwner, attachment_owners

from .models import InboundMail


def visible(actor: Actor, object_id: int, _attachment: Any) -> bool:
    """Whether the actor may open the raw mail."""
    return InboundMail.objects.visible_to(actor).filter(pk=object_id).exists()


attachment_owners.register(AttachmentOwner("inbound_mail", visible))
