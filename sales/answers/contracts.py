"""Answers by mail to a contract or a payment reminder come back to the contract's timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.files.actions import attach_uploads
from crm.messaging.actions import add_message
from crm.messaging.choices import InboundReason
from crm.messaging.inbound.registry import InboundHandler, Incoming, Outcome
from crm.messaging.models import Conversation

from ..actions.contracts import tell
from ..models import Contract, Reminder


def _of(conversation: Conversation) -> Contract | None:
    rows = Contract.objects.select_related("customer", "contact", "opportunity", "quote")
    return rows.filter(conversation=conversation).first()


def _addresses(contract: Contract) -> set[str]:
    """Where the contract and its reminders went."""
    reminded = Reminder.objects.filter(instalment__contract=contract).values_list("sent_to", flat=True)
    return {address.lower() for address in (contract.sent_to, *reminded) if address}


def reply(incoming: Incoming, conversation: Conversation) -> Outcome | None:
    """Words of whoever was written to; anybody else's wait until a colleague lets them through."""
    contract = _of(conversation)
    if contract is None:
        return None
    if incoming.sender_email not in _addresses(contract) and not incoming.is_released:
        return Outcome(held_because=InboundReason.STRANGER)
    actor = Actor.contact(contract.contact_id or 0, incoming.sender_name or incoming.sender_email)
    message = add_message(
        actor=actor, conversation=conversation, direction="inbound", body=incoming.body, quoted=incoming.quoted,
        author_email=incoming.sender_email, message_id=incoming.header_id,
    )  # fmt: skip
    attach_uploads(
        actor=actor, form_key=incoming.form_key, tokens=list(incoming.uploads), kind="contract", object_id=contract.pk
    )
    tell(actor, "contracts.answered", contract, {"text": message.body})
    return Outcome(message=message)


def open_nothing(incoming: Incoming, settings: Mapping[str, Any]) -> Outcome:
    """A mail makes no contract: a person decides what it is."""
    return Outcome(held_because=InboundReason.NO_HANDLER)


def find(actor: Actor, text: str) -> Conversation | None:
    """The conversation of a contract that the actor may see, by its number."""
    label = text.strip().upper()
    if not label.startswith("HT-"):
        return None
    rows = Contract.objects.visible_to(actor).matching(label).select_related("conversation")
    return next((row.conversation for row in rows if row.label == label), None)


def name_of(conversation: Conversation) -> str:
    contract = _of(conversation)
    return contract.label if contract else ""


def url_of(conversation: Conversation) -> str:
    contract = _of(conversation)
    return reverse("contracts:contract_detail", args=[contract.pk]) if contract else ""


CONTRACT_ANSWERS = InboundHandler(
    key="contracts", label=_("A contract"), reply=reply, open=open_nothing, by_subject=lambda incoming: None, find=find,
    name_of=name_of, url_of=url_of, order=61,
)  # fmt: skip
