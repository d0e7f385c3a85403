"""Where the answer that an agent is typing will go, said before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from crm.core.actor import Actor
from crm.core.phones import shown_phone
from crm.messaging.rendering import RenderedSms, render_sms

from .letters import Way, masked_address, way_to
from .mailing import ticket_values
from .models import Ticket


@dataclass(frozen=True, slots=True)
class Destination:
    """The way of the answer and its address, masked for those who may not see it.

    For a text message: parts of what is typed so far, whether it would be cut, and frame, the words around it, by
    which a page counts on while somebody types. has_words: whether administrators left any wording for it.
    """

    way: Way
    address: str
    parts: int = 0
    is_cut: bool = False
    frame: str = ""
    max_parts: int = 0
    has_words: bool = True

    @property
    def addresses(self) -> list[str]:
        """For the composer's line "To"; nothing where nothing is sent."""
        return [self.address] if self.way is Way.EMAIL else []


def destination_of(viewer: Actor, ticket: Ticket, typed: str = "") -> Destination:
    """Where a public reply of those words goes. A few queries for a phone number, none for an email address."""
    way = way_to(ticket)
    address = (ticket.reply_email or shown_phone(ticket.reply_phone)) if way is not Way.NOWHERE else ""
    if address and not viewer.can("customers.reveal"):
        address = masked_address(ticket)
    if way is not Way.SMS:
        return Destination(way, address)
    values = ticket_values(ticket)
    now = _rendered(ticket, {**values, "message.text": typed})
    frame = _rendered(ticket, {**values, "message.text": ""})
    if now is None or frame is None:
        return Destination(way, address, has_words=False)
    return Destination(way, address, now.parts.count, now.shortened, frame.text, settings.SMS_MAX_PARTS)


def _rendered(ticket: Ticket, values: dict[str, str]) -> RenderedSms | None:
    return render_sms("tickets.reply", brand=ticket.brand, language=ticket.language, values=values)
