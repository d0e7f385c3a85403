"""Every mail of the corpus, and thousands of broken ones, end as a message, an automatic mail or in the quarantine.

What becomes a message is drawn as staff and the requester read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from unittest import mock

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.actions.mailboxes import create_mailbox
from crm.messaging.choices import InboundReason, InboundState
from crm.messaging.inbound import handling
from crm.messaging.inbound.handling import handle
from crm.messaging.inbound.raw import receive
from crm.messaging.models import InboundMail, Mailbox
from crm.messaging.tests import mail_corpora
from crm.testing.suites import signed_in
from tickets.conversation import conversation_for_staff
from tickets.models import Ticket

from .builders import make_agent, make_request_type

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
#: Of so many tickets one is opened as a whole page; of the others the conversation is drawn.
WHOLE_PAGE_EVERY = 20
#: Parts of the slow test, so that two processes can share it.
PARTS = 10


@pytest.fixture(autouse=True)
def mailbox(db: None, settings: Any, tmp_path: Any) -> Mailbox:
    settings.MEDIA_ROOT = tmp_path
    values = {
        "brand": Brand.default(), "name": "Support", "address": "support@yunfan.example", "handler": "tickets",
        "handler_settings": {"v": 1, "request_type": make_request_type("by-mail").key},
    }  # fmt: skip
    return create_mailbox(actor=SYSTEM, values=values)


@pytest.fixture
def client() -> Client:
    return signed_in(make_agent(role="administrator"))


def all_end(mails: Iterable[bytes], mailbox: Mailbox, client: Client) -> Counter[str]:
    """How many ended in which state; each that became a message was drawn."""
    ends: Counter[str] = Counter()
    with mock.patch.object(handling, "FLOOD_LIMIT", 10**9):  # one sender stands in hundreds of them
        for number, raw in enumerate(mails):
            row = receive(raw, mailbox=mailbox)
            handle(row.pk)
            row.refresh_from_db()
            assert row.state != InboundState.RECEIVED and row.reason != InboundReason.FAILED, (number, row.detail)
            ends[row.state] += 1
            if row.state == InboundState.HANDLED:
                is_readable(row, client, whole=ends[row.state] % WHOLE_PAGE_EVERY == 1)
    return ends


def is_readable(row: InboundMail, client: Client, *, whole: bool) -> None:
    """Staff read it in the conversation; as a whole page too, and the requester on the tracking page."""
    ticket = Ticket.objects.get(conversation=row.conversation_id)
    if not whole:
        shown = {"ticket": ticket, "conversation": conversation_for_staff(SYSTEM, ticket)}
        drawn = render_to_string("tickets/partials/_conversation.html", shown)
    else:
        drawn = client.get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
        track = reverse("help:ticket_track", args=[ticket.access_token])
        assert Client().get(track).status_code == 200, ticket.subject
    assert 'class="msg"' in drawn and "\0" not in drawn, (ticket.subject, drawn[:500])


def test_two_dozen_real_mails_end_somewhere(mailbox: Mailbox, client: Client) -> None:
    ends = all_end((mail.raw for mail in mail_corpora.own()), mailbox, client)
    assert ends[InboundState.HANDLED] > 10 and ends[InboundState.AUTOMATIC]


@pytest.mark.slow
def test_every_mail_of_the_corpus_ends_somewhere(mailbox: Mailbox, client: Client) -> None:
    ends = all_end((mail.raw for mail in mail_corpora.everything()), mailbox, client)
    assert ends.total() > 240 and ends[InboundState.HANDLED] > 100 and ends[InboundState.AUTOMATIC]


def test_broken_mails_end_somewhere(mailbox: Mailbox, client: Client) -> None:
    ends = all_end(mail_corpora.mutations(mail_corpora.everything(), 100), mailbox, client)
    assert ends.total() == 100 and ends[InboundState.HANDLED] > 20


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_five_thousand_broken_mails_end_somewhere(part: int, mailbox: Mailbox, client: Client) -> None:
    ends = all_end(mail_corpora.mutations(mail_corpora.everything(), 5000 // PARTS, seed=part), mailbox, client)
    assert ends.total() == 5000 // PARTS and ends[InboundState.HANDLED] > 100
