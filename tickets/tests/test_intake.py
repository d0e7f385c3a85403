"""A request comes in: who asks, what is stored, what is mailed to whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from crm.activity.models import Activity, Outbox
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Conflict, Invalid
from crm.files.actions import stage_upload
from crm.files.models import Attachment
from crm.jobs.models import IdempotencyKey
from crm.messaging.models import Message, OutgoingMail
from customers.actions import add_contact, create_customer
from customers.exceptions import BadPhone
from customers.models import Consent, Contact, Customer, Identity
from tickets.actions import accept_ticket, create_ticket, delete_ticket, verify_requester
from tickets.models import ServiceSettings, StatusSpan, Ticket

from .builders import (
    MONDAY,
    answered,
    customer_of,
    deliver,
    digest,
    fresh,
    make_agent,
    make_request_type,
    make_team,
    resolved,
    staff,
    submit,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def known(email: str = "han@example.test", phone: str = "13812345678", **values: object) -> Contact:
    customer = create_customer(actor=SYSTEM, values={"name": "Hanyun Ltd", **values})
    return add_contact(actor=SYSTEM, customer=customer, name="Han Meimei", emails=[email], phones=[phone])


def test_everything_of_a_request_is_stored_at_once() -> None:
    asked = make_request_type()
    with clock.at(MONDAY):
        ticket = fresh(submit(asked, email="Li@Example.test", language="zh-hans"))
    assert (ticket.team, ticket.request_type, ticket.status.key) == (asked.team, asked, "new")
    assert (ticket.reply_email, ticket.language, ticket.priority) == ("li@example.test", "zh-hans", 2)
    assert ticket.verified_at is None and ticket.customer_waits and ticket.assignee is None
    assert ticket.answer_expected_at == ticket.next_due_at
    message = Message.objects.get(conversation=ticket.conversation)
    assert (message.body, message.author_label) == ("It is offline since the update.", "Li Lei")
    assert StatusSpan.objects.get(ticket=ticket).left_at is None
    assert Activity.objects.filter(object_id=ticket.pk, type=1500).count() == 1 and Outbox.objects.exists()
    assert OutgoingMail.objects.get().to_email == "li@example.test"


def test_the_same_form_twice_is_one_ticket() -> None:
    asked = make_request_type()
    values = {"email": "a@example.test", "form_key": "the-same-key-000000"}
    first = submit(asked, **values)
    assert submit(asked, **values).pk == first.pk
    assert (Ticket.objects.count(), OutgoingMail.objects.count(), Customer.objects.count()) == (1, 1, 1)
    with pytest.raises(Conflict):
        submit(asked, subject="Another matter", **values)
    assert Ticket.objects.count() == 1


def test_a_repetition_finds_its_ticket_even_in_the_recycle_bin() -> None:
    asked = make_request_type()
    values = {"email": "a@example.test", "form_key": "the-same-key-000000"}
    first = submit(asked, **values)
    delete_ticket(actor=SYSTEM, ticket=first)
    assert submit(asked, **values).pk == first.pk


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "han@example.test"},
        {"email": " HAN@Example.TEST "},
        {"email": "", "phone": "+86 138 1234 5678"},
        {"email": "", "phone": "１３８１２３４５６７８"},
        {"email": "", "phone": "138-1234-5678"},
        {"email": "han@example.test", "phone": "138 1234 5678"},
        {"email": "new@example.test", "phone": "138 1234 5678"},
        {"email": "han@example.test", "phone": "+44 20 7946 0000"},
    ],
)
def test_a_known_person_is_recognised_in_any_spelling_and_not_changed(typed: dict[str, str]) -> None:
    contact = known()
    before = list(Identity.objects.order_by("pk").values())
    ticket = submit(**typed, name="Somebody Else")
    assert ticket.contact_id == contact.pk
    assert (Contact.objects.get().name, Customer.objects.count()) == ("Han Meimei", 1)
    assert list(Identity.objects.order_by("pk").values()) == before


def test_a_newcomer_becomes_a_private_customer_with_both_addresses() -> None:
    ticket = submit(email="new@example.test", phone="138 0000 1111", name="王  芳", timezone="Europe/London")
    assert (ticket.customer.name, ticket.customer.kind, ticket.customer.timezone) == (
        "王 芳",
        "person",
        "Europe/London",
    )
    assert set(Identity.objects.values_list("value", flat=True)) == {"new@example.test", "+8613800001111"}
    assert not Identity.objects.filter(verified_at__isnull=False).exists()


def test_an_unproved_address_gets_one_fixed_mail_a_day() -> None:
    with clock.at(MONDAY):
        for number in range(3):
            submit(email="stranger@example.test", subject=f"Buy now {number}", description="BUY at evil.example")
        assert OutgoingMail.objects.count() == 1
        submit(email="other@example.test")
        assert OutgoingMail.objects.count() == 2
    with clock.at(MONDAY + dt.timedelta(hours=25)):
        submit(email="stranger@example.test")
    assert OutgoingMail.objects.filter(to_email="stranger@example.test").count() == 2


def test_no_text_of_a_stranger_stands_in_the_fixed_mail() -> None:
    submit(email="victim@example.test", name="CANARY-NAME", subject="CANARY-SUBJECT", description="CANARY-TEXT")
    mail = OutgoingMail.objects.get()
    assert mail.template == "tickets.received" and mail.to_name == ""
    assert "CANARY" not in f"{mail.subject} {mail.text} {mail.html} {mail.headers}"


def test_a_proved_address_always_gets_its_mail() -> None:
    contact = known()
    Identity.objects.filter(contact=contact).update(verified_at=MONDAY)
    for _number in range(3):
        submit(email="han@example.test")
    assert OutgoingMail.objects.filter(template="tickets.received").count() == 3


def test_a_mailed_link_lets_us_write_there_but_only_an_answer_proves_whose_address_it_is() -> None:
    ticket = submit(email="new@example.test")
    verify_requester(actor=customer_of(ticket), ticket=ticket)
    opened = fresh(ticket).verified_at
    assert opened is not None and Identity.objects.get().verified_at is None
    submit(email="new@example.test", subject="Another")
    assert OutgoingMail.objects.filter(template="tickets.received").count() == 2  # no longer one a day
    verify_requester(actor=customer_of(ticket), ticket=ticket, by_reply=True)
    assert fresh(ticket).verified_at == opened and Identity.objects.get().verified_at is not None


def test_who_types_anothers_phone_number_never_learns_the_name_behind_it() -> None:
    """The mail address is theirs and proved, the number is not: mails go on calling them what they typed."""
    known(name="Secret Company")
    agent = make_agent(team := make_team())
    ticket = submit(make_request_type(team=team), email="nosy@example.test", phone="13812345678", name="Nosy")
    verify_requester(actor=customer_of(ticket), ticket=ticket)
    accept_ticket(actor=staff(agent), ticket=ticket)
    sent = OutgoingMail.objects.get(template="tickets.accepted")
    assert "Hello Nosy" in sent.text and sent.to_name == "Nosy"
    assert not any("Meimei" in f"{mail.text}{mail.html}{mail.to_name}" for mail in OutgoingMail.objects.all())
    assert Identity.objects.filter(verified_at__isnull=False).count() == 0


def test_files_hang_on_the_message() -> None:
    keep = "form-key-with-a-file-1"
    upload = stage_upload(actor=Actor.guest(), form_key=keep, name="说明.txt", file=ContentFile(b"log"))
    ticket = submit(form_key=keep, uploads=[upload.token])
    message = Message.objects.get(conversation=ticket.conversation)
    assert [(file.name, file.visibility) for file in Attachment.objects.on("message", message.pk)] == [
        ("说明.txt", "public")
    ]


def test_consent_is_stored_with_the_text_that_was_shown() -> None:
    settings = ServiceSettings.objects.get()
    submit(language="zh-hans")
    consent = Consent.objects.get()
    assert (consent.text, consent.text_version, consent.language) == (
        settings.consent_text["zh-hans"], settings.consent_version, "zh-hans",
    )  # fmt: skip
    assert (consent.channel, consent.granted) == ("service", True)


def test_the_mail_speaks_the_customers_language_and_zone() -> None:
    with clock.at(MONDAY):
        submit(email="a@example.test", language="zh-hans", timezone="Asia/Shanghai")
        submit(email="b@example.test", language="en", timezone="America/New_York")
    chinese, english = OutgoingMail.objects.order_by("pk")
    assert "已收到" in chinese.subject and "15:00 (Asia/Shanghai)" in chinese.text
    assert "We received" in english.subject and "2 Mar 2026, 02:00 (America/New York)" in english.text


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"subject": " \u200b "}, Invalid),
        ({"description": "\x00"}, Invalid),
        ({"name": ""}, Invalid),
        ({"email": "", "phone": ""}, Invalid),
        ({"email": "no address"}, Invalid),
        ({"phone": "12"}, BadPhone),
        ({"consent": False}, Invalid),
        ({"uploads": ["no-such-upload"]}, Invalid),
    ],
)
def test_nothing_is_stored_when_anything_is_wrong(values: dict[str, object], error: type[Exception]) -> None:
    asked = make_request_type()
    models = (Message, OutgoingMail, Activity, Outbox, IdempotencyKey, Attachment)
    before = digest(), [model.objects.count() for model in models]
    with pytest.raises(error):
        submit(asked, **values)
    assert (digest(), [model.objects.count() for model in models]) == before


def test_a_failure_late_in_the_work_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = make_request_type()
    before = digest(), Outbox.objects.count(), IdempotencyKey.objects.count()

    def fail(**_values: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr("tickets.actions.intake.confirm_receipt", fail)
    with pytest.raises(OSError, match="no disk"):
        submit(asked)
    assert (digest(), Outbox.objects.count(), IdempotencyKey.objects.count()) == before


def test_huge_text_is_cut_where_the_form_says_so() -> None:
    ticket = submit(subject="s" * 5000, description="d" * 300_000)
    assert len(fresh(ticket).subject) == 200
    assert len(Message.objects.get(conversation=ticket.conversation).body) == 20_000


def test_staff_open_a_ticket_for_a_caller() -> None:
    team = make_team()
    agent = make_agent(team)
    contact = known()
    ticket = create_ticket(
        actor=staff(agent), contact=contact, request_type=make_request_type(team=team), subject="Rang", description="x"
    )
    assert ticket.verified_at is not None and ticket.created_by_id == agent.pk and ticket.channel == "phone"
    message = Message.objects.get(conversation=ticket.conversation)
    assert message.author_label == "Han Meimei"
    assert OutgoingMail.objects.get().to_email == "han@example.test"
    deliver()
    assert fresh(ticket).status.key == "new"


def test_a_phone_alone_is_enough_and_no_mail_goes_anywhere() -> None:
    ticket = submit(email="", phone="138 0000 2222")
    agent = make_agent(ticket.team)
    resolved(agent, answered(agent, ticket))
    assert not OutgoingMail.objects.exists()
