"""Planning, moving, calling off and closing meetings."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from django.db import models
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line, clean_text, excerpt

from .. import subjects
from ..choices import Answer
from ..exceptions import MeetingIsClosed
from ..ics import CANCEL, REQUEST
from ..meetings import Guest
from ..models import LONGEST, Meeting, MeetingAttendee, MeetingProposal
from .invitations import invite
from .tasks import seen_kind

#: What a person may set; anything else in `values` raises `Invalid`.
FACTS = ("title", "notes", "starts_at", "ends_at", "zone", "place", "link", "remind_minutes")
#: What guests are told of anew.
_OUTSIDE = frozenset({"title", "notes", "starts_at", "ends_at", "place", "link"})


@action(permission="planner.work", leaves_scope=True)
def add_meeting(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    users: Sequence[User] = (),
    guests: Sequence[Guest] = (),
    subject: models.Model | None = None,
) -> Meeting:
    """Plans a meeting about a record or none; guests are invited by mail, colleagues are told.

    values: any of `FACTS`. Whoever calls it organizes it and takes part. Raises `Invalid` with `fields`, `NotFound`
    for a record the actor may not see.
    """
    row = Meeting(organizer_id=actor.user_id, uid=f"{uuid.uuid4()}@planner", zone="UTC")
    if subject is not None:
        row.kind, row.object_id = seen_kind(actor, subject), subject.pk
    _fill(row, values)
    row.save()
    people = {user.pk: user for user in users}
    if actor.user_id is not None:
        people.setdefault(actor.user_id, User.objects.get(pk=actor.user_id))
    if not people and not guests:
        raise Invalid(fields={"users": _("Choose who takes part")})
    _seat(row, list(people.values()), guests)
    tell(actor, "planner.meeting_added", row, subject)
    invite(actor, row, row.attendees.all(), REQUEST)
    return row


@action(permission="planner.work", leaves_scope=True)
def change_meeting(
    *,
    actor: Actor,
    meeting: Meeting,
    values: Mapping[str, Any],
    users: Sequence[User] | None = None,
    guests: Sequence[Guest] | None = None,
) -> Meeting:
    """Changes any of `FACTS` and who takes part (None: as before). Guests get an update, removed ones a cancellation.

    Raises `MeetingIsClosed`, `Invalid`, `NotFound`.
    """
    row = locked(actor, meeting)
    before = {name: getattr(row, name) for name in FACTS}
    seats = list(row.attendees.select_related("user"))
    _fill(row, values)
    changed = {name for name, old in before.items() if getattr(row, name) != old}
    gone, come = _reseat(row, seats, users, guests)
    if not changed and not gone and not come:
        return row
    row.sequence += 1
    if changed & {"starts_at", "ends_at"}:
        row.asked_at = None
        MeetingProposal.objects.filter(seat__meeting=row).delete()
        row.attendees.update(answer=Answer.NONE, answered_at=None, asked_sequence=row.sequence)
    row.save()
    invite(actor, row, gone, CANCEL)
    present = list(row.attendees.select_related("user"))
    invite(actor, row, present if changed & _OUTSIDE else come, REQUEST)
    tell(actor, "planner.meeting_changed", row, data={"moved": bool(changed & {"starts_at", "ends_at"})})
    return row


@action(permission="planner.work")
def cancel_meeting(*, actor: Actor, meeting: Meeting, reason: str = "") -> Meeting:
    """Calls a meeting off; guests get a cancellation. Twice changes nothing. Raises `MeetingIsClosed`, `NotFound`."""
    if Meeting.objects.visible_to(actor).filter(pk=meeting.pk, cancelled_at__isnull=False).exists():
        return Meeting.objects.get(pk=meeting.pk)
    row = locked(actor, meeting)
    row.cancelled_at, row.remind_at, row.sequence = clock.now(), None, row.sequence + 1
    row.save(update_fields=["cancelled_at", "remind_at", "sequence"])
    text = clean_text(reason, 400)
    invite(actor, row, row.attendees.select_related("user"), CANCEL, words=text)
    tell(actor, "planner.meeting_cancelled", row, data={"text": text} if text else {})
    return row


@action(permission="planner.work", leaves_scope=True)
def replace_in_meeting(*, actor: Actor, meeting: Meeting, user: User, to: User) -> Meeting:
    """Puts a colleague in the place of another, as organizer too; guests learn who calls it now.

    Raises `MeetingIsClosed`, `NotFound`.
    """
    row = locked(actor, meeting)
    row.attendees.filter(user=user).delete()
    MeetingAttendee.objects.get_or_create(meeting=row, user=to)
    if row.organizer_id == user.pk:
        row.organizer = to
        row.sequence += 1
        row.save(update_fields=["organizer", "sequence"])
        invite(actor, row, row.attendees.select_related("user"), REQUEST)
    tell(actor, "planner.meeting_handed_over", row, data={"from": user.name, "to": to.name, "to_id": to.pk})
    return row


@action(permission="planner.work")
def note_outcome(*, actor: Actor, meeting: Meeting, outcome: str) -> Meeting:
    """Says what came of a meeting; the record's own kind may log it too, as customers log an interaction.

    Raises `Invalid` before it has begun or without a text, `MeetingIsClosed`, `NotFound`.
    """
    text = clean_text(outcome, 10_000)
    if not text:
        raise Invalid(fields={"outcome": _("Say in a few words what came of it")})
    row = locked(actor, meeting)
    if row.starts_at > clock.now():
        raise Invalid(_("This meeting has not begun yet."))
    row.outcome, row.held_at, row.remind_at = text, clock.now(), None
    row.save(update_fields=["outcome", "held_at", "remind_at"])
    declared, subject = subjects.by_code(row.kind), _subject(row)
    told = declared.held(actor, subject, row) if declared is not None and declared.held and subject else None
    tell(actor, "planner.meeting_held", row, subject, {"text": excerpt(text, 280)}, leave_out=told)
    return row


def locked(actor: Actor, meeting: Meeting) -> Meeting:
    """The meeting, fresh and locked, out of the actor's set. Raises `NotFound`, `MeetingIsClosed`."""
    row: Meeting | None = Meeting.objects.visible_to(actor).lock().filter(pk=meeting.pk).first()
    if row is None:
        raise NotFound
    if row.is_cancelled or row.held_at is not None:
        raise MeetingIsClosed
    return row


def tell(
    actor: Actor,
    type: str,
    row: Meeting,
    subject: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
    leave_out: models.Model | None = None,
) -> None:
    """Writes the deed on the meeting, its record and whatever its kind names besides, `leave_out` left out."""
    declared, subject = subjects.by_code(row.kind), subject or _subject(row)
    further = declared.anchors(subject) if declared is not None and subject is not None else ()
    anchors = [each for each in (subject, *further) if each is not None and each != leave_out]
    facts = {"title": row.title, "starts_at": row.starts_at.isoformat(), **(data or {})}
    record(actor=actor, type=type, subject=row, anchors=anchors, data=facts)


def _subject(row: Meeting) -> models.Model | None:
    declared = subjects.by_code(row.kind)
    found: models.Model | None = None
    if declared is not None:
        found = declared.rows(Actor.system()).filter(pk=row.object_id).first()
    return found


def _fill(row: Meeting, values: Mapping[str, Any]) -> None:
    """Sets checked values and when to remind. Raises `Invalid`."""
    wrong: dict[str, object] = {name: _("This field cannot be set") for name in set(values) - set(FACTS)}
    for name, value in values.items():
        setattr(row, name, value)
    row.title, row.place = clean_line(row.title or "", 200), clean_line(row.place or "", 200)
    row.notes = clean_text(row.notes or "", 4000)
    if not row.title:
        wrong["title"] = _("Say what the meeting is about")
    if row.starts_at is None or row.ends_at is None or row.ends_at <= row.starts_at:
        wrong["ends_at"] = _("The end has to lie after the start")
    elif row.ends_at - row.starts_at > LONGEST:
        wrong["ends_at"] = _("A meeting lasts at most two weeks")
    if row.zone not in available_timezones():
        wrong["zone"] = _("Choose a time zone")
    if row.link and not row.link.startswith(("https://", "http://")):
        wrong["link"] = _("Enter an address that begins with https://")
    if row.remind_minutes is not None and not 0 <= row.remind_minutes <= 20_160:
        wrong["remind_minutes"] = _("Choose how long before")
    if wrong:
        raise Invalid(fields=wrong)
    row.remind_at = reminder_of(row)


def reminder_of(row: Meeting) -> dt.datetime | None:
    """When its people are told of it; None for never, or when that has passed."""
    at = None if row.remind_minutes is None else row.starts_at - dt.timedelta(minutes=row.remind_minutes)
    return at if at is not None and at > clock.now() else None


def _seat(row: Meeting, users: Sequence[User], guests: Sequence[Guest]) -> list[MeetingAttendee]:
    """Adds people. Raises `Invalid` for a colleague who left."""
    if any(not user.is_active for user in users):
        raise Invalid(fields={"users": _("Choose colleagues who still work here")})
    seats = [MeetingAttendee(meeting=row, user=user) for user in users]
    unique = {guest.email.lower(): guest for guest in guests if guest.email}
    seats += [
        MeetingAttendee(
            meeting=row,
            name=clean_line(guest.name, 200),
            email=email,
            language=guest.language,
            asked_sequence=row.sequence,
        )
        for email, guest in unique.items()
    ]
    return MeetingAttendee.objects.bulk_create(seats)


def _reseat(
    row: Meeting,
    seats: Sequence[MeetingAttendee],
    users: Sequence[User] | None,
    guests: Sequence[Guest] | None,
) -> tuple[list[MeetingAttendee], list[MeetingAttendee]]:
    """Brings the seats to what is wanted; who went and who came."""
    gone: list[MeetingAttendee] = []
    new_users: list[User] = []
    new_guests: list[Guest] = []
    if users is not None:
        wanted = {user.pk for user in users}
        gone += [seat for seat in seats if seat.user_id is not None and seat.user_id not in wanted]
        new_users = [user for user in users if user.pk not in {seat.user_id for seat in seats}]
    if guests is not None:
        addresses = {guest.email.lower() for guest in guests}
        gone += [seat for seat in seats if seat.user_id is None and seat.email not in addresses]
        new_guests = [guest for guest in guests if guest.email.lower() not in {seat.email for seat in seats}]
    MeetingAttendee.objects.filter(pk__in=[seat.pk for seat in gone]).delete()
    come = _seat(row, new_users, new_guests)
    if not row.attendees.exists():
        raise Invalid(fields={"users": _("Choose who takes part")})
    return gone, come
