"""Mail of guests comes back to the meeting they were asked to: the answer of their calendar, or words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.messaging.choices import InboundReason
from crm.messaging.inbound.registry import InboundHandler, Incoming, Outcome, inbound_handlers
from crm.messaging.models import Conversation

from .actions import take_answer
from .ics import read_reply
from .models import Meeting


def reply(incoming: Incoming, conversation: Conversation) -> Outcome | None:
    """A guest's answer; anybody else's mail waits until a colleague lets it through for the guest it names."""
    meeting = Meeting.all_objects.filter(conversation=conversation).first()
    if meeting is None:
        return None
    if meeting.deleted_at is not None:
        return Outcome(held_because=InboundReason.GONE)
    found = read_reply(incoming.calendar) if incoming.calendar else None
    found = found if found is not None and found.uid == meeting.uid else None
    named = found.email if found is not None and incoming.is_released else incoming.sender_email
    seat = meeting.attendees.filter(user__isnull=True, email__iexact=named).first()
    if seat is None:
        return Outcome(held_because=InboundReason.STRANGER)
    actor = Actor.contact(0, incoming.sender_name or incoming.sender_email)
    return Outcome(message=take_answer(actor=actor, seat=seat, incoming=incoming, reply=found))


def by_calendar(incoming: Incoming) -> Conversation | None:
    """Of the meeting that an answer names: its name is long and random, and only who was asked knows it."""
    found = read_reply(incoming.calendar)
    rows = Meeting.objects.filter(uid=found.uid if found is not None else "").select_related("conversation")
    return next((meeting.conversation for meeting in rows), None)


def open_nothing(incoming: Incoming, settings: Mapping[str, Any]) -> Outcome:
    """A mail makes no meeting."""
    return Outcome(held_because=InboundReason.NO_HANDLER)


def _of(conversation: Conversation) -> Meeting | None:
    return Meeting.objects.filter(conversation=conversation).first()


def name_of(conversation: Conversation) -> str:
    """The meeting's title."""
    meeting = _of(conversation)
    return meeting.title if meeting is not None else ""


def url_of(conversation: Conversation) -> str:
    """The meeting's page."""
    meeting = _of(conversation)
    return reverse("planner:meeting_detail", args=[meeting.pk]) if meeting is not None else ""


inbound_handlers.register(
    InboundHandler(
        key="meetings",
        label=_("A meeting"),
        reply=reply,
        open=open_nothing,
        by_subject=lambda incoming: None,
        find=lambda actor, text: None,
        name_of=name_of,
        url_of=url_of,
        by_calendar=by_calendar,
        order=70,
    )
)
