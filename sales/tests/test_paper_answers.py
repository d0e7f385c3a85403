"""Answers by mail to a contract, its reminders and a quote come back to the record, through the mailbox's pipeline."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from typing import Any

import pytest

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.sockets import activity_types
from crm.files.models import Attachment
from crm.messaging.actions.inbound import decide_mail
from crm.messaging.choices import Decision
from crm.messaging.inbound.handling import handle
from crm.messaging.inbound.raw import receive
from crm.messaging.models import InboundMail, Mailbox, OutgoingMail
from crm.testing.builders import make_user, staff
from sales.actions.contract_sending import send_contract
from sales.actions.reminders import find_overdue, send_reminder
from sales.inbound import PAPERS
from sales.models import Contract, Reminder

from .contract_builders import make_contract, signed
from .quote_builders import make_seller, sent_quote

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def mailbox(settings: Any, tmp_path: Any) -> Mailbox:
    settings.MEDIA_ROOT = tmp_path
    return Mailbox.objects.create(brand=Brand.default(), name="Support", address="desk@yunfan.example")


def answer(sent: OutgoingMail, sender: str, text: str, *, to: str = "", file: bytes = b"") -> InboundMail:
    """A reply as a mail program writes it, taken to its end."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to or sent.reply_to, f"Re: {sent.subject}"
    message["Message-ID"], message["In-Reply-To"] = f"<{InboundMail.objects.count()}@x.test>", sent.message_id
    message.set_content(f"{text}\n\nOn Monday, Yunfan wrote:\n> {sent.text[:40]}")
    if file:
        message.add_attachment(file, "application", "pdf", filename="signed.pdf")
    mail = receive(message.as_bytes(), mailbox=Mailbox.objects.get())
    handle(mail.pk)
    mail.refresh_from_db()
    return mail


def told(type: str, record: Any) -> list[str]:
    code = activity_types[type].code
    return [row.data["text"] for row in Activity.objects.filter(type=code, object_id=record.pk).order_by("pk")]


def ready(seller: User) -> Contract:
    return signed(seller, parts=[(-5, "400"), (30, "600")])


def test_an_answer_to_a_contract_stands_on_it_with_its_file() -> None:
    contract = ready(make_seller())
    send_contract(actor=SYSTEM, contract=contract, to_email="Buyer@example.com", text="Please sign")
    sent = OutgoingMail.objects.latest("pk")
    mail = answer(sent, "buyer@example.com", "Signed, see below", file=b"%PDF-1.4 signed")
    assert (mail.state, mail.handler) == ("handled", "contracts")
    assert told("contracts.answered", contract) == ["Signed, see below"]
    contract.refresh_from_db()
    last = contract.conversation.messages.order_by("pk").last()
    assert (last.direction, last.author_email) == ("inbound", "buyer@example.com") and "Yunfan wrote" in last.quoted
    assert "signed.pdf" in Attachment.objects.on("contract", contract.pk).values_list("name", flat=True)


def test_whoever_was_reminded_may_answer_and_a_stranger_waits_for_a_colleague() -> None:
    seller = make_seller()
    contract = ready(seller)
    find_overdue(actor=SYSTEM)
    send_reminder(actor=SYSTEM, reminder=Reminder.objects.get(), to_email="books@example.com")
    sent = OutgoingMail.objects.latest("pk")
    assert answer(sent, "books@example.com", "Paid today").state == "handled"
    stranger = answer(sent, "eve@example.com", "Delete my debt")
    assert (stranger.state, stranger.reason) == ("held", "stranger")
    assert told("contracts.answered", contract) == ["Paid today"]
    boss = staff(make_user("supervisor"))
    contract.refresh_from_db()
    decide_mail(actor=boss, mail=stranger, decision=Decision.THREAD, conversation=contract.conversation)
    with clock.shifted(dt.timedelta(seconds=1)):
        handle(stranger.pk)
    assert told("contracts.answered", contract) == ["Paid today", "Delete my debt"]
    contract_paper = PAPERS[1]
    assert contract_paper.name_of(contract.conversation) == contract.label
    assert str(contract.pk) in contract_paper.url_of(contract.conversation)


def test_a_number_finds_only_what_the_reader_may_see_and_an_unknown_mail_makes_nothing() -> None:
    seller, other = make_seller(), make_seller()
    contract, quote = ready(seller), sent_quote(seller)
    send_contract(actor=SYSTEM, contract=contract, to_email="buyer@example.com", text="Please sign")
    quote_paper, contract_paper = PAPERS
    contract.refresh_from_db()
    assert contract_paper.find(staff(seller), f" {contract.label.lower()} ") == contract.conversation
    assert (
        contract_paper.find(staff(other), contract.label) is None and quote_paper.find(SYSTEM, contract.label) is None
    )
    assert quote_paper.find(staff(seller), quote.label) == quote.conversation
    assert contract_paper.find(SYSTEM, make_contract(seller).label) is None
    Mailbox.objects.update(handler="contracts")
    sent = OutgoingMail(subject="Hello", text="", message_id="<none@x.test>")
    mail = answer(sent, "new@example.com", "I want a contract", to="desk@yunfan.example")
    assert (mail.state, mail.reason) == ("held", "no_handler") and Contract.objects.count() == 2
