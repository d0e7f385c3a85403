"""Invitations as RFC 5545 (iCalendar) with the methods of RFC 5546 (iTIP): REQUEST and CANCEL.

Times are written in UTC, so that no time zone has to be described; the reader's calendar shows them in its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .models import Meeting, MeetingAttendee

REQUEST, CANCEL = "REQUEST", "CANCEL"
_PRODUCT = "-//Crm//Planner//EN"
#: Octets of a line before it is folded (RFC 5545 §3.1).
_WIDTH = 75


@dataclass(frozen=True, slots=True)
class Person:
    """A name and a mail address."""

    name: str
    email: str


def event(
    meeting: Meeting, *, organizer: Person, attendees: Sequence[MeetingAttendee], method: str, now: dt.datetime
) -> str:
    """One meeting as an iCalendar object with CRLF line ends. A higher SEQUENCE under the same UID replaces it."""
    status = "CANCELLED" if method == CANCEL else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}",
        "BEGIN:VEVENT", f"UID:{meeting.uid}", f"SEQUENCE:{meeting.sequence}", f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(meeting.starts_at)}", f"DTEND:{_moment(meeting.ends_at)}",
        f"SUMMARY:{_text(meeting.title)}", f"STATUS:{status}",
        f"ORGANIZER;CN={_param(organizer.name)}:mailto:{organizer.email}",
    ]  # fmt: skip
    lines += [
        f"ATTENDEE;CN={_param(seat.shown_name)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{seat.address}"
        for seat in attendees
        if seat.address
    ]
    if meeting.place or meeting.link:
        lines.append(f"LOCATION:{_text(meeting.place or meeting.link)}")
    if meeting.link:
        lines.append(f"URL:{meeting.link}")
    if meeting.notes:
        lines.append(f"DESCRIPTION:{_text(meeting.notes)}")
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """§3.3.11: backslash, semicolon and comma are escaped, a line end is written as \\n."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def _param(value: str) -> str:
    """A quoted parameter value; it cannot hold quotes or controls (§3.2)."""
    return '"' + "".join(char for char in value if char != '"' and char >= " ") + '"'


def _folded(line: str) -> Iterable[str]:
    """§3.1: at most 75 octets a line, never within a character; what goes on begins with a blank."""
    current, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _WIDTH:
            yield current
            current, size = " ", 1
        current, size = current + char, size + width
    yield current
