"""Taking, answering and noting; and the customer's own words on the tracking page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_text, excerpt
from crm.files.actions import attach_uploads
from crm.jobs import idempotency
from crm.messaging.actions import add_message, discard_draft
from crm.messaging.inbound.registry import Incoming
from crm.messaging.models import Message
from customers.actions import verify_identity
from customers.portals.visits import is_doubtful

from ..choices import UNRESOLVED, StatusCategory
from ..exceptions import AlreadyTaken, AnsweredMeanwhile, IsMerged, NothingWritten, PartIsInternal, SolvedAlready
from ..mailing import send_reply, tell_accepted
from ..mentions import mentions_in
from ..merging import conversation_ids, followed
from ..models import Status, Ticket, TicketFacts
from ..selectors import default_status, identity_of, queue_of
from ..thanks import only_thanks
from .deadlines import FIRST_RESPONSE, meet, pause_by_status
from .following import add_followers
from .spans import cycle_start, enter_status, note_first_response
from .statuses import locked, move, reopen

MAX_BODY = 50_000


@action(permission="tickets.take")
def accept_ticket(*, actor: Actor, ticket: Ticket) -> Ticket:
    """Takes a ticket: the actor becomes its assignee and it is in progress; the customer is told once.

    Taking one's own ticket again changes nothing. Raises `AlreadyTaken` when it is another's, `SolvedAlready`
    when there is nothing left to do.
    """
    row = locked(actor, ticket)
    if row.assignee_id is not None and row.assignee_id != actor.user_id:
        raise AlreadyTaken(
            _("%(name)s has already taken this ticket.") % {"name": row.assignee.name}  # type: ignore[union-attr]
        )
    if row.accepted_at is not None and row.assignee_id == actor.user_id:
        return row
    if row.status.category not in UNRESOLVED:
        raise SolvedAlready
    now = clock.now()
    if row.assignee_id is None:
        TicketFacts.objects.filter(ticket=row).update(assignments=F("assignments") + 1)
    row.assignee_id, row.accepted_at = actor.user_id, now
    if row.status.category == StatusCategory.NEW:
        row.status = default_status(StatusCategory.OPEN)
    enter_status(row, now)
    pause_by_status(row, now)
    row.save()
    record(actor=actor, type="tickets.accepted", subject=row, anchors=[row.customer], data={"number": row.number})
    tell_accepted(actor=actor, ticket=row)
    return row


@action(permission="tickets.take")
def take_next(*, actor: Actor) -> Ticket | None:
    """Takes the most pressing ticket that waits in the actor's teams; None when nothing waits.

    Colleagues who ask at the same moment get different ones: what another is taking is passed over.
    """
    free = queue_of(actor).select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    return accept_ticket(actor=actor, ticket=free) if free is not None else None


@action(permission="tickets.reply")
def reply(
    *,
    actor: Actor,
    ticket: Ticket,
    body: str,
    form_key: str,
    uploads: Sequence[str] = (),
    then: Status | None = None,
    seen_message_id: int | None = None,
    sent_at: dt.datetime | None = None,
) -> Message:
    """Sends a public reply: message, mail, first response clock, and the status chosen for afterwards.

    sent_at: the moment of the click, to which the first response counts, when it was held back since.

    seen_message_id: the newest message the author saw; raises `AnsweredMeanwhile` when there is a newer one
    of somebody else. The same form_key sends once. Raises `NothingWritten`, `PartIsInternal`, and for `then`
    `MoveNotAllowed` or `NotAllowed`.
    """
    row = locked(actor, ticket)
    replay = _replayed(row, actor, form_key, body)
    if replay is not None:
        return replay
    has_customer(row)
    text = check_body(body)
    check_then(actor, then)
    nobody_wrote_meanwhile(row, seen_message_id, actor)
    now = clock.now()
    message = _say(actor, row, "outbound", text, uploads, form_key)
    if row.first_response_at is None:
        answered_at = max(sent_at or now, cycle_start(row))
        row.first_response_at = answered_at
        note_first_response(row, cycle_start(row), answered_at, meet(row, FIRST_RESPONSE, answered_at))
    if row.assignee_id is None and actor.user_id is not None:
        row.assignee_id, row.accepted_at = actor.user_id, now
        enter_status(row, now)
    row.customer_waits, row.last_message_at, row.snippet = False, now, excerpt(text)
    row.save()
    TicketFacts.objects.filter(ticket=row).update(replies=F("replies") + 1)
    record(
        actor=actor, type="tickets.replied", subject=row, anchors=[row.customer, row.contact],
        data={"number": row.number, "text": excerpt(text, 280), "message_id": message.pk},
    )  # fmt: skip
    send_reply(actor=actor, ticket=row, message=message)
    target = then or (default_status(StatusCategory.OPEN) if row.status.category == StatusCategory.NEW else None)
    if target is not None and target.pk != row.status_id:
        move(actor=actor, ticket=row, status=target, tell=False)
    discard_draft(actor=actor, conversation=row.conversation, kind="reply")
    _keep(row, actor, form_key, message)
    return message


@action(permission="tickets.note")
def add_note(*, actor: Actor, ticket: Ticket, body: str, form_key: str, uploads: Sequence[str] = ()) -> Message:
    """Adds an internal note, which no customer ever sees. The same form_key adds once.

    Colleagues it mentions become followers and are told, unless the ticket is outside their set. Whoever holds a
    ticket may note on its parts, so that they can ask back.
    """
    row = locked(actor, ticket, to_note=True)
    replay = _replayed(row, actor, form_key, body)
    if replay is not None:
        return replay
    text = check_body(body)
    message = _say(actor, row, "internal", text, uploads, form_key)
    mentioned = [mention.user for mention in mentions_in(text, row) if mention.may_see]
    add_followers(row, [user for user in mentioned if user.pk != actor.user_id])
    record(
        actor=actor,
        type="tickets.noted",
        subject=row,
        data={"number": row.number, "text": excerpt(text, 280), "mentioned": [user.pk for user in mentioned]},
    )
    discard_draft(actor=actor, conversation=row.conversation, kind="note")
    _keep(row, actor, form_key, message)
    return message


@action()
def customer_reply(
    *,
    actor: Actor,
    ticket: Ticket,
    body: str,
    form_key: str,
    uploads: Sequence[str] = (),
    incoming: Incoming | None = None,
) -> Message:
    """The customer writes on the tracking page or by mail: waiting ends, clocks go on, a resolved ticket reopens.

    actor is the ticket's contact; for anybody else's ticket raises `NotFound`. The same form_key adds once.
    incoming: the mail it came by; one that only says thanks after the solution is kept and moves nothing. What is
    written on a merged ticket stays on it, and wakes the one that took it over.
    Raises `NothingWritten`.
    """
    row, holder = _locked_with_holder(actor, ticket)
    replay = _replayed(row, actor, form_key, body)
    if replay is not None:
        return replay
    text = check_body(body)
    now = clock.now()
    is_thanks = incoming is not None and holder.status.category not in UNRESOLVED and only_thanks(text)
    message = _say(actor, row, "inbound", text, uploads, form_key, incoming)
    holder.customer_waits, holder.last_message_at, holder.last_customer_message_at = not is_thanks, now, now
    holder.snippet = excerpt(text)
    holder.save()
    TicketFacts.objects.filter(ticket=holder).update(customer_messages=F("customer_messages") + 1)
    record(
        actor=actor, type="tickets.customer_replied", subject=holder, anchors=[row.customer, row.contact],
        data={"number": holder.number, "text": excerpt(text, 280), "only_thanks": is_thanks},
    )  # fmt: skip
    if is_thanks:
        pass  # the customer is content: nothing to reopen, nobody to tell
    elif holder.status.category not in UNRESOLVED:
        reopen(actor=actor if holder is row else Actor.system(actor.label), ticket=holder)
    elif holder.status.category == StatusCategory.WAITING:
        move(actor=actor, ticket=holder, status=default_status(StatusCategory.OPEN), tell=False, free=True)
    _keep(row, actor, form_key, message)
    return message


@action()
def verify_requester(*, actor: Actor, ticket: Ticket, by_reply: bool = False) -> None:
    """Somebody at the address wants our messages about this ticket. Doing it again changes nothing.

    That a link was opened says no more than this: whoever typed the form may have put another's address beside their
    own, and its owner only looked. by_reply: a mail with our signature came back from the address itself, so that the
    person is proved to have it, as by the portal's code.
    """
    row = locked(Actor.system(), ticket)
    identity = identity_of(row) if by_reply else None
    if identity is not None and not is_doubtful(identity):
        verify_identity(actor=actor, identity=identity)
    if row.verified_at is not None:
        return
    row.verified_at = clock.now()
    row.save(update_fields=["verified_at"])
    record(actor=actor, type="tickets.verified", subject=row, anchors=[row.customer], data={"number": row.number})


def has_customer(ticket: Ticket) -> None:
    """Raises `PartIsInternal` for a part, on which nobody answers the customer, and `IsMerged` where its requester
    reads the ticket that took it over.
    """
    if ticket.parent_id is not None:
        raise PartIsInternal
    if followed(ticket) is not ticket:
        raise IsMerged


def _locked_with_holder(actor: Actor, ticket: Ticket) -> tuple[Ticket, Ticket]:
    """The ticket out of the actor's set, and the one that took it over (else itself), locked in order of their ids."""
    into = Ticket.objects.filter(pk=ticket.pk).values_list("merged_into_id", flat=True).first()
    both = {row.pk: row for row in Ticket.objects.filter(pk__in=[ticket.pk, into or ticket.pk]).lock()}
    row = locked(actor, ticket)
    return row, both.get(row.merged_into_id, row)


def check_then(actor: Actor, then: Status | None) -> None:
    """Raises `NotAllowed` where the status chosen for afterwards needs a right that is missing."""
    if then is not None:
        actor.require("tickets.resolve" if then.category == StatusCategory.CLOSED else "tickets.update")


def check_body(raw: str) -> str:
    """The text of a message, cleaned. Raises `NothingWritten`, and `Invalid` when it is too long."""
    text = clean_text(raw)
    if not text:
        raise NothingWritten(fields={"body": NothingWritten.default})
    if len(text) > MAX_BODY:
        raise Invalid(fields={"body": _("The message must be shorter than 50,000 characters")})
    return text


def _say(
    actor: Actor,
    ticket: Ticket,
    direction: str,
    text: str,
    uploads: Sequence[str],
    form_key: str,
    incoming: Incoming | None = None,
) -> Message:
    message = add_message(
        actor=actor,
        conversation=ticket.conversation,
        direction=direction,
        body=text,
        author_email=(incoming.sender_email if incoming else ticket.reply_email) if direction == "inbound" else "",
        quoted=incoming.quoted if incoming else None,
        message_id=incoming.header_id if incoming else "",
    )
    attach_uploads(
        actor=actor, form_key=form_key, tokens=list(uploads), kind="message", object_id=message.pk,
        visibility="internal" if direction == "internal" else "public",
    )  # fmt: skip
    return message


def nobody_wrote_meanwhile(ticket: Ticket, seen_message_id: int | None, actor: Actor) -> None:
    """Raises `AnsweredMeanwhile` when somebody else wrote after the newest message the actor saw."""
    if seen_message_id is None:
        return
    newer = Message.objects.filter(conversation__in=conversation_ids(ticket), pk__gt=seen_message_id)
    if newer.exclude(author_kind=actor.person.kind, author_id=actor.person.id).exists():
        raise AnsweredMeanwhile


def route_of(ticket: Ticket) -> str:
    """Under which name the form keys of a ticket's messages are kept."""
    return f"tickets.message.{ticket.pk}"


def who(actor: Actor) -> str:
    """The actor as form keys know them."""
    return f"{int(actor.kind)}:{actor.id}"


def _replayed(ticket: Ticket, actor: Actor, form_key: str, body: str) -> Message | None:
    earlier = idempotency.begin(route=route_of(ticket), actor=who(actor), key=form_key, body={"body": body})
    return Message.objects.get(pk=earlier.answer["message"]) if earlier is not None else None


def _keep(ticket: Ticket, actor: Actor, form_key: str, message: Message) -> None:
    idempotency.finish(route=route_of(ticket), actor=who(actor), key=form_key, answer={"message": message.pk})
