"""Mail for tickets: an answer of somebody who takes part goes on its ticket, other mail makes a new one.

Nobody acts as staff by mail: a colleague's answer, like a stranger's, is held until somebody decides on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.messaging.choices import Direction, InboundReason
from crm.messaging.inbound.registry import InboundHandler, Incoming, Outcome, inbound_handlers
from crm.messaging.models import Conversation, Message
from customers.choices import IdentityKind
from customers.exceptions import BadEmail
from customers.models import Identity

from .actions import customer_reply, submit_by_mail, verify_requester
from .models import RequestType, Ticket
from .selectors import public_request_types

_NUMBER_IN_SUBJECT = re.compile(r"#(\d{1,15})(?!\d)")
_NUMBER = re.compile(r"\s*#?(\d{1,15})\s*")
_ACTOR = Actor.system("incoming mail")


def reply(incoming: Incoming, conversation: Conversation) -> Outcome | None:
    """The sender's words on the ticket, when they take part in it or a colleague let the mail through."""
    ticket = Ticket.all_objects.select_related("contact").filter(conversation=conversation).first()
    if ticket is None or ticket.parent_id is not None:
        return None
    if ticket.deleted_at is not None:
        return Outcome(held_because=InboundReason.GONE)
    if not incoming.is_released and not takes_part(incoming.sender_email, ticket):
        is_staff = User.objects.filter(email__iexact=incoming.sender_email, is_active=True).exists()
        return Outcome(held_because=InboundReason.STAFF if is_staff else InboundReason.STRANGER)
    is_requester = incoming.sender_email == ticket.reply_email
    actor = Actor.contact(ticket.contact_id, ticket.contact.name if is_requester else incoming.sender_name)
    message = customer_reply(
        actor=actor, ticket=ticket, body=incoming.body, form_key=incoming.form_key, uploads=incoming.uploads,
        incoming=incoming,
    )  # fmt: skip
    if is_requester and incoming.by_token:  # only who got our mail there knows the signature
        verify_requester(actor=actor, ticket=ticket, by_reply=True)
    return Outcome(message=message)


def open_ticket(incoming: Incoming, settings: Mapping[str, Any]) -> Outcome:
    """A new ticket of the mailbox's request type, else of the first one that customers may choose."""
    asked = RequestType.objects.filter(key=settings.get("request_type", ""), is_active=True).first()
    asked = asked or next(iter(public_request_types()), None)
    if asked is None:
        return Outcome(held_because=InboundReason.NO_HANDLER)
    try:
        ticket = submit_by_mail(actor=_ACTOR, request_type=asked, incoming=incoming)
    except BadEmail:
        return Outcome(held_because=InboundReason.NO_SENDER)
    return Outcome(message=Message.objects.filter(conversation=ticket.conversation_id).order_by("pk").first())


def by_subject(incoming: Incoming) -> Conversation | None:
    """The ticket of the number in the subject, only when the sender takes part in it: numbers can be guessed."""
    numbers = [int(found) for found in _NUMBER_IN_SUBJECT.findall(incoming.subject)[:5]]
    found = Ticket.objects.whole().filter(number__in=numbers, brand=incoming.brand)
    for ticket in found.select_related("conversation"):
        if takes_part(incoming.sender_email, ticket):
            return ticket.conversation
    return None


def takes_part(email: str, ticket: Ticket) -> bool:
    """The requester under any of their addresses, and whoever's mail a colleague has put on the ticket before."""
    if not email:
        return False
    if email == ticket.reply_email:
        return True
    theirs = Identity.objects.filter(contact_id=ticket.contact_id, kind=IdentityKind.EMAIL, value=email)
    wrote = Message.objects.filter(conversation=ticket.conversation_id, direction=Direction.INBOUND, author_email=email)
    return theirs.exists() or wrote.exists()


def find(actor: Actor, text: str) -> Conversation | None:
    """The conversation of a ticket that the actor may see, by its number."""
    match = _NUMBER.fullmatch(text)
    ticket = Ticket.objects.visible_to(actor).whole().filter(number=int(match[1])).first() if match else None
    return ticket.conversation if ticket is not None else None


def name_of(conversation: Conversation) -> str:
    """The ticket's number as people write it, "" for a conversation of another app."""
    ticket = Ticket.objects.filter(conversation=conversation).first()
    return ticket.label if ticket is not None else ""


def url_of(conversation: Conversation) -> str:
    """The ticket's page."""
    ticket = Ticket.objects.filter(conversation=conversation).first()
    return reverse("tickets:ticket_detail", args=[ticket.number]) if ticket is not None else ""


def settings_fields() -> dict[str, forms.Field]:
    """What a mailbox asks about tickets."""
    types = RequestType.objects.filter(is_active=True)
    return {
        "request_type": forms.ChoiceField(
            label=_("Request type of new tickets"),
            choices=[("", _("The first that customers may choose")), *((row.key, str(row)) for row in types)],
            required=False,
        )
    }


inbound_handlers.register(
    InboundHandler(
        key="tickets",
        label=_("A ticket"),
        reply=reply,
        open=open_ticket,
        by_subject=by_subject,
        find=find,
        name_of=name_of,
        url_of=url_of,
        settings_fields=settings_fields,
    )
)
