"""Seconds to take a sent reply back: sent once, counted to the click, gone without a trace, held when it is late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.activity.models import Activity
from crm.core import clock
from crm.core.errors import Invalid, NotAllowed
from crm.core.sockets import activity_types
from crm.files.models import Attachment
from crm.messaging.actions import save_draft
from crm.messaging.models import Draft, Message, OutgoingMail
from crm.testing.suites import signed_in
from tickets.actions import (
    accept_ticket,
    customer_reply,
    delete_ticket,
    reassign_ticket,
    release_due,
    send_anyway,
    send_reply_in,
    take_back,
)
from tickets.actions.desk import save_own_preferences
from tickets.exceptions import AnsweredMeanwhile, HeldBack, MoveNotAllowed, NothingWritten, SentAlready
from tickets.models import AgentProfile, PendingReply, Status, Ticket, TicketFacts

from .builders import (
    MONDAY,
    customer_of,
    fresh,
    key,
    make_agent,
    make_request_type,
    make_team,
    make_user,
    staff,
    status,
    submit,
)

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(seconds=11)


@pytest.fixture
def agent():
    return make_agent(make_team(), name="Han Mei", undo_seconds=10)


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team))


def send(user, ticket, body="Switch it off and on.", **values):
    return send_reply_in(
        **{"actor": staff(user), "ticket": ticket, "body": body, "form_key": key(), "hold_seconds": 10, **values}
    )


def replies(ticket):
    rows = Message.objects.filter(conversation=ticket.conversation, direction="outbound")
    return list(rows.order_by("pk").values_list("body", flat=True))


def test_nothing_is_sent_before_its_time(agent, ticket):
    send(agent, ticket)
    release_due()
    assert replies(ticket) == []
    assert not OutgoingMail.objects.filter(template="tickets.reply").exists()
    assert fresh(ticket).first_response_at is None


def test_then_it_is_sent_once_and_counts_to_the_click(agent, ticket):
    with clock.at(MONDAY):
        ticket = submit(make_request_type(team=agent.memberships.get().team))
    with clock.at(MONDAY + dt.timedelta(minutes=5)):
        pending = send(agent, ticket, then=status("waiting_customer"))
        with clock.shifted(LATER):
            assert release_due() == 1
            assert release_due() == 0
    ticket = fresh(ticket)
    assert replies(ticket) == ["Switch it off and on."]
    assert ticket.first_response_at == pending.clicked_at
    waited = int((pending.clicked_at - ticket.created_at).total_seconds())
    assert TicketFacts.objects.get(ticket=ticket).first_response_calendar_seconds == waited
    assert ticket.status.key == "waiting_customer"
    assert OutgoingMail.objects.filter(template="tickets.reply").count() == 1
    assert Activity.objects.filter(type=activity_types["tickets.replied"].code, object_id=ticket.pk).count() == 1
    assert not PendingReply.objects.exists()


def test_taken_back_it_is_a_draft_and_leaves_no_trace(agent, ticket):
    before = (Message.objects.count(), Activity.objects.count(), OutgoingMail.objects.count())
    send(agent, ticket, "Words that were not meant")
    take_back(actor=staff(agent), ticket=ticket)
    with clock.shifted(LATER):
        release_due()
    assert (Message.objects.count(), Activity.objects.count(), OutgoingMail.objects.count()) == before
    assert Draft.objects.get(user=agent).body == "Words that were not meant"
    assert not PendingReply.objects.exists()


def test_a_draft_that_was_saved_on_the_way_does_not_make_it_stand_twice(agent, ticket):
    send(agent, ticket, "Not meant")
    save_draft(actor=staff(agent), conversation=ticket.conversation, kind="reply", body="Not meant\n")
    take_back(actor=staff(agent), ticket=ticket)
    assert Draft.objects.get(user=agent).body == "Not meant"


def test_taking_back_keeps_what_was_typed_since_and_the_files(agent, ticket):
    client = signed_in(agent)
    url = reverse("tickets:ticket_reply", args=[ticket.number])
    data = {"body": "See the plan", "form_key": "key-of-a-form-with-a-file"}
    client.post(url, {**data, "attachments": SimpleUploadedFile("plan.txt", b"plan")})
    client.post(reverse("tickets:ticket_draft", args=[ticket.number, "reply"]), {"body": "And more"})
    client.post(reverse("tickets:ticket_take_back", args=[ticket.number]))
    page = client.get(reverse("tickets:ticket_detail", args=[ticket.number]))
    assert page.context["reply_text"] == "See the plan\n\nAnd more"
    assert page.context["form_key"] == "key-of-a-form-with-a-file"
    token = page.context["kept_files"][0].token
    client.post(url, {**data, "uploads": token})
    with clock.shifted(LATER):
        release_due()
    assert replies(ticket) == ["See the plan"]
    assert Attachment.objects.get().name == "plan.txt"


def test_too_late_says_so(agent, ticket):
    send(agent, ticket)
    with clock.shifted(LATER):
        release_due()
    with pytest.raises(SentAlready):
        take_back(actor=staff(agent), ticket=ticket)
    assert len(replies(ticket)) == 1


def test_another_s_reply_cannot_be_taken_back(agent, ticket):
    colleague = make_agent(agent.memberships.get().team)
    send(agent, ticket)
    with pytest.raises(SentAlready):
        take_back(actor=staff(colleague), ticket=ticket)
    with pytest.raises(AnsweredMeanwhile, match="Han Mei"):
        send(colleague, ticket)


def test_a_customer_s_word_holds_it_until_its_author_decides(agent, ticket):
    send(agent, ticket)
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="It works again!", form_key=key())
    with clock.shifted(LATER):
        release_due()
        release_due()
    assert replies(ticket) == []
    page = signed_in(agent).get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
    assert "The customer wrote before this reply went out" in page
    with pytest.raises(HeldBack):
        send(agent, ticket, "Another")
    send_anyway(actor=staff(agent), ticket=ticket)
    assert replies(ticket) == ["Switch it off and on."]


def test_a_second_reply_lets_the_first_go_out_before_it(agent, ticket):
    send(agent, ticket, "First")
    send(agent, ticket, "Second")
    assert replies(ticket) == ["First"]
    with clock.shifted(LATER):
        release_due()
    assert replies(ticket) == ["First", "Second"]


def test_the_same_form_is_sent_once_before_and_after_its_release(agent, ticket):
    for _repeat in range(2):
        send(agent, ticket, form_key="one-and-the-same-form")
    with clock.shifted(LATER):
        release_due()
    assert send(agent, ticket, form_key="one-and-the-same-form") is None
    assert replies(ticket) == ["Switch it off and on."]
    assert not PendingReply.objects.exists()


def test_what_cannot_be_sent_is_refused_at_the_click(agent, ticket):
    with pytest.raises(NothingWritten):
        send(agent, ticket, "  ")
    with pytest.raises(Invalid):
        send(agent, ticket, uploads=["no-such-token"])
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="Wait", form_key=key())
    with pytest.raises(AnsweredMeanwhile):
        send(agent, ticket, seen_message_id=Message.objects.earliest("pk").pk)
    assert not PendingReply.objects.exists()


def test_handing_over_meanwhile_does_not_stop_it(agent, ticket):
    send(agent, ticket)
    reassign_ticket(actor=staff(agent), ticket=ticket, team=make_team(), assignee=None)
    with clock.shifted(LATER):
        release_due()
    assert replies(ticket) == ["Switch it off and on."]


def test_a_status_that_can_no_longer_follow_holds_it_and_says_why(agent, ticket):
    accept_ticket(actor=staff(agent), ticket=ticket)
    send(agent, ticket, then=status("on_hold"))
    Status.objects.get(key="in_progress").next_statuses.clear()
    with clock.shifted(LATER):
        release_due()
    assert replies(ticket) == []
    assert "On hold" in PendingReply.objects.get().held_reason
    with pytest.raises(MoveNotAllowed):
        send_anyway(actor=staff(agent), ticket=ticket)
    assert PendingReply.objects.exists()


def test_a_deleted_ticket_says_nothing_more(agent, ticket):
    send(agent, ticket)
    delete_ticket(actor=staff(make_user("administrator")), ticket=ticket)
    with clock.shifted(LATER):
        release_due()
    assert replies(Ticket.all_objects.get(pk=ticket.pk)) == []


def test_the_page_shows_it_with_undo_and_the_others_only_that_it_comes(agent, ticket):
    client = signed_in(agent)
    url = reverse("tickets:ticket_reply", args=[ticket.number])
    page = client.post(url, {"body": "Soon yours", "form_key": key()}, follow=True).content.decode()
    undo = reverse("tickets:ticket_take_back", args=[ticket.number])
    assert f'data-undo-url="{undo}"' in page
    assert f'action="{undo}"' in page
    colleague = make_agent(agent.memberships.get().team)
    theirs = signed_in(colleague).get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
    assert "The reply of Han Mei goes out" in theirs
    assert undo not in theirs
    client.post(reverse("tickets:ticket_send_now", args=[ticket.number]))
    assert replies(ticket) == ["Soon yours"]
    fragment = client.get(reverse("tickets:ticket_pending", args=[ticket.number])).content.decode()
    assert "The reply is sent." in fragment


def test_each_agent_chooses_how_long(agent, ticket):
    client = signed_in(agent)
    url = reverse("desk:own_preferences")
    wanted = {"undo_seconds": "0", "after_sending": "next"}
    assert client.post(url, {**wanted, "undo_seconds": "31"}).status_code == 422
    assert client.post(url, {**wanted, "after_sending": "home"}).status_code == 422
    assert client.post(url, wanted).status_code == 302
    assert AgentProfile.objects.get(user=agent).after_sending == "next"
    client.post(reverse("tickets:ticket_reply", args=[ticket.number]), {"body": "At once", "form_key": key()})
    assert replies(ticket) == ["At once"]


def test_a_preference_makes_nobody_take_tickets():
    supervisor = make_user("supervisor")
    save_own_preferences(actor=staff(supervisor), values={"undo_seconds": 5})
    profile = AgentProfile.objects.get(user=supervisor)
    assert (profile.undo_seconds, profile.takes_tickets) == (5, False)
    with pytest.raises(Invalid):
        save_own_preferences(actor=staff(supervisor), values={"capacity": 500})
    with pytest.raises(NotAllowed):
        save_own_preferences(actor=staff(make_user("marketer")), values={"undo_seconds": 5})
