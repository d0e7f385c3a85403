"""Placeholders of canned replies, and the text they make for a ticket. A table look-up, as in mails."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.messaging.rendering import check_known, fill

from .mailing import ticket_values
from .models import CannedReply, Ticket

PLACEHOLDERS = {
    "contact.name": _("Name of the requester"),
    "agent.name": _("Your name"),
    "ticket.number": _("Ticket number"),
    "ticket.subject": _("Subject"),
    "ticket.status": _("Status in the customer's words"),
    "ticket.link": _("Link to follow the ticket"),
    "team.name": _("Team"),
    "brand.name": _("Company"),
    "brand.phone": _("Phone number of the company"),
}


def check_texts(texts: Mapping[str, str]) -> None:
    """Raises `ValidationError` naming placeholders that canned replies do not have."""
    for text in texts.values():
        check_known(PLACEHOLDERS, text)


def in_words(reply: CannedReply) -> str:
    """The reply in the reader's language, with what is filled in for a ticket named in angle brackets."""
    return fill(str(reply.body), {key: f"‹{label}›" for key, label in PLACEHOLDERS.items()})


def text_for(reply: CannedReply, ticket: Ticket, actor: Actor) -> str:
    """The reply in the ticket's language, filled for the ticket and for who writes."""
    brand = ticket.brand
    table = {
        **ticket_values(ticket),
        "agent.name": actor.label,
        "brand.name": brand.name.in_language(ticket.language),
        "brand.phone": brand.phone,
    }
    return fill(reply.body.in_language(ticket.language), table)
