"""How far a ticket is, as its customer sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .choices import UNRESOLVED, StatusCategory
from .models import Ticket


@dataclass(frozen=True, slots=True)
class Step:
    """One mark of the progress line."""

    label: str
    at: dt.datetime | None
    is_done: bool
    is_current: bool


def is_with_customer(ticket: Ticket) -> bool:
    """Whether we wait for the customer's word: the usual waiting status says so, others wait for third parties."""
    return ticket.status.category == StatusCategory.WAITING and ticket.status.is_default


def steps_of(ticket: Ticket) -> list[Step]:
    """Received, answered, in progress, solved, with the moments of the present cycle."""
    is_solved = ticket.status.category not in UNRESOLVED
    is_worked_on = is_solved or ticket.status.category != StatusCategory.NEW
    is_answered = ticket.first_response_at is not None
    done = [True, is_answered, is_solved, is_solved]
    current = 3 if is_solved else 2 if is_worked_on else 1 if is_answered else 0
    labels = [_("Received"), _("Answered"), _("In progress"), _("Solved")]
    moments = [
        ticket.created_at,
        ticket.first_response_at,
        ticket.accepted_at if is_worked_on else None,
        (ticket.resolved_at or ticket.closed_at) if is_solved else None,
    ]
    rows = zip(labels, moments, done, strict=True)
    return [Step(label, at, is_done, index == current) for index, (label, at, is_done) in enumerate(rows)]
