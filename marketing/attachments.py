"""Pictures of a campaign are seen by everybody who gets it, those of a landing page by its visitors."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import AttachmentOwner, attachment_owners

from .models import Campaign, LandingPage


def visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Whether the actor may open the file: public ones are in mails."""
    return attachment.is_public or Campaign.objects.visible_to(actor).filter(pk=object_id).exists()


attachment_owners.register(AttachmentOwner("campaign", visible))


def on_a_page(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Whether the actor may open the file of a landing page: what is published, everybody."""
    if attachment.is_public and LandingPage.objects.public().filter(pk=object_id).exists():
        return True
    return bool(LandingPage.objects.visible_to(actor).filter(pk=object_id).exists())


attachment_owners.register(AttachmentOwner("landing_page", on_a_page))
