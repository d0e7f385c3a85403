"""Answers by mail to a quote, a contract or a payment reminder come back to the record's timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.files.actions import attach_uploads
from crm.messaging.actions import add_message
from crm.messaging.choices import InboundReason
from crm.messaging.inbound.registry import InboundHandler, Incoming, Outcome, inbound_handlers
from crm.messaging.models import Conversation

from .actions import contracts, quotes
from .models import Contract, Quote, Reminder


def open_nothing(incoming: Incoming, settings: Mapping[str, Any]) -> Outcome:
    """A mail makes no quote and no contract: a person decides what it is."""
    return Outcome(held_because=InboundReason.NO_HANDLER)


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of record that customers are sent and answer by mail.

    kind: key of the `Kind`. module: first half of its activity types. prefix: of its numbers, as in "Q-2026-0007".
    of(conversation): the record of a conversation; addresses(record): where it was sent, in small letters.
    """

    kind: str
    module: str
    model: Any
    label: Any
    prefix: str
    url_name: str
    of: Callable[[Conversation], Any]
    addresses: Callable[[Any], set[str]]
    tell: Callable[[Actor, str, Any, dict[str, Any]], Any]
    order: int

    def reply(self, incoming: Incoming, conversation: Conversation) -> Outcome | None:
        """Words of whoever was written to; anybody else's wait until a colleague lets them through."""
        record = self.of(conversation)
        if record is None:
            return None
        if incoming.sender_email not in self.addresses(record) and not incoming.is_released:
            return Outcome(held_because=InboundReason.STRANGER)
        actor = Actor.contact(record.contact_id or 0, incoming.sender_name or incoming.sender_email)
        message = add_message(
            actor=actor, conversation=conversation, direction="inbound", body=incoming.body, quoted=incoming.quoted,
            author_email=incoming.sender_email, message_id=incoming.header_id,
        )  # fmt: skip
        attach_uploads(
            actor=actor, form_key=incoming.form_key, tokens=list(incoming.uploads), kind=self.kind,
            object_id=record.pk,
        )  # fmt: skip
        self.tell(actor, f"{self.module}.answered", record, {"text": message.body})
        return Outcome(message=message)

    def find(self, actor: Actor, text: str) -> Conversation | None:
        """The conversation of a record that the actor may see, by its number."""
        label = text.strip().upper()
        if not label.startswith(self.prefix):
            return None
        rows = self.model.objects.visible_to(actor).matching(label).select_related("conversation")
        return next((row.conversation for row in rows if row.label == label), None)

    def name_of(self, conversation: Conversation) -> str:
        record = self.of(conversation)
        return record.label if record else ""

    def url_of(self, conversation: Conversation) -> str:
        record = self.of(conversation)
        return reverse(self.url_name, args=[record.pk]) if record else ""

    def handler(self) -> InboundHandler:
        """The declaration."""
        return InboundHandler(
            key=self.module, label=self.label, reply=self.reply, open=open_nothing,
            by_subject=lambda incoming: None, find=self.find, name_of=self.name_of, url_of=self.url_of,
            order=self.order,
        )  # fmt: skip


def quote_of(conversation: Conversation) -> Quote | None:
    """The latest version in that conversation."""
    rows = Quote.objects.select_related("customer", "contact", "opportunity")
    return rows.filter(conversation=conversation).order_by("-version", "-pk").first()


def contract_of(conversation: Conversation) -> Contract | None:
    """The contract that is spoken of there."""
    rows = Contract.objects.select_related("customer", "contact", "opportunity", "quote")
    return rows.filter(conversation=conversation).first()


def contract_addresses(contract: Contract) -> set[str]:
    """Where the contract and its reminders went."""
    reminded = Reminder.objects.filter(instalment__contract=contract).values_list("sent_to", flat=True)
    return {address.lower() for address in (contract.sent_to, *reminded) if address}


PAPERS = (
    Paper(
        "quote", "quotes", Quote, _("A quote"), "Q-", "quotes:quote_detail", quote_of,
        lambda quote: {quote.sent_to.lower()}, quotes.tell, 60,
    ),
    Paper(
        "contract", "contracts", Contract, _("A contract"), "HT-", "contracts:contract_detail", contract_of,
        contract_addresses, contracts.tell, 61,
    ),
)  # fmt: skip

inbound_handlers.register(*(paper.handler() for paper in PAPERS))
