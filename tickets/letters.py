"""One letter, one way: by mail where an address is known, else by text message, else a colleague calls.

Called inside the verbs' transactions by `mailing`, which knows what to say and to whom it may be said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from crm.core import clock
from crm.core.actor import Actor
from crm.core.phones import masked_phone
from crm.messaging.actions import queue_mail, queue_sms
from crm.messaging.choices import SmsState
from crm.messaging.models import Message, OutgoingMail, OutgoingSms
from crm.messaging.selectors import can_text, last_message_id
from customers.recognising.identities import masked_email

from .calling import call_instead
from .models import Ticket


class Way(StrEnum):
    """How words reach a requester. NOWHERE: somebody without any address, who reads the ticket's page."""

    EMAIL = "email"
    SMS = "sms"
    CALL = "call"
    NOWHERE = "nowhere"


def way_to(ticket: Ticket) -> Way:
    """The way of the next letter. One query for a requester who left a number only, none for others."""
    if ticket.reply_email:
        return Way.EMAIL
    if not ticket.reply_phone:
        return Way.NOWHERE
    return Way.SMS if can_text(ticket.reply_phone) else Way.CALL


def masked_address(ticket: Ticket) -> str:
    """Where letters go, recognisable only for whoever knows it."""
    return masked_email(ticket.reply_email) if ticket.reply_email else masked_phone(ticket.reply_phone)


def link_travels(ticket: Ticket) -> bool:
    """Whether the tracking link went, or will go, to an address, so that opening it proves the address.

    Otherwise the link shown after sending is the requester's only one.
    """
    way = way_to(ticket)
    if way is not Way.SMS:
        return way is Way.EMAIL
    last = OutgoingSms.objects.filter(conversation=ticket.conversation_id).order_by("-pk").only("state").first()
    return last is None or last.state not in {SmsState.FAILED, SmsState.HELD}


def post(
    *,
    actor: Actor,
    ticket: Ticket,
    key: str,
    values: Mapping[str, str],
    dedupe_key: str,
    way: Way,
    to_name: str = "",
    related: Message | None = None,
    must_arrive: bool = False,
) -> None:
    """Queues the letter of that template once for its dedupe_key.

    must_arrive: where no mail and no text message can go, a call task stands on the ticket instead. Templates
    without wording for a text message are mere courtesy and cost nobody anything.
    """
    if way is Way.EMAIL:
        previous = last_message_id(ticket.conversation)
        queue_mail(
            actor=actor, template_key=key, to_email=ticket.reply_email, to_name=to_name, language=ticket.language,
            values=values, brand=ticket.brand, related=related, conversation=ticket.conversation,
            dedupe_key=dedupe_key, in_reply_to=previous, references=previous,
        )  # fmt: skip
    elif way is Way.SMS:
        queue_sms(
            actor=actor, template_key=key, to_phone=ticket.reply_phone, language=ticket.language, values=values,
            brand=ticket.brand, related=related, conversation=ticket.conversation, dedupe_key=dedupe_key,
        )  # fmt: skip
    elif way is Way.CALL and must_arrive:
        words = values.get("message.text") or values.get("ticket.solution") or ""
        call_instead(ticket=ticket, reason=key.removeprefix("tickets."), key=dedupe_key, words=words)


def had_lately(ticket: Ticket, key: str, *, within: dt.timedelta) -> int:
    """How many letters of that template the ticket's address got in that time."""
    since = clock.now() - within
    if ticket.reply_email:
        mails = OutgoingMail.objects.filter(to_email=ticket.reply_email, template=key, created_at__gte=since)
        return int(mails.count())
    texts = OutgoingSms.objects.filter(to_phone=ticket.reply_phone, template=key, created_at__gte=since)
    return int(texts.count())
