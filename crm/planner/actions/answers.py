"""What guests answer to an invitation: by a button of their calendar, or in words."""

from __future__ import annotations

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.text import excerpt
from crm.core.translated import in_all_languages
from crm.messaging.actions import add_message
from crm.messaging.inbound.registry import Incoming
from crm.messaging.models import Message

from ..choices import Answer
from ..ics import Reply
from ..models import Meeting, MeetingAttendee
from .meetings import tell
from .proposals import note_proposal


@action()
def take_answer(*, actor: Actor, seat: MeetingAttendee, incoming: Incoming, reply: Reply | None) -> Message:
    """Keeps a guest's words with the meeting and what they answered on their seat; its organizer is told.

    Another time that they propose waits for the host. An answer to a time that was moved since, or older than the one
    that is known, changes nothing but is kept. Raises `Conflict` for a meeting that answers cannot come to.
    """
    meeting = Meeting.objects.lock().filter(pk=seat.meeting_id).first()
    if meeting is None or meeting.conversation is None:
        raise Conflict
    seat = MeetingAttendee.objects.lock().get(pk=seat.pk)
    message = add_message(
        actor=actor, conversation=meeting.conversation, direction="inbound", body=incoming.body,
        quoted=incoming.quoted, author_email=incoming.sender_email, message_id=incoming.header_id,
    )  # fmt: skip
    if reply is not None and note_proposal(actor, meeting, seat, reply, message):
        return message
    now = clock.now()
    at = min(reply.at, now) if reply is not None and reply.at is not None else now
    counts = reply is not None and reply.answer and reply.proposes is None and reply.sequence >= seat.asked_sequence
    if reply is not None and counts and (seat.answered_at is None or seat.answered_at <= at):
        seat.answer, seat.answered_at = reply.answer, at
        seat.save(update_fields=["answer", "answered_at"])
        words = {"answer": dict(in_all_languages(Answer(reply.answer).label))}
        tell(actor, "planner.meeting_answered", meeting, data={"guest": seat.shown_name, **words})
    else:
        text = excerpt(message.body, 280)
        tell(actor, "planner.meeting_written", meeting, data={"guest": seat.shown_name, "text": text})
    return message
