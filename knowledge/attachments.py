"""The files of an article are opened by whoever reads the article; readers outside get the public ones."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import AttachmentOwner, attachment_owners

from .models import Article


def visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Whether the actor may open the file. What everybody may read is open to staff without the right, too."""
    if Article.objects.visible_to(actor).filter(pk=object_id).exists():
        return attachment.is_public or actor.is_staff or actor.is_system
    return attachment.is_public and Article.objects.public().filter(pk=object_id).exists()


attachment_owners.register(AttachmentOwner("article", visible))
