"""Files on messages of tickets are opened by whoever may open the ticket; internal ones by staff only."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import AttachmentOwner, attachment_owners

from .models import Ticket


def visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Whether the actor may open a file of that message."""
    tickets = Ticket.objects.visible_to(actor).filter(conversation__messages__pk=object_id)
    return (actor.is_staff or attachment.visibility == "public") and tickets.exists()


attachment_owners.register(AttachmentOwner("message", visible))
