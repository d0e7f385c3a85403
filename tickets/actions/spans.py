"""Measuring: spans of status and the figures of a ticket. Called inside the verbs' transactions."""

from __future__ import annotations

import datetime as dt

from crm.calendars.hours import Hours, hours_of
from crm.calendars.models import Calendar

from ..models import StatusSpan, Ticket, TicketFacts
from .deadlines import clocks_of


def enter_status(ticket: Ticket, at: dt.datetime, *, is_new: bool = False) -> None:
    """Ends the ticket's open span at `at` and opens one for its present status, team and assignee.

    is_new: the ticket was made just now and has no span that could be open.
    """
    before = None if is_new else leave_status(ticket, at)
    if before is not None and before.assignee_id != ticket.assignee_id:
        tell_parts(ticket)
    StatusSpan.objects.create(
        ticket=ticket,
        status_id=ticket.status_id,
        team_id=ticket.team_id,
        assignee_id=ticket.assignee_id,
        cycle=ticket.cycle,
        entered_at=at,
    )


def leave_status(ticket: Ticket, at: dt.datetime) -> StatusSpan | None:
    """Ends the open span with its business and calendar seconds. Returns it; None when none was open."""
    span = StatusSpan.objects.filter(ticket=ticket, left_at__isnull=True).first()
    if span is None:
        return None
    hours = hours_for(ticket)
    span.left_at = max(at, span.entered_at)
    span.business_seconds = hours.between(span.entered_at, span.left_at)
    span.calendar_seconds = int((span.left_at - span.entered_at).total_seconds())
    span.save(update_fields=["left_at", "business_seconds", "calendar_seconds"])
    return span


def tell_parts(ticket: Ticket) -> None:
    """Mirrors who holds the ticket onto its parts, which that person may read."""
    Ticket.all_objects.filter(parent=ticket).update(parent_assignee_id=ticket.assignee_id)


def hours_for(ticket: Ticket) -> Hours:
    """The hours this ticket is measured in: its SLA calendar, else the company's default."""
    clock = next(iter(clocks_of(ticket)), None)
    return hours_of(clock.calendar_id if clock else Calendar.default())


def note_first_response(ticket: Ticket, started_at: dt.datetime, at: dt.datetime, met: bool | None) -> None:
    """Writes the first response figures of this cycle: from creation or reopening to the first public reply."""
    TicketFacts.objects.filter(ticket=ticket).update(
        first_response_business_seconds=hours_for(ticket).between(started_at, at),
        first_response_calendar_seconds=int((at - started_at).total_seconds()),
        first_response_met=met,
    )


def note_resolution(ticket: Ticket, started_at: dt.datetime, at: dt.datetime, met: bool | None) -> None:
    """Writes the handling figures of this cycle: from creation or reopening to the solution."""
    TicketFacts.objects.filter(ticket=ticket).update(
        handling_business_seconds=hours_for(ticket).between(started_at, at),
        handling_calendar_seconds=int((at - started_at).total_seconds()),
        resolution_met=met,
    )


def cycle_start(ticket: Ticket) -> dt.datetime:
    """When the present cycle began: creation, or the latest reopening."""
    if ticket.cycle == 1:
        return ticket.created_at
    first = StatusSpan.objects.filter(ticket=ticket, cycle=ticket.cycle).order_by("entered_at").first()
    return first.entered_at if first else ticket.created_at
