"""Guests answer by mail: what leaves is a real mail, what comes back goes through the mailbox's own pipeline."""

from __future__ import annotations

import datetime as dt
import email
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail as outbox
from django.urls import reverse
from icalendar import Calendar

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Scope
from crm.core.errors import NotAllowed, NotFound
from crm.core.models import Brand
from crm.core.sockets import activity_types, handovers, recyclables
from crm.messaging.delivery import wake_due
from crm.messaging.inbound.handling import handle
from crm.messaging.inbound.raw import receive
from crm.messaging.models import InboundMail, Mailbox, Message
from crm.notifications.models import Notification
from crm.planner.actions import accept_proposal, cancel_meeting, change_meeting, delete_meeting
from crm.planner.exceptions import ProposalIsOver
from crm.planner.meetings import Guest, clashes
from crm.planner.models import Meeting, MeetingProposal
from crm.planner.subscribers import tell_people
from crm.testing.builders import make_user, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person

from .test_meetings import HOUR, NOON, plan

pytestmark = pytest.mark.django_db
LI, BO = Guest("Li Na", "li@example.com", "en"), Guest("Bo", "bo@example.com", "en")


@pytest.fixture(autouse=True)
def mailbox(settings: Any, tmp_path: Any) -> Mailbox:
    settings.MEDIA_ROOT = tmp_path
    return Mailbox.objects.create(brand=Brand.default(), name="Support", address="desk@yunfan.example")


def sent() -> dict[str, tuple[Any, Any]]:
    """By receiver: the mail that left and the calendar object in it."""
    outbox.outbox.clear()
    wake_due()
    found = {}
    for message in outbox.outbox:
        parsed = email.message_from_bytes(message.message().as_bytes())
        parts = [part for part in parsed.walk() if part.get_content_type() == "text/calendar"]
        calendars = {part.get_payload(decode=True) for part in parts}
        assert len(parts) == 2 and len(calendars) == 1  # among the alternatives, and as a file
        calendar = Calendar.from_ical(calendars.pop())
        assert {part.get_param("method") for part in parts} == {str(calendar["METHOD"])}
        found[message.to[0].rpartition("<")[2].rstrip(">")] = (parsed, calendar.walk("VEVENT")[0])
    return found


def answer(
    invitation: Any, status: str, *, sender: str = "li@example.com", to: str = "", at: dt.datetime | None = None,
    headers: dict[str, str] | None = None, method: str = "REPLY", more: str = "",
) -> InboundMail:  # fmt: skip
    """The mail that a calendar program sends when its person presses a button, taken to its end."""
    reply = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Their//Calendar//EN\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
        f"UID:{invitation['UID']}\r\nSEQUENCE:{invitation['SEQUENCE']}\r\n"
        f"DTSTAMP:{at or clock.now():%Y%m%dT%H%M%SZ}\r\n{more}"
        f'ATTENDEE;CN="Li, Na";PARTSTAT={status}:mailto:{sender.upper()}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    message = EmailMessage()
    message["From"], message["To"] = f"Li Na <{sender}>", to or str(invitation["ORGANIZER"]).removeprefix("mailto:")
    message["Subject"], message["Message-ID"] = f"{status.title()}: Kick-off", f"<{InboundMail.objects.count()}@x.test>"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content("Looking forward to it")
    message.add_alternative(reply.encode(), "text", "calendar", params={"method": method, "charset": "utf-8"})
    stored = receive(message.as_bytes(), mailbox=Mailbox.objects.get())
    handle(stored.pk)
    stored.refresh_from_db()
    return stored


def answers(meeting: Meeting) -> dict[str, str]:
    return {seat.email: seat.answer for seat in meeting.attendees.filter(user__isnull=True)}


def told(type: str) -> Any:
    return Activity.objects.filter(type=activity_types[type].code).order_by("-pk").first()


def test_the_answer_of_a_calendar_comes_back_to_the_seat_and_the_organizer_hears_of_it() -> None:
    host = make_user(name="Ann")
    with clock.at(NOON):
        row = plan(host, guests=[LI, BO])
        mails = sent()
        parsed, invitation = mails["li@example.com"]
        organizer = str(invitation["ORGANIZER"])
        assert organizer.startswith("mailto:desk+t-") and parsed["Reply-To"] in organizer
        assert invitation["ORGANIZER"].params["CN"] == "Ann"
        generated = {"Auto-Submitted": "auto-generated"}  # as some calendars mark what a person pressed
        assert answer(invitation, "ACCEPTED", headers=generated).state == "handled"
        assert answer(mails["bo@example.com"][1], "DECLINED", sender="bo@example.com", to="desk@yunfan.example")
        assert answers(row) == {"li@example.com": "accepted", "bo@example.com": "declined"}
        tell_people(told("planner.meeting_answered"))
        heard = Notification.objects.get()
        assert heard.user == host and heard.data["guest"] == "Bo" and heard.data["answer"]["en"] == "Declined"
        page = signed_in(host).get(reverse("planner:meeting_detail", args=[row.pk])).content.decode()
        assert "Accepted" in page and "Declined" in page
        words = EmailMessage()
        words["From"], words["To"], words["Message-ID"] = "li@example.com", parsed["Reply-To"], "<w@x.test>"
        words.set_content("Could we meet at three?")
        handle(receive(words.as_bytes(), mailbox=Mailbox.objects.get()).pk)
        assert told("planner.meeting_written").data["text"] == "Could we meet at three?"
        assert Message.objects.filter(conversation_id=Meeting.objects.get().conversation_id).count() == 3
        assert answers(row)["li@example.com"] == "accepted"


def test_what_answers_an_earlier_time_or_comes_from_a_stranger_changes_nothing() -> None:
    host = make_user()
    with clock.at(NOON):
        row = plan(host, guests=[LI])
        first = sent()["li@example.com"][1]
        answer(first, "ACCEPTED")
        change_meeting(actor=staff(host), meeting=row, values={"title": "Kick-off at last"})
        assert str(sent()["li@example.com"][1]["ATTENDEE"].params["PARTSTAT"]) == "ACCEPTED"
        change_meeting(actor=staff(host), meeting=row, values={"ends_at": row.ends_at + HOUR})
        second = sent()["li@example.com"][1]
        assert (int(second["SEQUENCE"]), second["ATTENDEE"].params["PARTSTAT"]) == (2, "NEEDS-ACTION")
        assert answer(first, "ACCEPTED").state == "handled" and answers(row) == {"li@example.com": ""}
        answer(second, "TENTATIVE", at=NOON - dt.timedelta(minutes=1))
        answer(second, "ACCEPTED", at=NOON - dt.timedelta(minutes=2))
        assert answers(row) == {"li@example.com": "tentative"}
        stranger = answer(second, "DECLINED", sender="eve@example.com")
        assert (stranger.state, stranger.reason) == ("held", "stranger")
        generated = answer({**second, "UID": "another"}, "ACCEPTED", to="desk@yunfan.example",
                           headers={"Auto-Submitted": "auto-generated"})  # fmt: skip
        assert (generated.state, generated.reason) == ("automatic", "generated")
        assert answer(second, "X;Y").state == "handled"
        assert answers(row) == {"li@example.com": "tentative"}
        cancel_meeting(actor=staff(host), meeting=row)
        assert int(sent()["li@example.com"][1]["SEQUENCE"]) == 3


def test_without_a_mailbox_answers_go_to_the_organizer() -> None:
    Mailbox.objects.update(is_active=False)
    host = make_user()
    with clock.at(NOON):
        plan(host, guests=[LI])
        assert str(sent()["li@example.com"][1]["ORGANIZER"]) == f"mailto:{host.email}"


def test_a_deleted_meeting_is_cancelled_outside_and_asked_anew_when_it_comes_back() -> None:
    host, boss = make_user(name="Ann"), make_user("supervisor")
    with clock.at(NOON):
        row = plan(host, guests=[LI])
        answer(sent()["li@example.com"][1], "ACCEPTED")
        with pytest.raises(NotFound):
            delete_meeting(actor=staff(make_user()), meeting=row)
        row.attendees.create(user=(mate := make_user()))
        with pytest.raises(NotAllowed):
            delete_meeting(actor=staff(mate), meeting=row)
        page = signed_in(host).post(reverse("planner:meeting_delete", args=[row.pk]))
        assert page.status_code == 302 and not Meeting.objects.exists()
        assert not clashes([host], row.starts_at, row.ends_at)
        cancelled = sent()["li@example.com"][1]
        assert (cancelled["STATUS"], int(cancelled["SEQUENCE"])) == ("CANCELLED", 1)
        assert answer(cancelled, "ACCEPTED").reason == "gone"
        bin_ = recyclables["meeting"]
        row.attendees.create(user=boss)
        (kept,) = bin_.deleted(staff(boss))
        bin_.restore(staff(boss), kept)
        again = sent()["li@example.com"][1]
        assert (again["STATUS"], int(again["SEQUENCE"])) == ("CONFIRMED", 2) and answers(row) == {"li@example.com": ""}
        delete_meeting(actor=staff(host), meeting=row)
        bin_.erase(staff(boss), bin_.deleted(staff(boss)).get())
        assert not Meeting.all_objects.exists() and told("planner.meeting_erased")


def test_meetings_of_a_leaver_go_to_a_colleague_and_come_back() -> None:
    leaver, heir, boss = make_user(name="Ann"), make_user(name="Bo"), make_user("supervisor")
    with clock.at(NOON):
        row = plan(leaver, guests=[LI], users=[boss])
        plan(leaver, NOON - 3 * HOUR, title="Over", users=[boss])
        sent()
        entry, actor = handovers["meetings"], staff(boss)
        (held,) = entry.rows(actor, leaver)
        memory = entry.move(actor, held, heir)
        row.refresh_from_db()
        people = set(User.objects.filter(meeting_seats__meeting=row))
        assert (row.organizer, people) == (heir, {heir, boss})
        moved = sent()["li@example.com"][1]
        assert moved["ORGANIZER"].params["CN"] == "Bo" and int(moved["SEQUENCE"]) == 1
        entry.undo(actor, leaver, row.pk, memory)
        row.refresh_from_db()
        assert row.organizer == leaver and not row.attendees.filter(user=heir).exists()


def propose(invitation: Any, start: dt.datetime, **further: Any) -> InboundMail:
    """ "Propose another time" of a calendar program: an hour from then."""
    span = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{start + HOUR:%Y%m%dT%H%M%SZ}\r\n"
    return answer(invitation, "TENTATIVE", method="COUNTER", more=span, **further)


def test_another_time_is_accepted_and_the_meeting_moves_or_declined_and_it_stays() -> None:
    host = person("planner.view", "planner.work")
    with clock.at(NOON):
        row = plan(host, guests=[LI, BO])
        mails, later = sent(), row.starts_at + dt.timedelta(days=1)
        assert propose(mails["li@example.com"][1], later).state == "handled"
        propose(mails["bo@example.com"][1], NOON - HOUR, sender="bo@example.com")  # has passed: kept as words
        proposal = MeetingProposal.objects.get()
        assert (proposal.seat.email, proposal.starts_at, proposal.ends_at) == ("li@example.com", later, later + HOUR)
        assert answers(row)["li@example.com"] == ""
        tell_people(told("planner.meeting_proposed"))
        assert Notification.objects.get().user == host
        client, stranger = signed_in(host), signed_in(person("planner.view", "planner.work", scope=Scope.OWN))
        page = reverse("planner:meeting_detail", args=[row.pk])
        accept, decline = (reverse(f"planner:proposal_{verb}", args=[proposal.pk]) for verb in ("accept", "decline"))
        shown = client.get(page).content.decode()
        assert accept in shown and decline in shown and "Looking forward to it" in shown
        assert stranger.post(accept).status_code == 404 and client.get(accept).status_code == 200
        sent()
        assert client.post(decline, {"reason": "The room is taken"}).status_code == 302
        parsed, kept = sent()["li@example.com"]
        assert "DECLINECOUNTER" in {part.get_param("method") for part in parsed.walk()}
        assert kept["DTSTART"].dt == row.starts_at and not MeetingProposal.objects.exists()
        propose(mails["li@example.com"][1], later)
        assert (
            client.post(reverse("planner:proposal_accept", args=[MeetingProposal.objects.get().pk])).status_code == 302
        )
        row.refresh_from_db()
        assert (row.starts_at, row.ends_at) == (later, later + HOUR) and not MeetingProposal.objects.exists()
        assert {address for address, (_mail, event) in sent().items() if event["DTSTART"].dt == later} == {
            "li@example.com",
            "bo@example.com",
        }
        propose(mails["li@example.com"][1], later + HOUR)  # answers the time before the move
        assert not MeetingProposal.objects.exists()
        with pytest.raises(ProposalIsOver):
            accept_proposal(actor=actor_for(host), proposal=proposal)
