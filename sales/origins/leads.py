"""What a lead takes over from the ticket it is made from."""

from __future__ import annotations

from typing import Any

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.text import excerpt
from customers.choices import CustomerKind, InteractionKind
from customers.models import Contact
from customers.selectors import email_of, phone_of

from ..choices.leads import LeadSource

#: Kinds of record that a lead is made from in one click → where the lead then came from.
SOURCES = {"ticket": LeadSource.TICKET, "interaction": LeadSource.STAFF}


def source_of(origin: Any) -> LeadSource:
    """Where a lead made from the record came from; a call is a call."""
    if getattr(origin, "kind", "") == InteractionKind.CALL:
        return LeadSource.PHONE
    return SOURCES[kind_of(origin).key]


def initial_from(actor: Actor, origin: Any) -> dict[str, Any]:
    """First values of the form from a record with a `contact` and a `subject`; addresses for who may see them."""
    values: dict[str, Any] = {
        "origin": f"{kind_of(origin).key}-{origin.pk}",
        "source": source_of(origin),
        "message": excerpt(str(getattr(origin, "subject", "") or origin), 300),
    }
    contact: Contact | None = getattr(origin, "contact", None)
    if contact is None:
        return values
    customer = contact.customer
    values |= {"name": contact.name, "job_title": contact.job_title, "language": contact.language}
    values["company"] = customer.name if customer.kind == CustomerKind.COMPANY else ""
    if actor.can("customers.reveal"):
        mail, phone = email_of(contact), phone_of(contact)
        values |= {"email": mail.value if mail else "", "phone": phone.value if phone else ""}
    return values
