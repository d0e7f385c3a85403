"""Mail in, answer out, answer in again; who may speak on a ticket by mail; what alarms nobody; loops that stop."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.sockets import activity_types
from crm.files.models import Attachment
from crm.messaging.actions.inbound import decide_mail
from crm.messaging.actions.mailboxes import create_mailbox
from crm.messaging.choices import InboundReason, InboundState
from crm.messaging.delivery import deliver as send
from crm.messaging.inbound import tokens
from crm.messaging.inbound.handling import handle
from crm.messaging.inbound.raw import raw_of, receive
from crm.messaging.models import InboundMail, Mailbox, Message, OutgoingMail
from crm.notifications.models import Notification
from crm.testing.builders import staff
from crm.testing.smtp import SmtpSink
from tickets.actions import delete_ticket, reply
from tickets.models import Ticket

from .builders import answered, deliver, fresh, key, make_agent, make_request_type, resolved

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
REQUESTER, STRANGER = "lilei@example.com", "stranger@example.net"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def mailbox(db: None) -> Mailbox:
    asked = make_request_type("by-mail")
    values = {
        "brand": Brand.default(), "name": "Support", "address": "support@yunfan.example", "handler": "tickets",
        "handler_settings": {"v": 1, "request_type": asked.key},
    }  # fmt: skip
    return create_mailbox(actor=SYSTEM, values=values)


def mail(
    body: str = "The printer is broken.",
    *headers: str,
    sender: str = REQUESTER,
    subject: str = "Printer",
    to: str = "support@yunfan.example",
) -> bytes:
    lines = [f"From: Li Lei <{sender}>", f"To: {to}", f"Subject: {subject}", f"Message-ID: <{key()}@example.com>"]
    lines += [*headers, "Content-Type: text/plain; charset=utf-8", "", body]
    return "\r\n".join(lines).encode()


def come_in(raw: bytes, mailbox: Mailbox | None = None) -> InboundMail:
    row = receive(raw, mailbox=mailbox or Mailbox.objects.first())
    handle(row.pk)
    row.refresh_from_db()
    return row


def ticket_of(row: InboundMail) -> Ticket:
    assert row.state == InboundState.HANDLED, (row.state, row.reason, row.detail)
    return Ticket.objects.get(conversation=row.conversation_id)


def signed(ticket: Ticket) -> str:
    return tokens.reply_address("support@yunfan.example", ticket.conversation_id)


def test_a_mail_becomes_a_ticket(mailbox: Mailbox) -> None:
    raw = mail("打印机坏了。\n\n屏幕是黑的。", subject="打印机")
    ticket = ticket_of(come_in(raw))
    assert (ticket.subject, ticket.channel, ticket.reply_email) == ("打印机", "email", REQUESTER)
    assert ticket.request_type.key == "by-mail" and ticket.language == "zh-hans" and ticket.verified_at is None
    message = Message.objects.get(conversation=ticket.conversation)
    assert message.body == "打印机坏了。\n\n屏幕是黑的。" and message.author_email == REQUESTER
    confirmed = OutgoingMail.objects.get(template="tickets.received", to_email=REQUESTER)
    assert confirmed.headers["In-Reply-To"] == message.message_id
    assert confirmed.headers["Auto-Submitted"] == "auto-generated" and confirmed.reply_to == signed(ticket)
    assert "打印机" not in confirmed.text  # a stranger's words are not sent to an unproved address
    row = InboundMail.objects.get()
    assert raw_of(row) == raw and come_in(raw).pk == row.pk and Ticket.objects.count() == 1


def test_mail_in_answer_out_answer_in_again(settings: Any, mailbox: Mailbox) -> None:
    ticket = ticket_of(come_in(mail()))
    agent = make_agent(ticket.team)
    answered(agent, ticket, "Switch it off and on.")
    sink = SmtpSink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    try:
        for waiting in OutgoingMail.objects.order_by("pk"):
            send(waiting.pk)
    finally:
        sink.stop()
    got = next(found for found in sink.messages if "Switch it off" in found.as_string())
    quoted = "\r\n".join(f"> {line}" for line in got.get_body(("plain",)).get_content().splitlines())
    again = mail(
        f"Still broken.\r\n\r\nOn Mon, Mar 2, 2026 at 10:10 AM Support <support@yunfan.example> wrote:\r\n{quoted}",
        f"In-Reply-To: {got['Message-ID']}",
        subject=f"Re: {got['Subject']}",
        to=str(got["Reply-To"]),
    )
    assert ticket_of(come_in(again)).pk == ticket.pk
    last = Message.objects.filter(conversation=ticket.conversation).order_by("pk").last()
    assert last is not None and last.body == "Still broken." and "> Switch it off and on." in (last.quoted or "")
    assert fresh(ticket).verified_at is not None and fresh(ticket).customer_waits


#: (what names the ticket, who writes) → where the mail ends. "signed" is the reply address, "id" our Message-ID.
OUTCOMES = {
    ("signed", "requester"): "ticket", ("signed", "agent"): InboundReason.STAFF,
    ("signed", "stranger"): InboundReason.STRANGER, ("signed", "cc"): InboundReason.STRANGER,
    ("id", "requester"): "ticket", ("id", "agent"): InboundReason.STAFF, ("id", "stranger"): InboundReason.STRANGER,
    ("id", "cc"): InboundReason.STRANGER,
    ("number", "requester"): "ticket", ("number", "agent"): "new", ("number", "stranger"): "new",
    ("number", "cc"): "new",
    ("forged", "requester"): "new", ("forged", "agent"): "new", ("forged", "stranger"): "new", ("forged", "cc"): "new",
    ("none", "requester"): "new", ("none", "agent"): "new", ("none", "stranger"): "new", ("none", "cc"): "new",
}  # fmt: skip


@pytest.mark.parametrize("state", ["open", "solved", "deleted"])
@pytest.mark.parametrize("claims", [(), ("Authentication-Results: mx; dmarc=pass",)], ids=["", "forged-results"])
@pytest.mark.parametrize(("by", "who"), OUTCOMES)
def test_who_may_speak_on_a_ticket(by: str, who: str, claims: tuple[str, ...], state: str) -> None:
    ticket = ticket_of(come_in(mail("First words", "Cc: cc@example.org")))
    agent = make_agent(ticket.team, role="administrator")
    if state == "solved":
        ticket = resolved(agent, ticket)
    elif state == "deleted":
        delete_ticket(actor=staff(agent), ticket=ticket)
    sender = {"requester": REQUESTER, "agent": agent.email, "stranger": STRANGER, "cc": "cc@example.org"}[who]
    message_id = tokens.new_message_id(ticket.conversation_id, "yunfan.example")
    headers = {
        "signed": [], "id": [f"References: <x@y> {message_id}"], "number": [], "none": [],
        "forged": [f"In-Reply-To: {message_id.replace('<c.', '<c.1')}"],
    }[by]  # fmt: skip
    to = signed(ticket).replace("+t-", "+t-1") if by == "forged" else "support@yunfan.example"
    row = come_in(
        mail(
            "More words", *headers, *claims, sender=sender, to=signed(ticket) if by == "signed" else to,
            subject=f"Re: #{ticket.number}" if by == "number" else "Other",
        )
    )  # fmt: skip
    expected = OUTCOMES[by, who]
    if state == "deleted":
        expected = InboundReason.GONE if by in {"signed", "id"} else "new"
    messages = Message.objects.filter(conversation=ticket.conversation_id, direction="inbound").count()
    if expected == "ticket":
        assert ticket_of(row).pk == ticket.pk and messages == 2
    elif expected == "new":
        assert ticket_of(row).pk != ticket.pk and messages == 1
    else:
        assert (row.state, row.reason) == (InboundState.HELD, expected) and messages == 1
    assert not Activity.objects.filter(type=activity_types["tickets.replied"].code).exists()  # nobody acts as staff


def test_a_guessed_number_proves_nothing_and_a_signature_does() -> None:
    ticket = ticket_of(come_in(mail()))
    come_in(mail("By number", subject=f"Re: #{ticket.number}"))
    assert fresh(ticket).verified_at is None
    come_in(mail("By signature", to=signed(ticket)))
    assert fresh(ticket).verified_at is not None


def test_a_held_mail_is_put_on_the_ticket_and_its_sender_takes_part_from_then_on() -> None:
    ticket = ticket_of(come_in(mail()))
    boss = staff(make_agent(ticket.team, role="administrator"))
    held = come_in(mail("I am the colleague", sender=STRANGER, to=signed(ticket)))
    assert held.conversation_id == ticket.conversation_id
    decide_mail(actor=boss, mail=held, decision="thread", conversation=ticket.conversation)
    handle(held.pk)
    held.refresh_from_db()
    assert ticket_of(held).pk == ticket.pk
    assert ticket_of(come_in(mail("Me again", sender=STRANGER, to=signed(ticket)))).pk == ticket.pk
    assert fresh(ticket).reply_email == REQUESTER and fresh(ticket).verified_at is None


def test_a_held_mail_may_become_a_ticket_of_its_own() -> None:
    ticket = ticket_of(come_in(mail()))
    boss = staff(make_agent(ticket.team, role="administrator"))
    held = come_in(mail("Another matter", sender=STRANGER, to=signed(ticket)))
    decide_mail(actor=boss, mail=held, decision="open")
    handle(held.pk)
    held.refresh_from_db()
    assert ticket_of(held).reply_email == STRANGER


@pytest.mark.parametrize(
    ("words", "reopens"),
    [("Thanks!", False), ("谢谢，解决了", False), ("Still broken", True), ("还是不行", True), ("谢谢，但不行", True)],
)  # fmt: skip
def test_thanks_after_the_solution_alarm_nobody_and_trouble_reopens(words: str, reopens: bool) -> None:
    ticket = ticket_of(come_in(mail()))
    agent = make_agent(ticket.team)
    ticket = resolved(agent, answered(agent, ticket))
    deliver()
    Notification.objects.all().delete()
    come_in(mail(words, to=signed(ticket)))
    deliver()
    after = fresh(ticket)
    assert (after.cycle, after.resolved_at is None, after.customer_waits) == (2 if reopens else 1, reopens, reopens)
    assert Notification.objects.filter(user=agent).exists() is reopens
    assert Message.objects.filter(conversation=ticket.conversation, body=words).exists()


def test_thanks_before_the_solution_are_words_like_any() -> None:
    ticket = ticket_of(come_in(mail()))
    come_in(mail("Thanks!", to=signed(ticket)))
    assert fresh(ticket).customer_waits


def test_files_come_along_and_programs_stay_out() -> None:
    raw = (
        f"From: {REQUESTER}\nTo: support@yunfan.example\nSubject: Files\nContent-Type: multipart/mixed; boundary=B\n\n"
        '--B\nContent-Type: text/plain\n\nSee here\n--B\nContent-Type: text/csv; name="../../a.csv"\n'
        "Content-Disposition: attachment\n\na,b\n--B\nContent-Type: application/x-dosexec; name=evil.exe\n\nMZ\n--B--\n"
    ).encode()
    message = come_in(raw).message
    assert message is not None and message.body.startswith("See here") and "evil.exe" in message.body
    (file,) = Attachment.objects.on("message", message.pk)
    assert (file.name, file.visibility) == ("a.csv", "public")


def test_a_very_long_mail_is_kept_whole() -> None:
    row = come_in(mail("long line\r\n" * 10_000))
    assert row.message is not None and row.message.body.endswith("[…]")


def test_automatic_mail_is_kept_and_never_answered() -> None:
    ticket = ticket_of(come_in(mail()))
    before = OutgoingMail.objects.count()
    for header in ("Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <x.example>", "Return-Path: <>"):
        row = come_in(mail("I am away", header, to=signed(ticket)))
        assert row.state == InboundState.AUTOMATIC
    assert OutgoingMail.objects.count() == before and Ticket.objects.count() == 1
    assert Message.objects.filter(conversation=ticket.conversation).count() == 1


def test_a_bounce_shows_on_the_reply() -> None:
    ticket = ticket_of(come_in(mail()))
    answered(make_agent(ticket.team), ticket)
    sent = OutgoingMail.objects.get(template="tickets.reply")
    report = (
        "From: MAILER-DAEMON@mx.example.com\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n"
        "\n--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822;"
        f" {REQUESTER}\nAction: failed\nStatus: 5.1.1\n\n--B\nContent-Type: text/rfc822-headers\n\nMessage-ID:"
        f" {sent.message_id}\n\n--B--\n"
    ).encode()
    assert come_in(report).reason == InboundReason.BOUNCE
    sent.refresh_from_db()
    assert sent.state == "failed" and sent.related is not None and sent.related.state == "failed"
    assert Activity.objects.filter(type=activity_types["messaging.mail_failed"].code).exists()


def test_two_desks_that_answer_each_other_stop_at_once() -> None:
    """Our confirmation arrives at another desk, whose confirmation arrives here, and so on."""
    come_in(mail(sender="desk@other.example"))
    for _round in range(10):
        answer = come_in(mail("We got your request", "Auto-Submitted: auto-generated", sender="desk@other.example"))
        assert answer.state == InboundState.AUTOMATIC
    assert OutgoingMail.objects.filter(to_email="desk@other.example").count() == 1


def test_a_program_that_answers_every_mail_without_saying_so_is_answered_twice_at_most() -> None:
    for number in range(40):
        come_in(mail(f"I am on holiday {number}", sender="bot@example.com"))
    assert OutgoingMail.objects.filter(to_email="bot@example.com").count() <= 2
    assert InboundMail.objects.filter(reason=InboundReason.FLOOD).count() == 10


def test_our_own_mail_that_comes_back_makes_nothing() -> None:
    ticket = ticket_of(come_in(mail()))
    row = come_in(mail("x", f"{tokens.LOOP_HEADER}: {tokens.loop_mark()}", to=signed(ticket)))
    assert (row.state, row.reason) == (InboundState.AUTOMATIC, InboundReason.LOOP)


def test_one_mail_to_two_addresses_is_one_ticket(mailbox: Mailbox) -> None:
    other = create_mailbox(
        actor=SYSTEM, values={"brand": Brand.default(), "name": "Help", "address": "help@yunfan.example"}
    )
    raw = mail()
    come_in(raw, mailbox)
    copy = come_in(b"Received: by another way\r\n" + raw, other)
    assert (copy.state, copy.reason) == (InboundState.REJECTED, InboundReason.DUPLICATE)
    assert Ticket.objects.count() == 1


def test_an_agents_reply_has_the_signed_address_and_an_id_that_is_ours() -> None:
    ticket = ticket_of(come_in(mail()))
    agent = make_agent(ticket.team)
    message = reply(actor=staff(agent), ticket=ticket, body="Hello", form_key=key())
    sent = OutgoingMail.objects.get(related=message)
    assert sent.reply_to == signed(ticket) and re.fullmatch(r"<c\..+@yunfan\.example>", sent.message_id)
    assert tokens.conversation_of_ids([sent.message_id]) == ticket.conversation_id
