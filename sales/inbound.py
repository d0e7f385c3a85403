"""Answers by mail to a quote or a contract come back to its timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.files.actions import attach_uploads
from crm.messaging.actions import add_message
from crm.messaging.choices import InboundReason
from crm.messaging.inbound.registry import InboundHandler, Incoming, Outcome, inbound_handlers
from crm.messaging.models import Conversation

from .actions.quotes import tell
from .answers.contracts import CONTRACT_ANSWERS
from .models import Quote


def _of(conversation: Conversation) -> Quote | None:
    """The latest version in that conversation."""
    rows = Quote.objects.select_related("customer", "contact", "opportunity")
    return rows.filter(conversation=conversation).order_by("-version", "-pk").first()


def reply(incoming: Incoming, conversation: Conversation) -> Outcome | None:
    """Words of whoever got the quote; anybody else's wait until a colleague lets them through."""
    quote = _of(conversation)
    if quote is None:
        return None
    known = incoming.sender_email == quote.sent_to.lower()
    if not known and not incoming.is_released:
        return Outcome(held_because=InboundReason.STRANGER)
    actor = Actor.contact(quote.contact_id or 0, incoming.sender_name or incoming.sender_email)
    message = add_message(
        actor=actor, conversation=conversation, direction="inbound", body=incoming.body, quoted=incoming.quoted,
        author_email=incoming.sender_email, message_id=incoming.header_id,
    )  # fmt: skip
    attach_uploads(
        actor=actor, form_key=incoming.form_key, tokens=list(incoming.uploads), kind="quote", object_id=quote.pk
    )
    tell(actor, "quotes.answered", quote, {"text": message.body})
    return Outcome(message=message)


def open_nothing(incoming: Incoming, settings: Mapping[str, Any]) -> Outcome:
    """A mail makes no quote: a person decides what it is."""
    return Outcome(held_because=InboundReason.NO_HANDLER)


def find(actor: Actor, text: str) -> Conversation | None:
    """The conversation of a quote that the actor may see, by its number."""
    label = text.strip().upper()
    if not label.startswith("Q-"):
        return None
    rows = Quote.objects.visible_to(actor).matching(label).select_related("conversation")
    return next((row.conversation for row in rows if row.label == label), None)


def name_of(conversation: Conversation) -> str:
    quote = _of(conversation)
    return quote.label if quote else ""


def url_of(conversation: Conversation) -> str:
    quote = _of(conversation)
    return reverse("quotes:quote_detail", args=[quote.pk]) if quote else ""


inbound_handlers.register(
    CONTRACT_ANSWERS,
    InboundHandler(
        key="quotes", label=_("A quote"), reply=reply, open=open_nothing, by_subject=lambda incoming: None, find=find,
        name_of=name_of, url_of=url_of, order=60,
    ),
)  # fmt: skip
