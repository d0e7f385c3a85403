"""Every number about tickets, defined once. docs/architecture/reports.md explains the formulas.

Figures about requests (created, answered, resolved, closed, backlog, SLA, satisfaction) leave parts of tickets out,
and all figures leave merged duplicates out;
those about present work (open, unassigned, due, overdue, workload, time in a status) count them.

Figures follow the ticket as it is now: a ticket in the recycle bin counts nowhere, a reopened one counts as
never resolved since it was created, and one handed over counts for its present team.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Team
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.gallery import SERVICE, TIME, Report, reports
from crm.core.metrics import (
    Dimension,
    Measure,
    Params,
    Part,
    Source,
    Span,
    Unit,
    count,
    dimensions,
    mean,
    measures,
    moment_param,
    percentile,
    rate,
    total,
)
from customers.metrics import people

from ..choices import ACTIVE, UNRESOLVED, Priority, SlaState
from ..measured import ARRIVAL_HOURS, arrival, ended_stays, latest_answers
from ..models import Status, Ticket
from ..querysets import TicketQuerySet
from . import trade as trade_metrics

LIST = "tickets:ticket_list"
DUE_SOON_MINUTES = 60
SEE = "tickets.view"


def _parts(prefix: str = "") -> dict[str, Part]:
    columns = {
        "team": "team_id", "status": "status__key", "assignee": "assignee_id", "priority": "priority",
        "type": "request_type__key",
    }  # fmt: skip
    return {key: Part(prefix + column, key) for key, column in columns.items()}


def _in(column: str, span: Span) -> dict[str, dt.datetime]:
    return {f"{column}__gte": span.start, f"{column}__lt": span.end}


#: Figures about what customers asked leave the parts out that departments do for each other, and merged duplicates;
#: so do their lists.
WHOLE = {"parts": "without", "merged": "without"}


def _between(name: str, also: Mapping[str, str], span: Span) -> Params:
    words = {f"{name}_from": moment_param(span.start), f"{name}_to": moment_param(span.end), **also, **WHOLE}
    return {key: [value] for key, value in words.items()}


def _timed(
    key: str, column: str, name: str, keep: Callable[[TicketQuerySet], Any] | None = None, **also: str
) -> Source:
    """Tickets by one of their moments."""

    def rows(viewer: Actor, span: Span) -> Any:
        found = Ticket.objects.visible_to(viewer).counted().filter(**_in(column, span))
        return keep(found) if keep else found

    return Source(key, rows, partial(_between, name, also), LIST, _parts(), moment=column)


def _unresolved(viewer: Actor, span: Span) -> Any:
    """By ids of statuses, read first: a join over all tickets costs twenty times as much."""
    statuses = Status.objects.filter(category__in=UNRESOLVED).values_list("pk", flat=True)
    return Ticket.objects.visible_to(viewer).filter(status__in=list(statuses))


def _open_at_end(viewer: Actor, span: Span) -> Any:
    return Ticket.objects.visible_to(viewer).counted().open_at(span.end)


def _of_seen(rows: Any, viewer: Actor, *, parts: bool) -> Any:
    """Those of tickets that the viewer may see and that were not merged into others; parts: of parts of tickets too.

    Who sees all tickets is spared the walk over them: only those in the recycle bin and the others are taken out.
    """
    gone = Q(merged_into__isnull=False) if parts else Q(merged_into__isnull=False) | Q(parent__isnull=False)
    if viewer.can(SEE) and viewer.scope("tickets") == Scope.ALL:
        gone |= Q(deleted_at__isnull=False)
        return rows.filter(~Exists(Ticket.all_objects.filter(gone, pk=OuterRef("ticket_id"))))
    return rows.filter(ticket__in=Ticket.objects.visible_to(viewer).filter(~gone))


def _rated(viewer: Actor, span: Span) -> Any:
    return _of_seen(latest_answers(span.start, span.end), viewer, parts=False)


def _stays(viewer: Actor, span: Span) -> Any:
    return _of_seen(ended_stays(span.start, span.end), viewer, parts=True)


def _arrived(viewer: Actor, span: Span) -> Any:
    rows = Ticket.objects.visible_to(viewer).counted().filter(**_in("created_at", span))
    return rows.annotate(**arrival(span.zone))


UNSOLVED = Source("tickets.unresolved", _unresolved, lambda span: {"unresolved": ["true"]}, LIST, _parts())
BACKLOG = Source(
    "tickets.backlog",
    _open_at_end,
    lambda span: {"open_at": [moment_param(span.end)], **{key: [value] for key, value in WHOLE.items()}},
    LIST,
    _parts(),
)
CREATED = Source(
    "tickets.created", _arrived, partial(_between, "created", {}), LIST,
    {**_parts(), "weekday": Part("weekday", "weekday"), "hours": Part("hours", "hours")}, moment="created_at",
)  # fmt: skip
RESPONDED = _timed("tickets.responded", "first_response_at", "responded")
RESOLVED = _timed("tickets.resolved", "resolved_at", "resolved")
CLOSED = _timed(
    "tickets.closed_unsolved", "closed_at", "closed", lambda rows: rows.filter(resolved_at__isnull=True),
    unsolved="true",
)  # fmt: skip
RATED = Source(
    "tickets.rated",
    _rated,
    partial(_between, "rated", {"rated": "true"}),
    LIST,
    {**_parts("ticket__"), "score": Part("score", "score")},
    "ticket_id",
    "rated_at",
    adds_up=False,
)
STAYS = Source(
    "tickets.stays",
    _stays,
    lambda span: {name: values for name, values in _between("stay", {}, span).items() if name != "parts"},
    LIST,
    {"team": Part("team_id", "stay_team"), "status": Part("status__key", "stay_status")},
    "ticket_id",
    "left_at",
)


def _due_soon() -> Q:
    now = clock.now()
    return Q(next_due_at__gt=now, next_due_at__lte=now + dt.timedelta(minutes=DUE_SOON_MINUTES))


def _count(key: str, label: Any, definition: Any, source: Source, better: str = "", **more: Any) -> Measure:
    return Measure(key, label, definition, source, Unit.COUNT, count(), SEE, better=better, **more)


measures.register(
    _count(
        "tickets.open", pgettext_lazy("figure", "Open"), _("Tickets that are neither resolved nor closed now."),
        UNSOLVED, "down", order=10,
    ),
    _count(
        "tickets.unassigned", _("Unassigned"), _("Open tickets without an assignee now."), UNSOLVED, "down",
        only=lambda: Q(assignee__isnull=True), params={"assignee": ["none"]}, order=11,
    ),
    _count(
        "tickets.due_within_hour", _("Due within the hour"),
        _("Open tickets whose next running deadline passes within 60 minutes of wall clock."), UNSOLVED, "down",
        only=_due_soon, params={"due_within": [str(DUE_SOON_MINUTES)]}, order=12,
    ),
    _count(
        "tickets.breached", _("Overdue"), _("Open tickets with a running deadline that has passed."), UNSOLVED,
        "down", only=lambda: Q(sla_state=SlaState.BREACHED), params={"sla": [SlaState.BREACHED]}, order=13,
    ),
    _count(
        "tickets.load", _("Workload"), _("Open tickets with us now: new or in progress, not waiting or on hold."),
        UNSOLVED, only=lambda: Q(status__category__in=ACTIVE), params={"category": list(ACTIVE)}, order=14,
    ),
    _count(
        "tickets.created", pgettext_lazy("figure", "Created"), _("Tickets created in the period, by any channel."),
        CREATED, order=20,
    ),
    _count(
        "tickets.resolved", _("Resolved"), _("Tickets whose latest solution falls into the period."), RESOLVED,
        "up", order=21,
    ),
    _count(
        "tickets.closed_unsolved", _("Closed without a solution"),
        _("Tickets closed in the period that were never resolved."), CLOSED, order=22,
    ),
    _count(
        "tickets.backlog", _("Backlog"),
        _("Tickets created before the end of the period and then neither resolved nor closed."), BACKLOG, "down",
        order=23,
    ),
    Measure(
        "tickets.sla_met", _("SLA met"),
        _("Of the tickets resolved in the period with a promised solution, the share resolved in time."), RESOLVED,
        Unit.RATE, rate(Q(facts__resolution_met=True)), SEE, better="up",
        only=lambda: Q(facts__resolution_met__isnull=False), params={"sla_met": ["any"]}, order=40,
    ),
    Measure(
        "tickets.response_met", _("First response in time"),
        _("Of the tickets first answered in the period with a promised answer, the share answered in time."),
        RESPONDED, Unit.RATE, rate(Q(facts__first_response_met=True)), SEE, better="up",
        only=lambda: Q(facts__first_response_met__isnull=False), params={"response_met": ["any"]}, order=41,
    ),
    Measure(
        "tickets.satisfaction", _("Satisfaction"),
        _("Mean score, 1 to 5, of each ticket's latest rating given in the period."), RATED, Unit.SCORE,
        mean("score"), SEE, better="up", order=50,
    ),
)  # fmt: skip

SECONDS = {"business": Unit.BUSINESS_SECONDS, "calendar": Unit.CALENDAR_SECONDS}
HOURS = {"business": _("business time"), "calendar": _("calendar time")}
#: name → aggregate over a column.
STATISTICS: dict[str, Any] = {
    "mean": mean,
    "median": partial(percentile, share=0.5),
    "p90": partial(percentile, share=0.9),
}
_NAMES = {
    ("first_response", "mean"): _("First response, mean"),
    ("first_response", "median"): _("First response, median"),
    ("first_response", "p90"): _("First response, P90"),
    ("handling", "mean"): _("Handling time, mean"),
    ("handling", "median"): _("Handling time, median"),
    ("handling", "p90"): _("Handling time, P90"),
}
_MEANINGS = {
    "first_response": _(
        "From creation, or the latest reopening, to the first public reply, of tickets first answered in the period."
    ),
    "handling": _(
        "From creation, or the latest reopening, to the solution, waiting included, of tickets resolved in the period."
    ),
}
for _order, ((_what, _statistic), _label) in enumerate(_NAMES.items()):
    for _hours, _unit in SECONDS.items():
        measures.register(
            Measure(
                f"tickets.{_what}_{_statistic}_{_hours}", _label, _MEANINGS[_what],
                RESPONDED if _what == "first_response" else RESOLVED, _unit,
                STATISTICS[_statistic](f"facts__{_what}_{_hours}_seconds"), SEE, better="down", order=30 + _order,
            )
        )  # fmt: skip

_STAY = _("A ticket's stay in a status with a team, before the solution, that ended in the period.")
for _hours, _unit in SECONDS.items():
    _column = f"{_hours}_seconds"
    measures.register(
        Measure(f"tickets.stay_median_{_hours}", _("Stay, median"), _STAY, STAYS, _unit, percentile(_column, 0.5), SEE,
                better="down", order=60),
        Measure(f"tickets.stay_p90_{_hours}", _("Stay, P90"), _STAY, STAYS, _unit, percentile(_column, 0.9), SEE,
                better="down", order=61),
        Measure(f"tickets.stay_total_{_hours}", _("Time altogether"), _STAY, STAYS, _unit,
                total(_column), SEE, order=62),
    )  # fmt: skip


def _teams(values: Sequence[Any]) -> Mapping[Any, Any]:
    return {row.pk: str(row.name) for row in Team.objects.filter(pk__in=values)}


def _statuses(values: Sequence[Any]) -> Mapping[Any, Any]:
    return {row.key: str(row.name) for row in Status.objects.filter(key__in=values)}


def _priorities(values: Sequence[Any]) -> Mapping[Any, Any]:
    return {value: label for value, label in reversed(Priority.choices) if value in set(values)}


def _weekdays(values: Sequence[Any]) -> Mapping[Any, Any]:
    """Monday to Sunday, by the number of ISO 8601."""
    return {number + 1: name for number, name in WEEKDAYS_ABBR.items()}


def _pieces(values: Sequence[Any]) -> Mapping[Any, Any]:
    """The whole day in pieces, whatever came."""
    return {hour: f"{hour:02}–{hour + ARRIVAL_HOURS:02}" for hour in range(0, 24, ARRIVAL_HOURS)}


dimensions.register(
    Dimension("weekday", _("Weekday"), 46, _weekdays),
    Dimension("hours", _("Hours"), 47, _pieces),
    Dimension("team", _("Team"), 10, _teams),
    Dimension("status", _("Status"), 20, _statuses),
    Dimension("assignee", _("Assignee"), 30, people),
    Dimension("priority", _("Priority"), 40, _priorities),
    Dimension("type", _("Type"), 50, trade_metrics.type_names),
    Dimension("score", _("Score"), 58),
)

_ANSWERING = ["tickets.first_response_median_business", "tickets.first_response_p90_business", "tickets.response_met"]
_SOLVING = ["tickets.sla_met", "tickets.resolved", "tickets.handling_median_business"]
reports.register(
    Report("service-flow", SERVICE, _("Do we solve as much as comes in?"),
           ["tickets.created", "tickets.resolved", "tickets.closed_unsolved"], by=TIME, order=10),
    Report("service-arrivals", SERVICE, _("When do tickets come in?"), ["tickets.created"], by="weekday",
           across="hours", order=12),
    Report("service-backlog", SERVICE, _("Where do open tickets stand?"),
           ["tickets.open", "tickets.unassigned", "tickets.breached"], by="team", order=11),
    Report("service-response", SERVICE, _("Are we answering in time?"), _ANSWERING, by=TIME, order=20),
    Report("service-response-team", SERVICE, _("Which teams answer in time?"), _ANSWERING, by="team", order=21),
    Report("service-sla", SERVICE, _("Do we keep our promises?"), _SOLVING, by=TIME, order=30),
    Report("service-sla-type", SERVICE, _("Which requests take long?"), _SOLVING, by="type", order=31),
    Report("service-sla-priority", SERVICE, _("Do urgent requests go first?"), [*_SOLVING, *_ANSWERING], by="priority",
           order=32),
    Report("service-workload", SERVICE, _("Is work shared fairly?"),
           ["tickets.load", "tickets.open", "tickets.breached"], by="assignee", order=40),
    Report("service-people", SERVICE, _("Who solved how much?"),
           ["tickets.resolved", "tickets.sla_met", "tickets.handling_median_business"], by="assignee", order=41),
    Report("service-satisfaction", SERVICE, _("Are customers content?"), ["tickets.satisfaction"], by=TIME, order=50),
    Report("service-satisfaction-team", SERVICE, _("With whom are customers content?"), ["tickets.satisfaction"],
           by="team", order=51),
)  # fmt: skip
