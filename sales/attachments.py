"""Who may open the files of quotes."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import AttachmentOwner, attachment_owners

from .models import Quote


def file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Files of a quote are opened by whoever may open it."""
    return Quote.objects.visible_to(actor).filter(pk=object_id).exists()


def mail_file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """What a mail carried is opened by whoever may look at outgoing mail."""
    return actor.can("messaging.manage_mail")


attachment_owners.register(AttachmentOwner("quote", file_visible), AttachmentOwner("outgoing_mail", mail_file_visible))
