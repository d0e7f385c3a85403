"""Meetings: who may, who is taken, what guests get by mail, what is asked afterwards, and the calendar."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone, translation

from crm.accounts.models import Absence
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.files.models import Attachment
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.planner.actions import add_meeting, cancel_meeting, change_meeting, note_outcome
from crm.planner.calendar import calendar
from crm.planner.exceptions import MeetingIsClosed
from crm.planner.ics import REQUEST, Person, event
from crm.planner.meetings import Guest, clash_words, clashes
from crm.planner.models import Meeting, MeetingAttendee
from crm.planner.subscribers import tell_people
from crm.planner.sweeps import ask_what_came, remind_due_meetings
from crm.testing.builders import make_team, make_user, staff
from crm.testing.suites import DetailSuite, signed_in

from .builders import make_task

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)  # a Monday, noon in Shanghai
HOUR = dt.timedelta(hours=1)


def plan(host: Any, start: dt.datetime = NOON + HOUR, *, guests: Any = (), users: Any = (), **values: Any) -> Meeting:
    facts = {"title": "Kick-off", "starts_at": start, "ends_at": start + HOUR, "zone": "Asia/Shanghai", **values}
    return add_meeting(actor=staff(host), values=facts, users=users, guests=guests)


def ics_of(mail: OutgoingMail) -> str:
    file = Attachment.objects.on("outgoing_mail", mail.pk).select_related("blob").get()
    assert file.blob.media_type == "text/calendar"
    with default_storage.open(file.blob.storage_name) as stored:
        return stored.read().decode()


def test_guests_get_invitation_update_and_cancellation_with_rising_sequence() -> None:
    host = make_user(name="Ann")
    guest, other = Guest("Li Na", "li@example.com", "zh-hans"), Guest("", "bo@example.com", "en")
    with clock.at(NOON):
        row = plan(host, guests=[guest, other], place="Room 2; left", notes="Price,\nterms")
        mails = {mail.to_email: mail for mail in OutgoingMail.objects.all()}
        assert set(mails) == {"li@example.com", "bo@example.com"}
        assert (
            mails["li@example.com"].subject == "会议邀请：Kick-off" and mails["bo@example.com"].reply_to == host.email
        )
        text = ics_of(mails["bo@example.com"])
        for part in (
            "METHOD:REQUEST", f"UID:{row.uid}", "SEQUENCE:0", "DTSTART:20260302T050000Z", "DTEND:20260302T060000Z",
            "LOCATION:Room 2\\; left", "DESCRIPTION:Price\\,\\nterms", "STATUS:CONFIRMED",
        ):  # fmt: skip
            assert f"{part}\r\n" in text
        assert "2 Mar 2026, 13:00 to 14:00 (Asia/Shanghai)" in mails["bo@example.com"].text
        OutgoingMail.objects.all().delete()
        change_meeting(actor=staff(host), meeting=row, values={"remind_minutes": 60})
        assert not OutgoingMail.objects.exists()
        change_meeting(actor=staff(host), meeting=row, values={"starts_at": NOON + 1.5 * HOUR}, guests=[guest])
        sent = {mail.to_email: ics_of(mail) for mail in OutgoingMail.objects.all()}
        assert "METHOD:REQUEST" in sent["li@example.com"] and "SEQUENCE:2" in sent["li@example.com"]
        assert "METHOD:CANCEL" in sent["bo@example.com"] and "STATUS:CANCELLED" in sent["bo@example.com"]
        OutgoingMail.objects.all().delete()
        cancel_meeting(actor=staff(host), meeting=row, reason="Strike")
        cancel_meeting(actor=staff(host), meeting=row)
        (mail,) = OutgoingMail.objects.all()
        assert "SEQUENCE:3" in ics_of(mail) and "Strike" in mail.text
        with pytest.raises(MeetingIsClosed):
            change_meeting(actor=staff(host), meeting=row, values={"title": "Again"})


def test_lines_are_folded_between_characters_and_quotes_cannot_escape() -> None:
    row = Meeting(
        title="年度框架协议评审会议" * 6, uid="u@planner", starts_at=NOON, ends_at=NOON + HOUR, zone="UTC", sequence=0
    )
    seat = MeetingAttendee(name='Bo "X"\r\nATTENDEE:evil', email="bo@example.com")
    text = event(row, organizer=Person("Ann", "ann@example.com"), attendees=[seat], method=REQUEST, now=NOON)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert f"SUMMARY:{row.title}\r\n" in unfolded
    assert not [line for line in unfolded.split("\r\n") if line.startswith("ATTENDEE:evil")]


def test_who_is_taken_is_said_without_what_for() -> None:
    ann, bo, free = make_user(name="Ann"), make_user(name="Bo"), make_user()
    with clock.at(NOON):
        row = plan(ann)
        Absence.objects.create(user=bo, starts_at=NOON, ends_at=NOON + 2 * HOUR)
        found = clashes([ann, bo, free], NOON + 1.5 * HOUR, NOON + 3 * HOUR)
        with translation.override("en"):
            assert [clash_words(each, dt.UTC) for each in found] == [
                "Bo is away then.", "Ann is in another meeting from 05:00 to 06:00.",
            ]  # fmt: skip
        assert not clashes([ann], NOON + 2 * HOUR, NOON + 3 * HOUR)
        assert not clashes([ann], row.starts_at, row.ends_at, leave_out=row.pk)
        client = signed_in(bo)
        values = {
            "title": "Review", "day": "2026-03-02", "start": "13:30", "minutes": "60", "zone": "Asia/Shanghai",
            "users": [ann.pk], "others": "Li Na <li@example.com>\n", "remind_minutes": "15",
        }  # fmt: skip
        page = client.post(reverse("planner:meeting_create"), values)
        assert page.status_code == 422 and "Ann is in another meeting" in page.content.decode()
        assert client.post(reverse("planner:meeting_create"), values | {"others": "nobody"}).status_code == 422
        assert client.post(reverse("planner:meeting_create"), values | {"anyway": "1"}).status_code == 302
        second = Meeting.objects.get(title="Review")
        assert second.starts_at == NOON + 1.5 * HOUR and second.remind_at == NOON + 1.25 * HOUR
        assert {seat.address for seat in second.attendees.all()} == {bo.email, ann.email, "li@example.com"}
        url = reverse("planner:meeting_update", args=[second.pk])
        form = client.get(url).context["form"]
        kept = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        assert client.post(url, kept | {"day": "2026-03-03", "start": "09:00"}).status_code == 302
        second.refresh_from_db()
        assert second.starts_at == dt.datetime(2026, 3, 3, 1, tzinfo=dt.UTC) and second.attendees.count() == 3


def test_reminders_come_once_and_afterwards_the_organizer_is_asked() -> None:
    host, colleague = make_user(name="Ann"), make_user()
    with clock.at(NOON):
        row = plan(host, users=[colleague], remind_minutes=15)
        add_meeting(
            actor=staff(host),
            values={"title": "Off", "starts_at": NOON, "ends_at": NOON + HOUR},
        )
        for activity in Activity.objects.filter(type=1760):
            tell_people(activity)
        assert list(Notification.objects.values_list("user", flat=True)) == [colleague.pk]
        assert remind_due_meetings() == 0
    with clock.at(NOON + dt.timedelta(minutes=50)):
        assert (remind_due_meetings(), remind_due_meetings()) == (1, 0)
        with pytest.raises(Invalid):
            note_outcome(actor=staff(host), meeting=row, outcome="Too early")
    Meeting.objects.filter(pk=row.pk).update(kind=90, object_id=make_task(assignee=host).pk)
    with clock.at(NOON + 3 * HOUR):
        assert (ask_what_came(), ask_what_came()) == (1, 0)
        page = signed_in(host).get(reverse("planner:meeting_detail", args=[row.pk])).content.decode()
        assert "Outcome missing" in page
        with pytest.raises(NotFound):
            note_outcome(actor=staff(make_user()), meeting=row, outcome="Not mine")
        with pytest.raises(Invalid):
            note_outcome(actor=staff(colleague), meeting=row, outcome=" ")
        assert note_outcome(actor=staff(colleague), meeting=row, outcome="They sign in May").held_at is not None
        with pytest.raises(MeetingIsClosed):
            cancel_meeting(actor=staff(host), meeting=row)


def test_what_cannot_be_is_said_beside_its_field() -> None:
    host = make_user()
    for values, name in (
        ({"title": " "}, "title"), ({"ends_at": NOON}, "ends_at"), ({"ends_at": NOON + 400 * HOUR}, "ends_at"),
        ({"zone": "Mars/Base"}, "zone"), ({"link": "javascript:alert(1)"}, "link"),
        ({"remind_minutes": -1}, "remind_minutes"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            plan(host, **values)
        assert name in caught.value.fields
    with pytest.raises(NotAllowed):
        plan(make_user("auditor"))
    with pytest.raises(Invalid):
        add_meeting(actor=Actor.system(), values={"title": "x", "starts_at": NOON, "ends_at": NOON + HOUR})
    assert not Meeting.objects.exists()


def test_the_calendar_shows_own_days_and_of_colleagues_only_that_they_are_busy() -> None:
    team = make_team("North")
    ann, bo = make_user(name="Ann", teams=[team]), make_user(name="Bo", teams=[team])
    with clock.at(NOON), translation.override("en"):
        plan(ann, title="Secret"), plan(ann, NOON + 1.5 * HOUR, title="Overlap"), plan(bo, title="Mine")
        make_task(title="At three", assignee=bo, due_at=NOON + 3 * HOUR)
        make_task(title="Some time", assignee=bo, due_on=dt.date(2026, 3, 4))
        make_task(title="Next week", assignee=bo, due_on=dt.date(2026, 3, 11))
        client = signed_in(bo)
        own = client.get(reverse("planner:calendar")).content.decode()
        assert [name in own for name in ("Mine", "At three", "Some time", "Secret", "Next week")] == [
            True, True, True, False, False,
        ]  # fmt: skip
        both = client.get(reverse("planner:calendar"), {"team": team.pk}).content.decode()
        assert both.count("Busy") == 2 and "Secret" not in both and "overlaps another meeting" in both
        assert len(re.findall(r"row-\d+ span-4 lane-2-3", both)) == 1
        day = client.get(reverse("planner:calendar"), {"view": "day", "day": "2026-03-11"}).content.decode()
        assert "Next week" in day and "At three" not in day
        assert client.get(reverse("planner:calendar"), {"day": "never", "team": "99999"}).status_code == 200


def test_a_night_is_cut_at_midnight_and_an_early_one_opens_the_day() -> None:
    host = make_user()
    start = dt.datetime(2026, 3, 2, 14, 30, tzinfo=dt.UTC)
    with clock.at(NOON), timezone.override(ZoneInfo("Asia/Shanghai")):
        plan(host, start, ends_at=start + 9 * HOUR)
        found = calendar(staff(host), [host], dt.date(2026, 3, 2), 2)
        first, second = (day.timed[0] for day in found.days)
        assert (first.time, second.time) == ("22:30–00:00", "00:00–07:30")
        assert (
            found.hours[0] == ("00:00", 1)
            and (second.row, second.span) == (1, 30)
            and (first.row, first.span) == (91, 6)
        )


class TestMeetingDetail(DetailSuite):
    url_name, permission, others = "planner:meeting_detail", "planner.view", ("planner.work",)

    @pytest.fixture
    def user(self) -> Any:
        from crm.testing.suites import staff as reader

        self.holder = reader("planner.view", "planner.work")
        return self.holder

    def make_one(self) -> Meeting:
        return plan(getattr(self, "holder", None) or make_user())

    def make_hidden(self) -> Meeting:
        return plan(make_user())
