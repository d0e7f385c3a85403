"""What comes in and goes out, and where open tickets stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import clock
from crm.core.metrics import Figure, Span, measures
from crm.ui.html import EMPTY
from tickets.models import Status

from ..board import Board
from ..words import day_text, weekday_text, whole
from .base import Card, Cell, Column, Content, count_cell, figure_cell, subtitle, text_cell

FLOW = ("tickets.created", "tickets.resolved", "tickets.closed_unsolved")
STAND = ("tickets.open", "tickets.unassigned", "tickets.due_within_hour", "tickets.breached")


@dataclass(frozen=True, slots=True)
class Backlog:
    """opening: at the first midnight. days: flow by day. at_end: open at each day's end, None for days to come."""

    opening: int
    days: Mapping[dt.date, Mapping[str, Figure]]
    at_end: list[int | None]

    @property
    def closing(self) -> int:
        return next((number for number in reversed(self.at_end) if number is not None), self.opening)


def backlog_by_day(board: Board, days: Mapping[dt.date, Mapping[str, Figure]] | None = None) -> Backlog:
    """Opening backlog plus created, minus resolved, minus closed without a solution. Four queries.

    days: figures of at least `FLOW` by day, where the caller has asked them already; then one query.

    The figures follow the tickets as they are now, so that each day's end equals the list of that moment.
    """
    start = board.span.start
    opening = board.figures(["tickets.backlog"], Span(start, start, board.span.zone))["tickets.backlog"].base
    days = board.by_day(FLOW) if days is None else days
    at_end: list[int | None] = []
    running, now = opening, clock.now()
    for day, flow_of_day in days.items():
        created, resolved, closed = (flow_of_day[key].base for key in FLOW)
        running += created - resolved - closed
        at_end.append(running if board.span.day(day).start <= now else None)
    return Backlog(opening, days, at_end)


def build_flow(board: Board) -> Content:
    """Created and resolved by day, with the backlog at each day's end below."""
    backlog = backlog_by_day(board)
    rows, links = [], []
    for (day, flow_of_day), left in zip(backlog.days.items(), backlog.at_end, strict=True):
        span = board.span.day(day)
        urls = {key: board.address(key, span) for key in FLOW}
        links.append(urls)
        rows.append(
            [
                Cell(weekday_text(day), raw=day.isoformat()),
                *(count_cell(flow_of_day[key].base, urls[key]) for key in FLOW),
                Cell(EMPTY) if left is None else count_cell(left, board.address("tickets.backlog", span)),
            ]
        )
    created, resolved, _closed = (sum(day[key].base for day in backlog.days.values()) for key in FLOW)
    finding = _(
        "%(created)s came in, %(resolved)s were resolved; the backlog went from %(opening)s to %(closing)s."
    ) % {
        "created": whole(created),
        "resolved": whole(resolved),
        "opening": whole(backlog.opening),
        "closing": whole(backlog.closing),
    }
    names = [str(measures[key].label) for key in FLOW]
    backlog_name = _("Backlog at day end, own scale")
    chart = {
        "kind": "bar",
        "labels": [day_text(day) for day in backlog.days],
        "series": [
            {"name": names[0], "values": [day[FLOW[0]].base for day in backlog.days.values()], "tone": "muted",
             "links": [url[FLOW[0]] for url in links]},
            {"name": names[1], "values": [day[FLOW[1]].base for day in backlog.days.values()], "colour": 1,
             "links": [url[FLOW[1]] for url in links]},
        ],
        "below": {"name": backlog_name, "values": backlog.at_end, "colour": 2,
                  "links": [board.address("tickets.backlog", board.span.day(day)) for day in backlog.days]},
        "description": finding,
    }  # fmt: skip
    columns = [Column(_("Day")), *(Column(name) for name in names), Column(_("Backlog at day end"))]
    about = _("Tickets created and resolved per day; those in the recycle bin are left out")
    return Content(
        subtitle(board, about), finding, columns, rows, chart, [(7, names[0]), (1, names[1]), (2, backlog_name)]
    )


def build_stand(board: Board) -> Content:
    """Open tickets by status. Two queries."""
    found = board.by_part(STAND, "status")
    statuses = [status for status in Status.objects.visible_to(board.viewer) if (status.key,) in found]
    rows = []
    for status in statuses:
        figures = found[(status.key,)]
        cells = [figure_cell(measures[key], figures[key], board.address(key, status=status.key)) for key in STAND]
        rows.append([text_cell(status.name), *cells])
    values = [found[(status.key,)]["tickets.open"].base for status in statuses]
    finding = ""
    if values:
        top = max(range(len(values)), key=values.__getitem__)
        finding = _("Most stand in “%(status)s”: %(count)s of %(all)s.") % {
            "status": statuses[top].name,
            "count": whole(values[top]),
            "all": whole(sum(values)),
        }
    chart = {
        "kind": "hbar",
        "labels": [str(status.name) for status in statuses],
        "series": [{"name": str(measures["tickets.open"].label), "values": values}],
        "links": [board.address("tickets.open", status=status.key) for status in statuses],
        "description": finding,
    }
    columns = [Column(_("Status")), *(Column(str(measures[key].label)) for key in STAND)]
    return Content(subtitle(board, measures["tickets.open"].definition, live=True), finding, columns, rows, chart)


flow = Card("flow", gettext_lazy("Do we solve as much as comes in?"), build_flow, place="wide", size="is-tall")
stand = Card("status", gettext_lazy("Where do open tickets stand?"), build_stand)
