"""Who may open the files of quotes, contracts and payments."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import AttachmentOwner, attachment_owners

from .models import Contract, Payment, Quote


def file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Files of a quote are opened by whoever may open it, internal ones by staff alone."""
    return _is_for(actor, attachment) and Quote.objects.visible_to(actor).filter(pk=object_id).exists()


def contract_file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Files of a contract are opened by whoever may open it, internal ones by staff alone."""
    return _is_for(actor, attachment) and Contract.objects.visible_to(actor).filter(pk=object_id).exists()


def _is_for(actor: Actor, attachment: Any) -> bool:
    return bool(attachment.is_public) or actor.is_staff or actor.is_system


def payment_file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """Papers of a payment are opened by staff who may see it, and by no customer."""
    return actor.is_staff and Payment.objects.visible_to(actor).filter(pk=object_id).exists()


def mail_file_visible(actor: Actor, object_id: int, attachment: Any) -> bool:
    """What a mail carried is opened by whoever may look at outgoing mail."""
    return actor.can("messaging.manage_mail")


attachment_owners.register(
    AttachmentOwner("quote", file_visible),
    AttachmentOwner("contract", contract_file_visible),
    AttachmentOwner("payment", payment_file_visible),
    AttachmentOwner("outgoing_mail", mail_file_visible),
)
