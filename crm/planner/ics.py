"""Invitations and the answers to them: RFC 5545 (iCalendar) with the methods of RFC 5546 (iTIP).

Times are written in UTC, so that no time zone has to be described; the reader's calendar shows them in its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from crm.core.text import clean_line

from .choices import Answer
from .models import Meeting, MeetingAttendee

REQUEST, CANCEL, REPLY = "REQUEST", "CANCEL", "REPLY"
#: Another time is proposed, and the answer that it stays as it is (RFC 5546 §3.2.7 and §3.2.8).
COUNTER, DECLINE_COUNTER = "COUNTER", "DECLINECOUNTER"
_PRODUCT = "-//Crm//Planner//EN"
#: What §3.2.12 calls the answers; anything else, such as DELEGATED, says nothing about who comes.
_ANSWERS = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}
_PARTSTAT = {answer: word for word, answer in _ANSWERS.items()}


@dataclass(frozen=True, slots=True)
class Person:
    """A name and a mail address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody's calendar answered. email: in small letters. sequence: version of the meeting it answers to.

    at: when it was given, None where the calendar does not say. proposes: start and end that they would rather have.
    """

    uid: str
    email: str
    answer: Answer
    sequence: int
    at: dt.datetime | None
    proposes: tuple[dt.datetime, dt.datetime] | None = None


def event(
    meeting: Meeting, *, organizer: Person, attendees: Sequence[MeetingAttendee], method: str, now: dt.datetime
) -> str:
    """One meeting as an iCalendar object. A higher SEQUENCE under the same UID replaces it."""
    row = Event()
    row.add("uid", meeting.uid)
    row.add("sequence", meeting.sequence)
    row.add("dtstamp", now.astimezone(dt.UTC))
    row.add("dtstart", meeting.starts_at.astimezone(dt.UTC))
    row.add("dtend", meeting.ends_at.astimezone(dt.UTC))
    row.add("summary", meeting.title)
    row.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    row.add("organizer", _address(organizer.name, organizer.email))
    for seat in attendees:
        if seat.address:
            status = _PARTSTAT.get(Answer(seat.answer), "NEEDS-ACTION")
            person = _address(seat.shown_name, seat.address, ROLE="REQ-PARTICIPANT", PARTSTAT=status, RSVP="TRUE")
            row.add("attendee", person)
    for name, value in (
        ("location", meeting.place or meeting.link), ("url", meeting.link), ("description", meeting.notes),
    ):  # fmt: skip
        if value:
            row.add(name, value)
    calendar = Calendar()
    for name, value in (("version", "2.0"), ("prodid", _PRODUCT), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    calendar.add_component(row)
    text: str = calendar.to_ical().decode()
    return text


def read_reply(text: str) -> Reply | None:
    """The answer in an iCalendar object of a stranger's; None for anything else, however broken it is."""
    try:
        calendar = Calendar.from_ical(text)
        method = str(calendar.get("method", "")).upper()
        if method not in {REPLY, COUNTER}:
            return None
        row = calendar.walk("VEVENT")[0]
        person = row["attendee"][0] if isinstance(row["attendee"], list) else row["attendee"]
        stamp = getattr(row.get("dtstamp"), "dt", None)
        return Reply(
            uid=str(row["uid"]),
            email=str(person).lower().removeprefix("mailto:").strip(),
            answer=_ANSWERS.get(str(person.params.get("partstat", "")).upper(), Answer.NONE),
            sequence=int(row.get("sequence", 0)),
            at=stamp if isinstance(stamp, dt.datetime) and stamp.tzinfo else None,
            proposes=_span(row) if method == COUNTER else None,
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        return None


def _span(row: Any) -> tuple[dt.datetime, dt.datetime] | None:
    """Start and end in UTC; None without moments that have a zone."""
    start = row["dtstart"].dt
    end = row["dtend"].dt if "dtend" in row else start + row["duration"].dt
    if not all(isinstance(moment, dt.datetime) and moment.tzinfo for moment in (start, end)):
        return None
    return start.astimezone(dt.UTC), end.astimezone(dt.UTC)


def _address(name: str, email: str, **params: str) -> vCalAddress:
    """A calendar user; a parameter holds neither quotes nor controls (RFC 5545 §3.2)."""
    return vCalAddress(f"mailto:{email}", params={"CN": clean_line(name, 200).replace('"', "'"), **params})
