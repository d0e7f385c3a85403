"""Whoever left only a phone number: text messages, or a call task where none arrives."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from crm.core import clock
from crm.core.actor import Actor
from crm.messaging.models import Message, OutgoingMail, OutgoingSms, SmsOptOut
from crm.messaging.sms.delivery import deliver as send
from crm.planner.actions import finish_task
from crm.planner.models import Task
from crm.testing.builders import staff
from crm.testing.gateway import gateway
from customers.models import Identity
from tickets.actions import create_ticket
from tickets.destinations import destination_of
from tickets.letters import Way, way_to
from tickets.models import Rating, Ticket

from .builders import answered, deliver, fresh, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db
PHONE = "+8613812345678"


@pytest.fixture
def texts(settings, tmp_path):
    settings.SMS = {"sender": "console", "countries": [], "folder": str(tmp_path)}


@pytest.fixture
def kind():
    return make_request_type("printer", name="Printer")


@pytest.fixture
def agent(kind):
    return make_agent(kind.team, name="Zhou Min")


def by_phone(kind, **values):
    return submit(kind, email="", phone="13812345678", language="zh-hans", **values)


def all_texts() -> list[str]:
    return list(OutgoingSms.objects.order_by("pk").values_list("text", flat=True))


def test_number_link_answer_and_rating_come_by_text_message(texts, kind, agent):
    ticket = resolved(agent, answered(agent, by_phone(kind), "请先关闭省电模式。"), "升级固件后正常。")
    received, answer, solved = OutgoingSms.objects.order_by("pk")
    assert {received.to_phone, answer.to_phone, solved.to_phone} == {PHONE}
    assert str(ticket.number) in received.text and f"/help/tickets/{ticket.access_token}/" in received.text
    assert "请先关闭省电模式。" in answer.text and ticket.access_token in answer.text
    assert "升级固件后正常。" in solved.text and f"/rate/{Rating.objects.get().token}/" in solved.text
    assert OutgoingMail.objects.count() == 0 and Task.objects.count() == 0
    reply = Message.objects.get(pk=answer.related_id)
    assert reply.state == "sending" and reply.body == "请先关闭省电模式。"
    send(answer.pk)
    reply.refresh_from_db()
    assert reply.state == "sent"


def test_who_has_both_gets_mail_only(texts, kind, agent):
    answered(agent, submit(kind, email="lei@example.test", phone="13812345678"))
    assert OutgoingSms.objects.count() == 0 and OutgoingMail.objects.filter(template="tickets.reply").count() == 1


def test_a_long_answer_is_cut_and_leads_to_the_page(texts, kind, agent, settings):
    answered(agent, by_phone(kind), "很长的回答。" * 200)
    answer = OutgoingSms.objects.get(template="tickets.reply")
    assert answer.parts == settings.SMS_MAX_PARTS and "..." in answer.text
    assert answer.text.endswith(f"/help/tickets/{Ticket.objects.get().access_token}/")


def test_courtesies_cost_no_text_message(texts, kind, agent):
    ticket = by_phone(kind)
    Ticket.objects.filter(pk=ticket.pk).update(verified_at=clock.now())
    answered(agent, fresh(ticket))
    assert [row.template for row in OutgoingSms.objects.order_by("pk")] == ["tickets.received", "tickets.reply"]


def test_an_unproved_number_gets_the_fixed_text_once_a_day(texts, kind):
    by_phone(kind)
    by_phone(kind)
    assert OutgoingSms.objects.count() == 1
    with clock.shifted(dt.timedelta(hours=25)):
        by_phone(kind)
    assert OutgoingSms.objects.count() == 2


def test_a_colleague_who_takes_a_call_sends_number_and_link(texts, kind, agent):
    contact = by_phone(kind).contact
    OutgoingSms.objects.all().delete()
    create_ticket(actor=staff(agent), contact=contact, request_type=kind, subject="Again", description="Again")
    assert OutgoingSms.objects.get().template == "tickets.received"


def test_opening_the_texted_link_says_only_that_the_number_wants_our_texts(texts, kind, client):
    ticket = by_phone(kind)
    path = re.search(r"/help/tickets/[^/]+/", all_texts()[0])[0]
    assert "这是我的" in client.get(path).content.decode() or "my number" in client.get(path).content.decode()
    client.post(f"{path}confirm/")
    assert fresh(ticket).verified_at and not Identity.objects.get(value=PHONE).verified_at


def test_the_link_shown_after_sending_opens_nothing_once_one_travels_by_text(texts, kind, agent, client):
    ticket = answered(agent, by_phone(kind), "CANARY answer")
    page = client.get(f"/help/tickets/{ticket.guest_token}/").content.decode()
    assert "CANARY" not in page and ticket.access_token not in page and "<textarea" not in page
    assert client.post(f"/help/tickets/{ticket.guest_token}/reply/", {"body": "x"}).status_code == 404
    sent = client.get(f"/help/tickets/sent/{ticket.guest_token}/").content.decode()
    assert "138 **** 5678" in sent and "13812345678" not in sent


def test_the_link_shown_opens_the_ticket_when_the_text_cannot_arrive(texts, kind, agent, client):
    ticket = answered(agent, by_phone(kind), "We call you at ten.")
    OutgoingSms.objects.update(state="failed")
    assert "We call you at ten." in client.get(f"/help/tickets/{ticket.guest_token}/").content.decode()


def test_without_text_messages_a_call_task_stands_on_the_ticket(kind, agent):
    ticket = resolved(agent, answered(agent, by_phone(kind), "Switch off power saving."), "Firmware 3.3.")
    received, answer, solved = Task.objects.order_by("pk")
    assert {task.what for task in (received, answer, solved)} == {"call"}
    assert all(str(ticket.number) in task.title and "138 **** 5678" in task.title for task in Task.objects.all())
    assert "Switch off power saving." in answer.notes and "Firmware 3.3." in solved.notes
    assert received.team_id == kind.team_id and answer.assignee_id == agent.pk and answer.due_at
    assert OutgoingSms.objects.count() == 0


def test_what_came_of_the_call_is_noted_on_the_ticket(kind, agent):
    ticket = answered(agent, by_phone(kind), "Switch off power saving.")
    task = Task.objects.order_by("-pk").first()
    finish_task(actor=staff(agent), task=task, result="Reached her, it works now.")
    deliver()
    deliver()
    notes = Message.objects.filter(conversation=ticket.conversation_id, direction="internal")
    assert [note.author_label for note in notes] == ["Zhou Min"] and "it works now" in notes[0].body


def test_a_text_that_did_not_arrive_becomes_one_call_task(kind, agent, settings):
    with gateway() as fake:
        settings.SMS = fake.settings
        by_phone(kind)
        fake.answers = [(400, {}, {"code": 21614, "message": "not a mobile number"})]
        send(OutgoingSms.objects.get().pk)
    deliver()
    deliver()
    task = Task.objects.get()
    assert "did not arrive" in task.title and Ticket.objects.get().access_token in task.notes


def test_who_opted_out_is_called(texts, kind, agent, client):
    ticket = by_phone(kind)
    path = f"/help/tickets/{ticket.access_token}/"
    assert client.post(f"{path}texts/", {"texts": "off"}).status_code == 302
    assert SmsOptOut.objects.get().source == "customer" and way_to(ticket) is Way.CALL
    answered(agent, ticket, "Fine?")
    assert Task.objects.get().what == "call" and OutgoingSms.objects.count() == 1
    client.post(f"{path}texts/", {"texts": "on"})
    assert way_to(ticket) is Way.SMS


def test_only_the_texted_link_stops_text_messages(texts, kind, client):
    ticket = by_phone(kind)
    assert client.post(f"/help/tickets/{ticket.guest_token}/texts/", {"texts": "off"}).status_code == 404
    mailed = submit(kind)
    assert client.post(f"/help/tickets/{mailed.access_token}/texts/", {"texts": "off"}).status_code == 404
    assert SmsOptOut.objects.count() == 0


def test_the_composer_says_where_the_answer_goes(texts, kind, agent, client, settings):
    ticket = answered(agent, by_phone(kind))
    client.force_login(agent)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Text message to 138 1234 5678" in page and "parts: 2" in page  # agents may see addresses
    told = destination_of(staff(agent), ticket, "很长的回答。" * 200)
    assert (told.parts, told.is_cut) == (settings.SMS_MAX_PARTS, True)
    settings.SMS = {"sender": "none", "countries": []}
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "a call task will stand here" in page
    mailed = answered(agent, submit(kind, email="emma@example.test"))
    page = client.get(f"/tickets/{mailed.number}/").content.decode()
    assert "emma@example.test" in page and "call task" not in page
    assert destination_of(Actor.contact(1, "nobody"), mailed).address == "em***@example.test"
    assert destination_of(Actor.contact(1, "nobody"), ticket).address == "138 **** 5678"
