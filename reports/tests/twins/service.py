"""Tickets: requests of the period, present work, answers, promises, verdicts, stays."""

from __future__ import annotations

import datetime as dt
from functools import partial

from crm.core import clock
from crm.core.metrics import Span
from crm.core.sockets import kinds
from customers.models import Concern
from tickets.models import Rating, StatusSpan, Ticket

from .base import Keep, Twin, inside, middle, number, quantile, share, total

#: A status of these meanings leaves something to do; of the first two, with us.
OPEN, WITH_US = {"new", "open", "waiting", "on_hold"}, {"new", "open"}


def _tickets(viewer: object) -> object:
    return Ticket.objects.visible_to(viewer).select_related("status", "facts")


def _concerning(viewer: object) -> object:
    about = {row.object_id: row for row in Concern.objects.filter(kind=kinds["ticket"].code)}
    for row in _tickets(viewer):
        row.concern = about.get(row.pk)
        yield row


def _verdicts(viewer: object) -> object:
    rows = Rating.objects.filter(ticket__in=Ticket.objects.visible_to(viewer), score__isnull=False)
    return rows.select_related("ticket").prefetch_related("ticket__ratings")


def _stays(viewer: object) -> object:
    rows = StatusSpan.objects.filter(ticket__in=Ticket.objects.visible_to(viewer))
    return rows.select_related("status", "ticket")


def _request(row: Ticket) -> bool:
    """What a customer asked: no part of another ticket, and none that was merged into another."""
    return row.parent_id is None and row.merged_into_id is None


def _asked(column: str, also: Keep = lambda row, span: True) -> Keep:
    return lambda row, span: _request(row) and inside(column)(row, span) and also(row, span)


def _open(row: Ticket, span: Span) -> bool:
    return row.status.category in OPEN


def _soon(row: Ticket, span: Span) -> bool:
    now, due = clock.now(), row.next_due_at
    return _open(row, span) and due is not None and now < due <= now + dt.timedelta(hours=1)


def _backlog(row: Ticket, span: Span) -> bool:
    ended = row.resolved_at or row.closed_at
    return _request(row) and row.created_at < span.end and (ended is None or ended >= span.end)


def _latest(row: Rating, span: Span) -> bool:
    """The last answer of its ticket in the span."""
    if not _request(row.ticket) or not inside("rated_at")(row, span):
        return False
    rivals = [each for each in row.ticket.ratings.all() if each.score and inside("rated_at")(each, span)]
    return max(rivals, key=lambda each: (each.rated_at, each.pk)) == row


def _stayed(row: StatusSpan, span: Span) -> bool:
    return row.status.category in OPEN and row.ticket.merged_into_id is None and inside("left_at")(row, span)


TWINS = {
    "tickets.open": Twin(_tickets, _open, number),
    "tickets.unassigned": Twin(_tickets, lambda row, span: _open(row, span) and row.assignee_id is None, number),
    "tickets.due_within_hour": Twin(_tickets, _soon, number),
    "tickets.breached": Twin(_tickets, lambda row, span: _open(row, span) and row.sla_state == "breached", number),
    "tickets.load": Twin(_tickets, lambda row, span: row.status.category in WITH_US, number),
    "tickets.created": Twin(_tickets, _asked("created_at"), number),
    "tickets.asked": Twin(_tickets, _asked("created_at"), number),
    "tickets.about_trade": Twin(
        _concerning, _asked("created_at", lambda row, span: row.concern is not None), number
    ),
    "tickets.resolved": Twin(_tickets, _asked("resolved_at"), number),
    "tickets.closed_unsolved": Twin(
        _tickets, _asked("closed_at", lambda row, span: row.resolved_at is None), number
    ),
    "tickets.backlog": Twin(_tickets, _backlog, number),
    "tickets.sla_met": Twin(
        _tickets, _asked("resolved_at", lambda row, span: row.facts.resolution_met is not None),
        share(lambda row, span: row.facts.resolution_met),
    ),
    "tickets.response_met": Twin(
        _tickets, _asked("first_response_at", lambda row, span: row.facts.first_response_met is not None),
        share(lambda row, span: row.facts.first_response_met),
    ),
    "tickets.satisfaction": Twin(_verdicts, _latest, middle(lambda row: row.score)),
}  # fmt: skip
_STATISTICS = {"mean": middle, "median": partial(quantile, part=0.5), "p90": partial(quantile, part=0.9)}
for _hours in ("business", "calendar"):
    for _name, _statistic in _STATISTICS.items():
        for _what, _moment in (("first_response", "first_response_at"), ("handling", "resolved_at")):
            _column = f"{_what}_{_hours}_seconds"
            TWINS[f"tickets.{_what}_{_name}_{_hours}"] = Twin(
                _tickets, _asked(_moment), _statistic(lambda row, column=_column: getattr(row.facts, column))
            )
    _of_stay = partial(lambda column, row: getattr(row, column), f"{_hours}_seconds")
    TWINS |= {
        f"tickets.stay_median_{_hours}": Twin(_stays, _stayed, quantile(_of_stay, 0.5)),
        f"tickets.stay_p90_{_hours}": Twin(_stays, _stayed, quantile(_of_stay, 0.9)),
        f"tickets.stay_total_{_hours}": Twin(_stays, _stayed, total(_of_stay)),
    }
