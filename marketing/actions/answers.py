"""What is made of somebody's answer by mail: a lead for sales, or a ticket for the service desk."""

from __future__ import annotations

from typing import Any

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.text import excerpt
from crm.messaging.actions import add_message
from crm.messaging.inbound.registry import Incoming
from crm.messaging.models import Message
from customers.actions import link_records
from customers.choices import CustomerKind
from sales.actions import create_lead, log_lead_talk
from sales.choices.leads import LeadSource, TalkKind, TalkOutcome
from sales.models import Lead
from sales.selectors.leads import same_leads
from tickets.actions import submit_by_mail
from tickets.models import RequestType

from ..choices.campaigns import AnswersBecome, ResponseKind
from ..following import changed
from ..models import Recipient
from .campaigns import tell
from .responses import touch


@action()
def take_answer(
    *, actor: Actor, recipient: Recipient, incoming: Incoming, request_type: RequestType | None
) -> Message | None:
    """The words become a lead of the customer's owner, or a ticket, as the campaign says; the two are joined.

    A second answer goes on the lead of the first while that is open. Returns the message; None where a ticket is
    wanted and there is no request type.
    """
    row = Recipient.objects.lock().select_related("campaign__conversation", "contact__customer__owner").get(
        pk=recipient.pk
    )  # fmt: skip
    made: Any
    message: Message | None
    if row.campaign.answers_become == AnswersBecome.TICKET:
        if request_type is None:
            return None
        made = submit_by_mail(actor=actor, request_type=request_type, incoming=incoming)
        message = Message.objects.filter(conversation=made.conversation_id).order_by("pk").first()
    else:
        made = _lead(actor, row, incoming)
        message = add_message(
            actor=Actor.contact(row.contact_id, row.contact.name), conversation=row.campaign.conversation,
            direction="inbound", body=incoming.body, quoted=incoming.quoted, author_email=incoming.sender_email,
            message_id=incoming.header_id,
        )  # fmt: skip
    link_records(actor=actor, customer=row.contact.customer, source=row.campaign, target=made)
    row.answered_at = row.answered_at or clock.now()
    row.save(update_fields=["answered_at"])
    touch(row, ResponseKind.ANSWER, campaign_id=row.campaign_id, customer_id=row.customer_id,
          contact_id=row.contact_id)  # fmt: skip
    changed([row.customer_id])
    tell(
        Actor.contact(row.contact_id, row.contact.name), "campaigns.answered", row.campaign,
        anchors=[row.contact.customer, row.contact, made], text=excerpt(incoming.body, 280),
    )  # fmt: skip
    return message


def _lead(actor: Actor, row: Recipient, incoming: Incoming) -> Lead:
    """The open lead of an earlier answer, else a new one for whoever looks after the customer."""
    contact, customer = row.contact, row.contact.customer
    known = same_leads(email=row.address).filter(origin_id=row.campaign_id).order_by("pk").first()
    if known is not None:
        log_lead_talk(actor=actor, lead=known, kind=TalkKind.EMAIL, text=incoming.body, outcome=TalkOutcome.REACHED)
        return known
    values: dict[str, Any] = {
        "name": contact.name, "job_title": contact.job_title, "email": row.address, "language": row.language,
        "company": customer.name if customer.kind == CustomerKind.COMPANY else "", "source": LeadSource.CAMPAIGN,
        "campaign": row.campaign.name[:120], "message": incoming.body[:10_000],
    }  # fmt: skip
    if customer.owner is not None and customer.owner.is_active:
        values["owner"] = customer.owner
    return create_lead(actor=actor, values=values, origin=row.campaign)
