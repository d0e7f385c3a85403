"""Taking, replying, noting, drafts, and the customer's own words."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.errors import Conflict, Invalid, NotFound
from crm.files.models import Upload
from crm.messaging.actions import save_draft
from crm.messaging.models import Draft, Message, OutgoingMail
from crm.notifications.models import Notification
from crm.testing.suites import signed_in
from tickets.actions import (
    accept_ticket,
    add_note,
    change_status,
    close_ticket,
    customer_reply,
    reply,
    take_next,
    verify_requester,
)
from tickets.conversation import conversation_for_customer, conversation_for_staff
from tickets.exceptions import AlreadyTaken, AnsweredMeanwhile, NothingWritten
from tickets.models import StatusSpan, Ticket, TicketFacts

from .builders import (
    answered,
    customer_of,
    deliver,
    digest,
    fresh,
    key,
    make_agent,
    make_request_type,
    make_team,
    resolved,
    staff,
    status,
    submit,
)

pytestmark = pytest.mark.django_db
CANARY = "CANARY-7f3a"


@pytest.fixture
def agent():
    return make_agent(make_team())


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team))


def write(agent, ticket, body="Hello", **values) -> Message:
    return reply(actor=staff(agent), ticket=ticket, body=body, **{"form_key": key(), **values})


def test_taking_makes_it_mine_and_tells_the_customer_once(agent, ticket):
    verify_requester(actor=customer_of(ticket), ticket=ticket)
    for _twice in range(2):
        accept_ticket(actor=staff(agent), ticket=ticket)
    row = fresh(ticket)
    assert (row.assignee, row.status.key) == (agent, "in_progress") and row.accepted_at is not None
    assert OutgoingMail.objects.filter(template="tickets.accepted").count() == 1
    assert Activity.objects.filter(object_id=ticket.pk, type=1503).count() == 1
    assert TicketFacts.objects.get(ticket=ticket).assignments == 1


def test_a_colleague_cannot_take_it_too(agent, ticket):
    other = make_agent(ticket.team)
    accept_ticket(actor=staff(agent), ticket=ticket)
    before = digest()
    with pytest.raises(AlreadyTaken, match=agent.name):
        accept_ticket(actor=staff(other), ticket=ticket)
    assert digest() == before


def test_the_next_ticket_is_the_most_pressing_one(agent, ticket):
    urgent = submit(make_request_type(team=ticket.team, impact=3, urgency=3))
    assert [take_next(actor=staff(agent)) for _n in range(3)] == [urgent, ticket, None]


def test_the_first_reply_meets_the_first_response_once(agent, ticket):
    write(agent, ticket)
    row = fresh(ticket)
    first = row.first_response_at
    assert first is not None and row.facts.first_response_met is True
    assert (row.assignee, row.status.key, row.customer_waits) == (agent, "in_progress", False)
    write(agent, ticket, "And more")
    assert fresh(ticket).first_response_at == first
    assert TicketFacts.objects.get(ticket=ticket).replies == 2
    assert StatusSpan.objects.get(ticket=ticket, left_at__isnull=True).assignee_id == agent.pk


def test_the_status_chosen_for_afterwards(agent, ticket):
    write(agent, ticket, then=status("waiting_customer"))
    assert fresh(ticket).status.key == "waiting_customer"
    assert not OutgoingMail.objects.filter(template="tickets.waiting").exists()


def test_a_reply_stores_the_mail_of_its_message(agent, ticket):
    message = write(agent, ticket, "Line one\nLine two")
    mail = OutgoingMail.objects.get(related=message)
    assert "Line one\nLine two" in mail.text and mail.to_email == ticket.reply_email


def test_somebody_wrote_meanwhile(agent, ticket):
    seen = Message.objects.get().pk
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="One more thing", form_key=key())
    before = digest(), Message.objects.count()
    with pytest.raises(AnsweredMeanwhile):
        write(agent, ticket, seen_message_id=seen)
    assert (digest(), Message.objects.count()) == before
    write(agent, ticket, seen_message_id=Message.objects.latest("pk").pk)
    write(agent, ticket, "My own words are no news to me", seen_message_id=seen + 1)


@pytest.mark.parametrize("verb", [reply, add_note])
def test_the_same_form_sends_once_and_other_words_are_refused(agent, ticket, verb):
    first = verb(actor=staff(agent), ticket=ticket, body="Once", form_key="form-key-12345678")
    assert verb(actor=staff(agent), ticket=ticket, body="Once", form_key="form-key-12345678") == first
    with pytest.raises(Conflict):
        verb(actor=staff(agent), ticket=ticket, body="Twice", form_key="form-key-12345678")
    assert Message.objects.filter(conversation=ticket.conversation).count() == 2


@pytest.mark.parametrize("body", ["", "  \n ", "\u200b\u202e", "\x00"])
def test_empty_words_are_refused(agent, ticket, body):
    for verb in (reply, add_note):
        with pytest.raises(NothingWritten):
            verb(actor=staff(agent), ticket=ticket, body=body, form_key=key())
    with pytest.raises(NothingWritten):
        customer_reply(actor=customer_of(ticket), ticket=ticket, body=body, form_key=key())
    assert fresh(ticket).status.key == "new"


def test_huge_words_are_refused_and_hostile_ones_shown_as_text(agent, ticket):
    with pytest.raises(Invalid):
        write(agent, ticket, "x" * 50_001)
    hostile = "<script>alert(1)</script> {{ticket.link}} {% url 'x' %} \u202egnp.exe 👩‍👩‍👧 ي"
    message = write(agent, ticket, hostile)
    assert "\u202e" not in message.body and "👩‍👩‍👧" in message.body
    page = signed_in(agent).get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page
    mail = OutgoingMail.objects.get(related=message)
    assert "<script>alert" not in mail.html and "{{ticket.link}}" in mail.text


def test_no_customer_ever_sees_a_note(agent, ticket):
    verify_requester(actor=customer_of(ticket), ticket=ticket)
    accept_ticket(actor=staff(agent), ticket=ticket)
    add_note(actor=staff(agent), ticket=ticket, body=f"Between us: {CANARY}", form_key=key())
    write(agent, ticket, "For you", then=status("waiting_customer"))
    resolved(agent, ticket)
    row = fresh(ticket)
    shown = conversation_for_customer(row, proved=True)
    assert "For you" in [line.text for line in shown] and CANARY not in repr(shown)
    assert not any(CANARY in f"{mail.subject}{mail.text}{mail.html}" for mail in OutgoingMail.objects.all())
    page = Client().get(reverse("help:ticket_track", args=[row.access_token]))
    assert page.status_code == 200 and CANARY not in page.content.decode()
    assert CANARY not in row.snippet
    assert CANARY in repr(conversation_for_staff(staff(agent), row))


def test_a_note_leaves_clocks_and_status_alone(agent, ticket):
    add_note(actor=staff(agent), ticket=ticket, body="Looking", form_key=key())
    row = fresh(ticket)
    assert (row.first_response_at, row.status.key, row.customer_waits) == (None, "new", True)


def test_drafts_are_kept_and_gone_once_sent(agent, ticket):
    actor = staff(agent)
    for kind in ("reply", "note"):
        save_draft(actor=actor, conversation=ticket.conversation, kind=kind, body=f"half a {kind}")
    page = signed_in(agent).get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
    assert "half a reply" in page and "half a note" in page
    write(agent, ticket)
    assert list(Draft.objects.values_list("kind", flat=True)) == ["note"]
    add_note(actor=actor, ticket=ticket, body="Done", form_key=key())
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "cycle"),
    [
        ("new", "new", 1),
        ("waiting_customer", "in_progress", 1),
        ("waiting_third_party", "in_progress", 1),
        ("on_hold", "on_hold", 1),
        ("resolved", "in_progress", 2),
        ("closed", "in_progress", 2),
    ],
)
def test_the_customers_words_end_waiting_and_reopen(agent, ticket, before, after, cycle):
    if before in {"resolved", "closed"}:
        resolved(agent, ticket)
    elif before != "new":
        change_status(actor=staff(agent), ticket=ticket, status=status(before))
    if before == "closed":
        close_ticket(actor=staff(agent), ticket=ticket)
    status(before).next_statuses.clear()  # the customer may write whatever staff may do
    form = key()
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="Still here", form_key=form)
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="Still here", form_key=form)
    row = fresh(ticket)
    assert (row.status.key, row.cycle, row.customer_waits) == (after, cycle, True)
    assert row.facts.customer_messages == 2


def test_the_assignee_hears_of_the_customers_words(agent, ticket):
    accept_ticket(actor=staff(agent), ticket=ticket)
    deliver()
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="Any news?", form_key=key())
    deliver()
    assert Notification.objects.filter(user=agent, kind="tickets.customer_replied").count() == 1


def test_another_customer_cannot_write_on_it(ticket):
    stranger = submit()
    with pytest.raises(NotFound):
        customer_reply(actor=customer_of(stranger), ticket=ticket, body="Hi", form_key=key())
    with pytest.raises(NotFound):
        customer_reply(actor=Actor.guest(), ticket=ticket, body="Hi", form_key=key())


def test_who_did_not_prove_the_address_reads_only_what_they_typed(agent, ticket):
    answered(agent, ticket, f"Secret {CANARY}")
    assert CANARY not in repr(conversation_for_customer(fresh(ticket), proved=False))


def test_an_error_keeps_words_and_files_in_the_composer(agent, ticket):
    client = signed_in(agent)
    address = reverse("tickets:ticket_reply", args=[ticket.number])
    seen = Message.objects.get().pk
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="Wait", form_key=key())
    sent = {"body": "Long careful words", "form_key": "form-key-composer-1", "seen_message_id": seen}
    response = client.post(address, {**sent, "attachments": SimpleUploadedFile("plan.txt", b"plan")})
    page = response.content.decode()
    assert response.status_code == 409 and "Long careful words" in page and "plan.txt" in page
    upload = Upload.objects.get()
    again = sent | {"uploads": upload.token, "seen_message_id": Message.objects.latest("pk").pk}
    assert client.post(address, again).status_code == 302
    message = Message.objects.latest("pk")
    assert message.body == "Long careful words"
    assert Ticket.objects.get().status.key == "in_progress"


def test_nonsense_in_hidden_fields_is_no_error_of_ours(agent, ticket):
    client = signed_in(agent)
    for seen in ("²", "9" * 40, "-1", "<x>"):
        data = {"body": "Hi", "form_key": key(), "seen_message_id": seen, "then": "no-such"}
        assert client.post(reverse("tickets:ticket_reply", args=[ticket.number]), data).status_code == 302
        assert (
            client.post(reverse("tickets:ticket_presence", args=[ticket.number]), {"seen_message_id": seen}).status_code
            == 200
        )
        assert client.get(reverse("tickets:ticket_older", args=[ticket.number]), {"before": seen}).status_code == 200
    assert client.get(reverse("tickets:ticket_list"), {"q": "²"}).status_code == 200
