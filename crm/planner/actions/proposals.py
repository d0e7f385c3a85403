"""Other times that guests propose for a meeting: accepted, the meeting moves; declined, the guest is told."""

from __future__ import annotations

import datetime as dt

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.text import clean_text, excerpt
from crm.messaging.models import Message

from ..exceptions import ProposalIsOver
from ..ics import DECLINE_COUNTER, Reply
from ..models import LONGEST, Meeting, MeetingAttendee, MeetingProposal
from .invitations import invite
from .meetings import change_meeting, locked, tell


def note_proposal(actor: Actor, meeting: Meeting, seat: MeetingAttendee, reply: Reply, message: Message) -> bool:
    """Keeps the time that a guest proposes on their seat, in the place of an earlier one. Joins its caller.

    False for what is no proposal of another time to come, or answers a time that was moved since.
    """
    span = reply.proposes
    if span is None or reply.sequence < seat.asked_sequence or not _is_possible(meeting, *span):
        return False
    values = {"starts_at": span[0], "ends_at": span[1], "text": excerpt(message.body, 400)}
    MeetingProposal.objects.update_or_create(seat=seat, defaults=values)
    tell(actor, "planner.meeting_proposed", meeting, data={
        "guest": seat.shown_name, "at": span[0].isoformat(), "until": span[1].isoformat(), "text": values["text"],
    })  # fmt: skip
    return True


@action(permission="planner.work", leaves_scope=True)
def accept_proposal(*, actor: Actor, proposal: MeetingProposal) -> Meeting:
    """Moves the meeting to the proposed time; everybody gets the update, and other proposals end with it.

    Raises `ProposalIsOver`, `MeetingIsClosed`, `NotFound`.
    """
    row = _locked(actor, proposal)
    return change_meeting(
        actor=actor, meeting=row.seat.meeting, values={"starts_at": row.starts_at, "ends_at": row.ends_at}
    )


@action(permission="planner.work")
def decline_proposal(*, actor: Actor, proposal: MeetingProposal, reason: str = "") -> Meeting:
    """Keeps the meeting where it is; the guest's calendar and mail say so. Raises as `accept_proposal`."""
    row = _locked(actor, proposal)
    meeting: Meeting = row.seat.meeting
    row.delete()
    text = clean_text(reason, 400)
    invite(actor, meeting, [row.seat], DECLINE_COUNTER, words=text)
    tell(actor, "planner.proposal_declined", meeting, data={"guest": row.seat.shown_name, "text": text})
    return meeting


def _locked(actor: Actor, proposal: MeetingProposal) -> MeetingProposal:
    """The proposal, fresh, with its meeting locked out of the actor's set."""
    seen = MeetingProposal.objects.select_related("seat__meeting").filter(pk=proposal.pk).first()
    if seen is None:
        raise ProposalIsOver
    locked(actor, seen.seat.meeting)
    row: MeetingProposal | None = MeetingProposal.objects.select_related("seat__meeting").filter(pk=seen.pk).first()
    if row is None:
        raise ProposalIsOver
    if row.starts_at <= clock.now():
        raise ProposalIsOver
    return row


def _is_possible(meeting: Meeting, start: dt.datetime, end: dt.datetime) -> bool:
    moved = (start, end) != (meeting.starts_at, meeting.ends_at)
    return moved and clock.now() < start < end <= start + LONGEST
