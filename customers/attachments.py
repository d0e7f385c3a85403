"""Who may open the files of customers."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import AttachmentOwner, attachment_owners

from .models import Interaction


def talk_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Photos of a visit are opened by staff who may see the customer, and by no customer."""
    return actor.is_staff and Interaction.objects.visible_to(actor).filter(pk=object_id).exists()


attachment_owners.register(AttachmentOwner("interaction", talk_visible))
