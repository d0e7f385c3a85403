"""Answers by mail to a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.messaging.choices import InboundReason
from crm.messaging.inbound.registry import InboundHandler, Incoming, Outcome, inbound_handlers
from crm.messaging.models import Conversation
from customers.choices import IdentityKind
from customers.models import Identity
from tickets.selectors import public_request_types

from .actions.answers import take_answer
from .models import Campaign, Recipient

_ACTOR = Actor.system("incoming mail")


def reply(incoming: Incoming, conversation: Conversation) -> Outcome | None:
    """Words of somebody who got the campaign, by any of their addresses; anybody else's wait for a colleague."""
    campaign = Campaign.objects.filter(conversation=conversation).first()
    if campaign is None:
        return None
    mine = Identity.objects.filter(kind=IdentityKind.EMAIL, value=incoming.sender_email).values("contact")
    people = campaign.recipients.chosen().filter(Q(address=incoming.sender_email) | Q(contact__in=mine))
    recipient: Recipient | None = people.order_by("pk").first()
    if recipient is None:
        return Outcome(held_because=InboundReason.STRANGER)
    message = take_answer(
        actor=_ACTOR, recipient=recipient, incoming=incoming,
        request_type=next(iter(public_request_types()), None),
    )  # fmt: skip
    return Outcome(message=message) if message is not None else Outcome(held_because=InboundReason.NO_HANDLER)


def open_nothing(incoming: Incoming, settings: Mapping[str, Any]) -> Outcome:
    """A mail makes no campaign: a person decides what it is."""
    return Outcome(held_because=InboundReason.NO_HANDLER)


def find(actor: Actor, text: str) -> Conversation | None:
    """The conversation of a campaign that the actor may see, by its code."""
    code = text.strip().lower()
    if not code.startswith("c-"):
        return None
    row = Campaign.objects.visible_to(actor).matching(code).select_related("conversation").first()
    return row.conversation if row is not None and row.code == code else None


def name_of(conversation: Conversation) -> str:
    campaign = Campaign.objects.filter(conversation=conversation).first()
    return campaign.name if campaign else ""


def url_of(conversation: Conversation) -> str:
    campaign = Campaign.objects.filter(conversation=conversation).first()
    return reverse("marketing:campaign_detail", args=[campaign.pk]) if campaign else ""


inbound_handlers.register(
    InboundHandler(
        key="campaigns", label=_("A campaign"), reply=reply, open=open_nothing, by_subject=lambda incoming: None,
        find=find, name_of=name_of, url_of=url_of, order=70,
    )
)  # fmt: skip
