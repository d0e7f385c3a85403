"""Moving a ticket through its life: transitions, solution, closing, reopening."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_text, excerpt
from crm.messaging.actions import add_message

from ..choices import UNRESOLVED, Cause, StatusCategory
from ..exceptions import MoveNotAllowed
from ..mailing import tell_resolved, tell_status
from ..models import Rating, ServiceSettings, Status, Ticket, TicketFacts
from ..selectors import default_status
from .deadlines import FIRST_RESPONSE, RESOLUTION, meet, pause_by_status, start_clocks
from .spans import cycle_start, enter_status, leave_status, note_first_response, note_resolution


def locked(actor: Actor, ticket: Ticket) -> Ticket:
    """The ticket, fresh and locked, out of the actor's set. Raises `NotFound`."""
    row = Ticket.objects.visible_to(actor).lock().filter(pk=ticket.pk).first()
    if row is None:
        from crm.core.errors import NotFound

        raise NotFound
    return row


@action(permission="tickets.update")
def change_status(*, actor: Actor, ticket: Ticket, status: Status) -> Ticket:
    """Moves a ticket to a status that may follow its present one. Raises `MoveNotAllowed`.

    Resolving has its own verb, since it asks for the cause and the solution.
    """
    row = locked(actor, ticket)
    if row.status_id == status.pk:
        return row
    if status.category == StatusCategory.RESOLVED:
        raise MoveNotAllowed(_("Use Resolve, which asks for the cause and the solution."))
    if row.status.category not in UNRESOLVED and status.category in UNRESOLVED:
        reopen(actor=actor, ticket=row)
        return row
    move(actor=actor, ticket=row, status=status)
    return row


def move(*, actor: Actor, ticket: Ticket, status: Status, tell: bool = True) -> None:
    """Puts a locked ticket into a status: span, clocks, activity, and word to the customer.

    tell: whether a mail about waiting goes out (not when the reply just said it). Raises `MoveNotAllowed`.
    """
    before = ticket.status
    if before.pk == status.pk:
        return
    if not before.next_statuses.filter(pk=status.pk).exists():
        raise MoveNotAllowed(
            _("“%(after)s” cannot follow “%(before)s”.") % {"before": before.name, "after": status.name}
        )
    if status.category == StatusCategory.RESOLVED:
        _resolve(actor, ticket, status)
        return
    now = clock.now()
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


@action(permission="tickets.resolve")
def resolve_ticket(*, actor: Actor, ticket: Ticket, cause: str, solution: str, tell: bool = True) -> Ticket:
    """Marks the problem as solved, with its cause and the solution the customer reads.

    Meets the clocks, asks for a rating, mails the solution. Resolving twice changes nothing.
    Raises `Invalid` without a cause or solution.
    """
    row = locked(actor, ticket)
    if row.status.category not in UNRESOLVED:
        return row
    text = clean_text(solution, 20_000)
    missing = {}
    if cause not in Cause.values:
        missing["cause"] = _("Choose the cause")
    if not text:
        missing["solution"] = _("Describe the solution; the customer will read it")
    if missing:
        raise Invalid(fields=missing)
    row.cause, row.solution = cause, text
    if row.assignee_id is None and actor.user_id is not None:
        row.assignee_id, row.accepted_at = actor.user_id, row.accepted_at or clock.now()
    if tell:
        add_message(actor=actor, conversation=row.conversation, direction="outbound", body=text)
        row.last_message_at, row.snippet = clock.now(), excerpt(text)
    _resolve(actor, row, default_status(StatusCategory.RESOLVED), answered=tell)
    return row


def _resolve(actor: Actor, ticket: Ticket, status: Status, answered: bool = True) -> None:
    now = clock.now()
    started = cycle_start(ticket)
    ticket.status, ticket.resolved_at, ticket.customer_waits = status, now, False
    if ticket.first_response_at is None and answered:
        ticket.first_response_at = now
        note_first_response(ticket, started, now, meet(ticket, FIRST_RESPONSE, now))
    note_resolution(ticket, started, now, meet(ticket, RESOLUTION, now))
    enter_status(ticket, now)
    ticket.save()
    rating, _created = Rating.objects.get_or_create(
        ticket=ticket,
        cycle=ticket.cycle,
        defaults={"agent_id": ticket.assignee_id, "team_id": ticket.team_id},
    )
    record(
        actor=actor, type="tickets.resolved", subject=ticket, anchors=[ticket.customer, ticket.contact],
        data={"number": ticket.number, "cause": ticket.cause, "text": excerpt(ticket.solution, 280)},
    )  # fmt: skip
    tell_resolved(actor=actor, ticket=ticket, rating=rating)


@action(permission="tickets.resolve")
def close_ticket(*, actor: Actor, ticket: Ticket) -> Ticket:
    """Closes a resolved ticket for good. Closing twice changes nothing."""
    row = locked(actor, ticket)
    if row.status.category == StatusCategory.CLOSED:
        return row
    move(actor=actor, ticket=row, status=default_status(StatusCategory.CLOSED))
    return row


def _close(actor: Actor, ticket: Ticket, now: dt.datetime) -> None:
    ticket.closed_at = now
    leave_status(ticket, now)
    ticket.next_due_at = None
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
    """Opens a resolved or closed ticket again: a new cycle with new clocks and, later, a new rating."""
    row = ticket
    if row.status.category in UNRESOLVED:
        return row
    now = clock.now()
    row.status = default_status(StatusCategory.OPEN if row.assignee_id else StatusCategory.NEW)
    row.cycle += 1
    row.reopened_count += 1
    row.resolved_at = row.closed_at = row.first_response_at = None
    TicketFacts.objects.filter(ticket=row).update(
        first_response_business_seconds=None, first_response_calendar_seconds=None, first_response_met=None,
        handling_business_seconds=None, handling_calendar_seconds=None, resolution_met=None,
    )  # fmt: skip
    enter_status(row, now)
    start_clocks(row, now)
    row.save()
    record(
        actor=actor, type="tickets.reopened", subject=row, anchors=[row.customer],
        data={"number": row.number, "cycle": row.cycle},
    )  # fmt: skip
    return row


def close_due(limit: int = 200) -> int:
    """Closes tickets that stayed resolved for the desk's time without a word from the customer."""
    closed = 0
    for settings in ServiceSettings.objects.all():
        border = clock.database_now() - dt.timedelta(hours=settings.close_after_hours)
        due = Ticket.objects.filter(
            brand_id=settings.brand_id, status__category=StatusCategory.RESOLVED, resolved_at__lte=border
        )
        for ticket in due.order_by("resolved_at")[:limit]:
            close_ticket(actor=Actor.system(), ticket=ticket)
            closed += 1
    return closed
