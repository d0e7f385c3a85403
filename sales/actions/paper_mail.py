"""A paper of a sale on its way to the customer: a message of the record's conversation, a mail, the PDF on both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_text
from crm.files.actions import attach_file
from crm.messaging.actions import add_message, open_conversation, queue_mail
from crm.messaging.models import Conversation, Message


def conversation_of(actor: Actor, record: Any) -> Conversation:
    """The conversation of a locked record, opened when the first thing is said; the caller stores the record."""
    if record.conversation is None:
        record.conversation = open_conversation(
            actor=actor, brand=record.brand, subject=record.name, channel="email", language=record.language
        )
    found: Conversation = record.conversation
    return found


def mail_paper(
    actor: Actor, record: Any, *, template: str, text: str, to_email: str, to_name: str, pdf: bytes,
    values: Mapping[str, str],
) -> Message:  # fmt: skip
    """Says the words in the record's conversation and mails them with the PDF, which stays with the record too.

    Raises `Invalid` for empty words or an address that is none.
    """
    if not clean_text(text):
        raise Invalid(fields={"text": _("Write a few words to the customer")})
    conversation = conversation_of(actor, record)
    message = add_message(
        actor=actor, conversation=conversation, direction="outbound", body=text, language=record.language
    )
    name = f"{record.label}.pdf"
    attach_file(
        actor=actor, kind=kind_of(record).key, object_id=record.pk, name=name, file=ContentFile(pdf, name)
    )  # fmt: skip
    mail = queue_mail(
        actor=actor, template_key=template, to_email=to_email, to_name=to_name, language=record.language,
        values=values, brand=record.brand, related=message, conversation=conversation,
    )  # fmt: skip
    if mail is not None:
        attach_file(actor=actor, kind="outgoing_mail", object_id=mail.pk, name=name, file=ContentFile(pdf, name))
    return message
