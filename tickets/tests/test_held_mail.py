"""Held mail stands on the ticket it names; people who decide are told; failed answers reach the assignee."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.activity.dispatch import dispatch
from crm.core.actor import Actor
from crm.messaging.actions.sending import note_bounce
from crm.messaging.choices import InboundState
from crm.messaging.models import Mailbox, Message, OutgoingMail
from crm.notifications.models import Notification
from crm.testing.builders import make_user, staff

from .builders import answered, make_agent
from .test_inbound import STRANGER, come_in, mail, mailbox, media, signed, ticket_of

pytestmark = pytest.mark.django_db
__all__ = ["mailbox", "media"]


@pytest.fixture
def held(mailbox: Mailbox) -> Any:
    """A ticket, and a stranger's mail to its signed address."""
    ticket = ticket_of(come_in(mail()))
    row = come_in(mail("I am his colleague.", sender=STRANGER, to=signed(ticket), subject="Re: Printer"))
    assert row.state == InboundState.HELD
    return ticket, row


def open_page(client: Client, user: Any, ticket: Any) -> str:
    client.force_login(user)
    return client.get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()


def test_the_banner_stands_on_the_ticket_for_those_who_decide(held: Any, client: Client) -> None:
    ticket, _row = held
    supervisor = make_user("administrator")
    agent = make_agent(ticket.team)
    assert f"A mail from {STRANGER} is held" in open_page(client, supervisor, ticket)
    assert STRANGER not in open_page(client, agent, ticket)


def test_one_click_puts_the_mail_on_the_ticket(held: Any, client: Client) -> None:
    ticket, row = held
    page = reverse("tickets:ticket_detail", args=[ticket.number])
    client.force_login(make_user("administrator"))
    posted = {"reference": ticket.number, "next": page}
    answer = client.post(reverse("console:inbound_mail_add", args=[row.pk]), posted)
    assert answer.url == page
    assert Message.objects.filter(conversation=ticket.conversation, author_email=STRANGER).exists()
    assert "is held" not in client.get(page).content.decode()


def test_one_click_discards_it_and_leads_nowhere_else(held: Any, client: Client) -> None:
    _ticket, row = held
    client.force_login(make_user("administrator"))
    answer = client.post(reverse("console:inbound_mail_discard", args=[row.pk]), {"next": "https://elsewhere.example/"})
    assert answer.url == "/"
    row.refresh_from_db()
    assert row.state == InboundState.REJECTED


def test_people_who_decide_are_told_once_of_waiting_mail(mailbox: Mailbox) -> None:
    decider, agent = make_user("administrator"), make_user("agent")
    ticket = ticket_of(come_in(mail()))
    come_in(mail("Me too.", sender=STRANGER, to=signed(ticket)))
    for _again in range(2):
        dispatch("default")
    lines = Notification.objects.filter(kind="console.mail_waits")
    assert list(lines.values_list("user_id", "count")) == [(decider.pk, 1)]
    assert lines.get().url == reverse("console:inbound_mail_detail", args=[lines.get().object_id])
    assert not lines.filter(user=agent).exists()


def test_an_answer_that_bounced_is_told_to_the_assignee(mailbox: Mailbox) -> None:
    ticket = ticket_of(come_in(mail()))
    agent = make_agent(ticket.team)
    answered(agent, ticket, "Switch it off and on.")
    sent = OutgoingMail.objects.filter(related__conversation=ticket.conversation).latest("pk")
    note_bounce(actor=Actor.system(), message_id=sent.message_id, recipient=sent.to_email, error="550 no such user")
    for lane in ("urgent", "default"):
        dispatch(lane)
    line = Notification.objects.get(kind="tickets.mail_failed")
    assert line.user_id == agent.pk
    assert line.data["to"] == sent.shown_to
    assert staff(line.user).can("tickets.view")


def test_a_missing_mailbox_cannot_be_tested(client: Client, db: None) -> None:
    client.force_login(make_user("administrator"))
    assert client.post(reverse("console:mailbox_test", args=[2_000_000_000])).status_code == 404
