"""Moving a ticket through its life: transitions, solution, closing, reopening."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid, NotFound
from crm.core.text import clean_text, excerpt
from crm.messaging.actions import add_message

from ..choices import UNRESOLVED, Cause, StatusCategory
from ..exceptions import IsMerged, MoveNotAllowed, PartsOpen
from ..mailing import tell_resolved, tell_status
from ..models import Rating, ServiceSettings, Status, Ticket, TicketFacts
from ..selectors import default_status, open_parts
from .deadlines import FIRST_RESPONSE, RESOLUTION, meet, pause_by_status, start_clocks, stop_clocks
from .spans import cycle_start, enter_status, leave_status, note_first_response, note_resolution, tell_parts

logger = logging.getLogger(__name__)


def locked(actor: Actor, ticket: Ticket, *, to_note: bool = False) -> Ticket:
    """The ticket, fresh and locked, out of what the actor may change. Raises `NotFound`.

    to_note: all that the actor sees, the parts of their own tickets included.
    """
    rows = Ticket.objects.visible_to(actor) if to_note else Ticket.objects.workable_by(actor)
    row = rows.lock().filter(pk=ticket.pk).first()
    if row is None:
        raise NotFound
    return row


@action(permission="tickets.update")
def change_status(*, actor: Actor, ticket: Ticket, status: Status) -> Ticket:
    """Moves a ticket to a status that may follow its present one; leaving a solved one for an open one reopens.

    Resolving has its own verb, since it asks for the cause and the solution; closing needs its permission.
    Raises `MoveNotAllowed`, `NotAllowed`.
    """
    row = locked(actor, ticket)
    if row.status_id == status.pk:
        return row
    if status.category == StatusCategory.CLOSED:
        actor.require("tickets.resolve")
        parts_are_done(row)
    move(actor=actor, ticket=row, status=status)
    return row


def move(*, actor: Actor, ticket: Ticket, status: Status, tell: bool = True, free: bool = False) -> None:
    """Puts a locked ticket into a status: span, clocks, activity, and word to the customer.

    tell: whether a mail about waiting goes out (not when the reply just said it). free: the customer's own
    words move a ticket whatever an administrator allows staff. Raises `MoveNotAllowed`.
    """
    before = ticket.status
    if before.pk == status.pk:
        return
    if ticket.merged_into_id is not None:
        raise IsMerged
    if status.category == StatusCategory.RESOLVED:
        raise MoveNotAllowed(_("Use Resolve, which asks for the cause and the solution."))
    if not free:
        _may_follow(before, status)
    now = clock.now()
    if before.category not in UNRESOLVED and status.category in UNRESOLVED:
        _reopen(actor, ticket, status, now)
        return
    ticket.status = status
    if status.category == StatusCategory.CLOSED:
        _close(actor, ticket, now)
        return
    enter_status(ticket, now)
    pause_by_status(ticket, now)
    ticket.save()
    record(
        actor=actor, type="tickets.status_changed", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "before": dict(before.name), "after": dict(status.name),
              "category": status.category},
    )  # fmt: skip
    if tell and status.category == StatusCategory.WAITING:
        tell_status(actor=actor, ticket=ticket)


def _may_follow(before: Status, after: Status) -> None:
    """Raises `MoveNotAllowed` unless the administrator lets one follow the other."""
    if not before.next_statuses.filter(pk=after.pk).exists():
        raise MoveNotAllowed(
            _("“%(after)s” cannot follow “%(before)s”.") % {"before": before.name, "after": after.name}
        )


@action(permission="tickets.resolve")
def resolve_ticket(*, actor: Actor, ticket: Ticket, cause: str, solution: str, despite_parts: bool = False) -> Ticket:
    """Marks the problem as solved, with its cause and the solution the customer reads.

    Meets the clocks, asks for a rating, mails the solution. Resolving twice changes nothing. A part needs no cause,
    and its result stays among colleagues. despite_parts: the actor was told of parts that are still open.
    Raises `Invalid` without a cause or solution, `PartsOpen`, `MoveNotAllowed` where the present status does not
    lead there.
    """
    row = locked(actor, ticket)
    if row.status.category not in UNRESOLVED:
        return row
    text = clean_text(solution, 20_000)
    is_part = row.parent_id is not None
    missing = {}
    if cause not in (*Cause.values, *([""] if is_part else [])):
        missing["cause"] = _("Choose the cause")
    if not text:
        missing["solution"] = _("Describe the solution; the customer will read it")
    if missing:
        raise Invalid(fields=missing)
    if not despite_parts:
        parts_are_done(row)
    status = default_status(StatusCategory.RESOLVED)
    _may_follow(row.status, status)
    row.cause, row.solution = cause, text
    if row.assignee_id is None and actor.user_id is not None:
        row.assignee_id, row.accepted_at = actor.user_id, clock.now()
    direction = "internal" if is_part else "outbound"
    add_message(actor=actor, conversation=row.conversation, direction=direction, body=text)
    row.last_message_at, row.snippet = clock.now(), excerpt(text)
    _resolve(actor, row, status)
    return row


@action()
def solve_by_customer(*, actor: Actor, ticket: Ticket) -> Rating:
    """The customer says on the tracking page that it is solved; the rating that they are asked for.

    Whatever an administrator lets staff do, and whatever parts are still open: it is their word. There is no cause
    and no solution of ours, and no letter, since they are on the page. For a solved ticket nothing changes.
    actor is the ticket's contact; for anybody else's ticket raises `NotFound`.
    """
    row = locked(actor, ticket)
    if row.contact_id != actor.id:
        raise NotFound  # who sees the whole company's tickets reads and answers them, no more
    if row.status.category in UNRESOLVED:
        row.cause = row.solution = ""
        _resolve(actor, row, default_status(StatusCategory.RESOLVED), tell=False)
    rating, _created = Rating.objects.get_or_create(
        ticket=row, cycle=row.cycle, defaults={"agent_id": row.assignee_id, "team_id": row.team_id}
    )
    return rating


@action()
def confirm_by_customer(*, actor: Actor, ticket: Ticket) -> Rating:
    """The customer agrees that a resolved ticket is solved: it closes now, not after the desk's days.

    Returns the rating that they are asked for. actor is the ticket's contact; for anybody else's ticket raises
    `NotFound`. A closed ticket stays so; one that is open again is solved by their word (`solve_by_customer`).
    """
    rating = solve_by_customer(actor=actor, ticket=ticket)
    row = locked(actor, ticket)
    if row.status.category == StatusCategory.RESOLVED:
        move(actor=actor, ticket=row, status=default_status(StatusCategory.CLOSED), tell=False, free=True)
    return rating


def _resolve(actor: Actor, ticket: Ticket, status: Status, *, tell: bool = True) -> None:
    now = clock.now()
    started = cycle_start(ticket)
    ticket.status, ticket.resolved_at, ticket.customer_waits = status, now, False
    if ticket.first_response_at is None and ticket.parent_id is None:
        ticket.first_response_at = now
        note_first_response(ticket, started, now, meet(ticket, FIRST_RESPONSE, now))
    note_resolution(ticket, started, now, meet(ticket, RESOLUTION, now))
    enter_status(ticket, now)
    ticket.save()
    if ticket.parent_id is not None:
        record(
            actor=actor, type="tickets.part_finished", subject=ticket, anchors=[ticket.parent],
            data={"number": ticket.number, "text": excerpt(ticket.solution, 280)},
        )  # fmt: skip
        return
    rating, _created = Rating.objects.get_or_create(
        ticket=ticket,
        cycle=ticket.cycle,
        defaults={"agent_id": ticket.assignee_id, "team_id": ticket.team_id},
    )
    record(
        actor=actor, type="tickets.resolved", subject=ticket, anchors=[ticket.customer, ticket.contact],
        data={"number": ticket.number, "cause": ticket.cause, "text": excerpt(ticket.solution, 280)},
    )  # fmt: skip
    if tell:
        tell_resolved(actor=actor, ticket=ticket, rating=rating)


@action(permission="tickets.resolve")
def close_ticket(*, actor: Actor, ticket: Ticket, despite_parts: bool = False) -> Ticket:
    """Closes a resolved ticket for good, or one that needs no answer. Closing twice changes nothing.

    despite_parts: the actor was told of parts that are still open. Raises `PartsOpen`, `MoveNotAllowed`.
    """
    row = locked(actor, ticket)
    if row.status.category == StatusCategory.CLOSED:
        return row
    if not despite_parts:
        parts_are_done(row)
    move(actor=actor, ticket=row, status=default_status(StatusCategory.CLOSED))
    return row


def parts_are_done(ticket: Ticket) -> None:
    """Raises `PartsOpen`, naming them, while departments still work on parts of the ticket."""
    numbers = [part.label for part in open_parts(ticket)]
    if numbers:
        raise PartsOpen(PartsOpen.default % {"numbers": ", ".join(numbers)}, fields={"despite_parts": PartsOpen.ask})


def _close(actor: Actor, ticket: Ticket, now: dt.datetime) -> None:
    ticket.closed_at, ticket.customer_waits = now, False
    leave_status(ticket, now)
    stop_clocks(ticket)
    ticket.save()
    record(
        actor=actor,
        type="tickets.closed",
        subject=ticket,
        anchors=[ticket.customer],
        data={"number": ticket.number},
    )


@action()
def reopen(*, actor: Actor, ticket: Ticket) -> Ticket:
    """Opens a resolved or closed ticket again: a new cycle with new clocks and, later, a new rating.

    Whoever sees the ticket may, its customer too. Reopening an open ticket changes nothing.
    """
    row = locked(actor, ticket)
    if row.merged_into_id is not None:
        raise IsMerged
    if row.status.category not in UNRESOLVED:
        _reopen(actor, row, None, clock.now())
    return row


def _reopen(actor: Actor, ticket: Ticket, status: Status | None, now: dt.datetime) -> None:
    """status: the one asked for; by default in progress with its assignee, or new for the queue."""
    leave_status(ticket, now)
    if ticket.assignee is not None and not ticket.assignee.is_active:
        ticket.assignee = None
        tell_parts(ticket)
    ticket.status = status or default_status(StatusCategory.OPEN if ticket.assignee_id else StatusCategory.NEW)
    ticket.cycle += 1
    ticket.reopened_count += 1
    ticket.resolved_at = ticket.closed_at = ticket.first_response_at = ticket.promised_at = None
    TicketFacts.objects.filter(ticket=ticket).update(
        first_response_business_seconds=None, first_response_calendar_seconds=None, first_response_met=None,
        handling_business_seconds=None, handling_calendar_seconds=None, resolution_met=None,
    )  # fmt: skip
    ticket.save()
    start_clocks(ticket, now)
    enter_status(ticket, now)
    pause_by_status(ticket, now)
    ticket.save()
    record(
        actor=actor, type="tickets.reopened", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "cycle": ticket.cycle},
    )  # fmt: skip


def close_due(limit: int = 200) -> int:
    """Closes tickets that stayed resolved for the desk's time without a word from the customer."""
    closed = 0
    for settings in ServiceSettings.objects.all():
        border = clock.database_now() - dt.timedelta(hours=settings.close_after_hours)
        due = Ticket.objects.filter(
            brand_id=settings.brand_id, status__category=StatusCategory.RESOLVED, resolved_at__lte=border
        )
        for ticket in due.order_by("resolved_at")[:limit]:
            try:
                closed += _close_if_due(actor=Actor.system(), ticket=ticket, border=border)
            except DomainError:
                logger.warning("ticket %s cannot be closed", ticket.number, exc_info=True)
    return closed


@action()
def _close_if_due(*, actor: Actor, ticket: Ticket, border: dt.datetime) -> bool:
    """Looks again under the lock: the customer may have written since. Raises `MoveNotAllowed`."""
    row = locked(actor, ticket)
    if row.status.category != StatusCategory.RESOLVED or row.resolved_at is None or row.resolved_at > border:
        return False
    close_ticket(actor=actor, ticket=row, despite_parts=True)
    return True
