"""Mails to the guests of a meeting, with the meeting for their own calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.files.actions.attachments import keep_attachment
from crm.files.blobs import stored
from crm.files.choices import Visibility
from crm.messaging.actions import open_conversation, queue_mail
from crm.messaging.actions.mail import answers_to
from crm.messaging.models import Conversation, Mailbox

from ..ics import CANCEL, DECLINE_COUNTER, Person, event
from ..models import Meeting, MeetingAttendee

MEDIA_TYPE = "text/calendar"


def invite(actor: Actor, meeting: Meeting, seats: Iterable[MeetingAttendee], method: str, *, words: str = "") -> None:
    """One mail to each guest among the seats, inside the verb that changed the meeting; colleagues are notified.

    Answers, by a button of the guest's calendar or in words, come back to the meeting.
    """
    guests = [seat for seat in seats if seat.user_id is None and seat.email]
    if not guests:
        return
    brand, conversation = Brand.default(), _conversation_of(actor, meeting)
    host = host_of(meeting)
    again = f":{clock.now().timestamp()}" if method == DECLINE_COUNTER else ""  # a guest may propose a second time
    for guest in guests:
        language = guest.language or brand.language
        mail = queue_mail(
            actor=actor, template_key=template_of(meeting, method), to_email=guest.email, to_name=guest.name,
            language=language, brand=brand, conversation=conversation, reply_to=host.email,
            values=values_of(meeting, host, language, words),
            dedupe_key=f"meeting:{meeting.pk}:{meeting.sequence}:{method}:{guest.email}{again}",
        )  # fmt: skip
        if mail is None:
            continue
        text = event(meeting, organizer=host, attendees=[guest], method=method, now=clock.now())
        name = "cancelled.ics" if method == CANCEL else "invitation.ics"
        with stored(ContentFile(text.encode(), name), MEDIA_TYPE) as content:
            keep_attachment(
                actor=actor, kind="outgoing_mail", object_id=mail.pk, name=name, content=content,
                visibility=Visibility.INTERNAL,
            )  # fmt: skip


def _conversation_of(actor: Actor, meeting: Meeting) -> Conversation:
    """Where answers come back to, opened with the first invitation."""
    if meeting.conversation is None:
        brand = Brand.default()
        meeting.conversation = open_conversation(
            actor=actor, brand=brand, subject=meeting.title, channel="email", language=brand.language
        )
        meeting.save(update_fields=["conversation"])
    found: Conversation = meeting.conversation
    return found


def host_of(meeting: Meeting) -> Person:
    """The organizer, under the address that answers go to: the meeting's own where a mailbox is read, else theirs."""
    brand, organizer = Brand.default(), meeting.organizer
    name = organizer.name if organizer is not None else str(brand)
    address = organizer.email if organizer is not None else brand.sender_email
    if meeting.conversation is not None and Mailbox.objects.filter(brand=brand, is_active=True).exists():
        address = answers_to(brand, meeting.conversation) or brand.sender_email
    return Person(name, address)


def template_of(meeting: Meeting, method: str) -> str:
    """The wording: of a first invitation, of an update, of a cancellation, or that it stays as it was."""
    if method == CANCEL:
        return "planner.meeting_cancelled"
    if method == DECLINE_COUNTER:
        return "planner.proposal_declined"
    return "planner.meeting_changed" if meeting.sequence else "planner.meeting_invited"


def values_of(meeting: Meeting, host: Person, language: str, words: str) -> dict[str, str]:
    """What the wording may mention, in the guest's language and the meeting's zone."""
    with translation.override(language):
        return {
            "meeting.title": meeting.title, "meeting.when": when_words(meeting),
            "meeting.place": meeting.place or meeting.link or "–", "meeting.link": meeting.link,
            "meeting.text": words or meeting.notes, "agent.name": host.name,
        }  # fmt: skip


def when_words(meeting: Meeting) -> str:
    """23 Nov 2026, 14:00 to 15:00 (Asia/Shanghai)."""
    return span_words(meeting, meeting.starts_at, meeting.ends_at)


def span_words(meeting: Meeting, starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Other moments in the zone that the meeting is planned in."""
    zone = ZoneInfo(meeting.zone)
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    values = {
        "day": date_format(start, "DATE_FORMAT"), "start": start.strftime("%H:%M"), "end": end.strftime("%H:%M"),
        "last": date_format(end, "DATE_FORMAT"), "zone": meeting.zone,
    }  # fmt: skip
    if start.date() == end.date():
        return _("%(day)s, %(start)s to %(end)s (%(zone)s)") % values
    return _("%(day)s %(start)s to %(last)s %(end)s (%(zone)s)") % values
