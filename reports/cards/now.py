"""What is overdue at this moment, and when work comes in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.core import clock, metrics
from crm.core.gallery import reports
from crm.core.metrics import Unit, measures
from crm.ui.generic.cells import url_of

from ..board import Board
from ..gallery.build import build_matrix
from ..words import value_text, whole
from .base import Card, Cell, Column, Content, subtitle, text_cell

BREACHED, CREATED = "tickets.breached", "tickets.created"
#: Overdue tickets that the board names; the tile above opens all.
SHOWN = 8


def build_overdue(board: Board) -> Content:
    """The tickets that are overdue for longest, each with its address. Two queries."""
    measure = measures[BREACHED]
    count = board.figures([BREACHED])[BREACHED].base
    found = metrics.records(measure, board.viewer, board.span, board.only)
    found = found.select_related("team", "assignee").order_by("next_due_at", "pk")[:SHOWN]
    now, zone = clock.now(), board.period.zone
    rows = [
        [
            Cell(f"#{row.number} {row.subject}", url_of(row)), text_cell(row.team.name),
            text_cell(row.assignee.name if row.assignee else _("Nobody")),
            Cell(
                dateformat.format(row.next_due_at.astimezone(zone), "m-d H:i") if row.next_due_at else "--",
                raw=row.next_due_at.astimezone(zone).isoformat(timespec="minutes") if row.next_due_at else None,
            ),
            Cell(_late(now, row.next_due_at)),
        ]
        for row in found
    ]  # fmt: skip
    finding = ngettext("%(count)s ticket is overdue.", "%(count)s tickets are overdue.", count) % {
        "count": whole(count)
    }
    columns = [
        Column(_("Ticket")),
        Column(_("Team")),
        Column(_("Assignee")),
        Column(_("Due")),
        Column(_("Overdue for")),
    ]
    return Content(subtitle(board, measure.definition, live=True), finding, columns, rows)


def _late(now: dt.datetime, due: dt.datetime | None) -> str:
    return value_text(Unit.CALENDAR_SECONDS, (now - due).total_seconds()) if due is not None and due < now else "--"


def build_arrivals(board: Board) -> Content:
    """Created tickets by weekday and hours of the company's zone, tinted; the same as the report. Three queries."""
    return replace(build_matrix(reports["service-arrivals"], board), chart=None, legend=())


overdue = Card("overdue", gettext_lazy("What is overdue?"), build_overdue, place="wide")
arrivals = Card("arrivals", gettext_lazy("When do tickets come in?"), build_arrivals)
