"""Who may be asked to a meeting besides colleagues, and who is busy at a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.accounts.models import Absence, User

from .models import Meeting, MeetingAttendee


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody outside who is asked by mail. language: of the invitation, "" for the brand's."""

    name: str
    email: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A colleague who is taken at that time. meeting: None for somebody who is away."""

    user: User
    starts_at: dt.datetime
    ends_at: dt.datetime
    meeting: Meeting | None = None


def clashes(
    users: Collection[User], starts_at: dt.datetime, ends_at: dt.datetime, *, leave_out: int | None = None
) -> list[Clash]:
    """Which of the colleagues are in another meeting or away within a time, in its order. Two queries.

    leave_out: the id of the meeting that is being moved. What ends when the other begins does not clash.
    """
    known = {user.pk: user for user in users}
    if not known:
        return []
    seats = MeetingAttendee.objects.filter(
        user__in=known, meeting__cancelled_at__isnull=True, meeting__deleted_at__isnull=True,
        meeting__starts_at__lt=ends_at, meeting__ends_at__gt=starts_at,
    ).exclude(meeting=leave_out or 0)  # fmt: skip
    found = [
        Clash(known[seat.user_id], seat.meeting.starts_at, seat.meeting.ends_at, seat.meeting)
        for seat in seats.select_related("meeting")
        if seat.user_id is not None
    ]
    away = Absence.objects.filter(user__in=known, starts_at__lt=ends_at, ends_at__gt=starts_at, ended_at__isnull=True)
    found += [Clash(known[row.user_id], row.starts_at, row.ends_at) for row in away]
    return sorted(found, key=lambda clash: (clash.starts_at, clash.user.pk))


def clash_words(clash: Clash, zone: dt.tzinfo) -> str:
    """What stands in the way, without saying what a colleague's meeting is about."""
    values = {
        "name": clash.user.name, "start": clash.starts_at.astimezone(zone).strftime("%H:%M"),
        "end": clash.ends_at.astimezone(zone).strftime("%H:%M"),
    }  # fmt: skip
    if clash.meeting is None:
        return _("%(name)s is away then.") % values
    return _("%(name)s is in another meeting from %(start)s to %(end)s.") % values


def overlapping(meetings: Collection[Meeting]) -> set[int]:
    """The ids of meetings of one person that share some time with another of them."""
    found: set[int] = set()
    latest: Meeting | None = None
    for row in sorted(meetings, key=lambda each: (each.starts_at, each.pk)):
        if latest is not None and row.starts_at < latest.ends_at:
            found |= {row.pk, latest.pk}
        if latest is None or row.ends_at > latest.ends_at:
            latest = row
    return found


def seats_of(meetings: Collection[int]) -> dict[int, list[MeetingAttendee]]:
    """Who takes part in each of the meetings. One query."""
    found: dict[int, list[MeetingAttendee]] = defaultdict(list)
    rows = MeetingAttendee.objects.filter(meeting__in=meetings).select_related("user").order_by("pk")
    for seat in rows:
        found[seat.meeting_id].append(seat)
    return found
