"""How long customers wait for an answer and for a solution, and where the time goes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import Team
from crm.core.metrics import Figure, Unit, measures
from tickets.models import Status

from ..board import Board
from ..words import value_text, whole
from .base import Card, Column, Content, base_cell, figure_cell, in_hours, subtitle, text_cell

STATISTICS = ("mean", "median", "p90")
ROWS = {
    ("first_response", "business"): gettext_lazy("First response, business time"),
    ("first_response", "calendar"): gettext_lazy("First response, calendar time"),
    ("handling", "business"): gettext_lazy("Handling time, business time"),
    ("handling", "calendar"): gettext_lazy("Handling time, calendar time"),
}
STAY = ("tickets.stay_total_business", "tickets.stay_median_business", "tickets.stay_p90_business")
STAY_CALENDAR = "tickets.stay_median_calendar"
#: Bars at most; the table has all.
SHOWN = 8


def build_speed(board: Board) -> Content:
    """Mean, median and P90 of first response and handling, in business and in calendar time. Two queries."""
    keys = {row: [f"tickets.{row[0]}_{statistic}_{row[1]}" for statistic in STATISTICS] for row in ROWS}
    figures = board.figures(key for row in keys.values() for key in row)
    rows = []
    for row, label in ROWS.items():
        base = figures[keys[row][0]]
        url = board.address(keys[row][0])
        cells = [figure_cell(measures[key], figures[key], url) for key in keys[row]]
        rows.append([text_cell(label), *cells, base_cell(base, url)])
    finding = _finding(figures)
    values, unit = in_hours([figures[key].value for row in keys.values() for key in row])
    names = [_("Mean"), _("Median"), _("P90")]
    chart = {
        "kind": "hbar",
        "labels": [str(label) for label in ROWS.values()],
        "series": [
            {
                "name": names[index],
                "values": values[index::3],
                "links": [board.address(row[index]) for row in keys.values()],
            }
            for index in range(3)
        ],
        "unit": unit,
        "description": finding,
    }
    about = _(
        "From creation or the latest reopening to the first public reply, and to the solution, waiting included;"
        " half of the tickets are faster than the median, nine of ten faster than P90"
    )
    columns = [Column(_("Measure")), *(Column(name, _("seconds")) for name in names), Column(_("Tickets"))]
    return Content(subtitle(board, about), finding, columns, rows, chart, [(n + 1, names[n]) for n in range(3)])


def _finding(figures: dict[str, Figure]) -> str:
    first, handling = (figures[f"tickets.{what}_median_business"] for what in ("first_response", "handling"))
    if first.value is None or handling.value is None:
        return ""
    return _(
        "Half of the customers have an answer within %(first)s and a solution within %(solution)s of business time."
    ) % {
        "first": value_text(Unit.BUSINESS_SECONDS, first.value),
        "solution": value_text(Unit.BUSINESS_SECONDS, handling.value),
    }  # fmt: skip


def build_waiting(board: Board) -> Content:
    """Time spent per status and team, longest altogether first: the bottleneck. Three queries."""
    found = board.by_part((*STAY, STAY_CALENDAR), "status", "team")
    statuses = {status.key: str(status.name) for status in Status.objects.visible_to(board.viewer)}
    teams = {team.pk: str(team.name) for team in Team.objects.visible_to(board.viewer)}
    ordered = sorted(found.items(), key=lambda item: -(item[1][STAY[0]].value or 0))
    altogether = sum(figures[STAY[0]].value or 0 for _key, figures in ordered)
    rows, labels, totals, links = [], [], [], []
    for (status, team), figures in ordered:
        url = board.address(STAY[0], status=status, team=team)
        total = figures[STAY[0]].value or 0
        share = value_text(Unit.RATE, total / altogether if altogether else None)
        rows.append(
            [
                text_cell(statuses[status]), text_cell(teams[team]),
                base_cell(figures[STAY[0]], url),
                *(figure_cell(measures[key], figures[key], url) for key in (STAY[1], STAY_CALENDAR, STAY[2], STAY[0])),
                text_cell(share),
            ]
        )  # fmt: skip
        labels.append(f"{statuses[status]} · {teams[team]}")
        totals.append(float(total))
        links.append(url)
    values, unit = in_hours(totals[:SHOWN])
    finding = _bottleneck(ordered, statuses, teams, altogether)
    chart = {
        "kind": "hbar",
        "labels": labels[:SHOWN],
        "series": [{"name": _("Time altogether"), "values": values}],
        "links": links[:SHOWN],
        "unit": unit,
        "description": finding,
    }
    seconds = _("seconds")
    columns = [
        Column(_("Status")), Column(_("Team")), Column(_("Tickets")), Column(_("Median"), seconds),
        Column(_("Median, calendar"), seconds), Column(_("P90"), seconds), Column(_("Time altogether"), seconds),
        Column(_("Share")),
    ]  # fmt: skip
    about = _("Stays in a status with a team, before the solution, that ended in the period; business time")
    return Content(subtitle(board, about), finding, columns, rows, chart)


def _bottleneck(ordered: list[Any], statuses: dict[str, str], teams: dict[int, str], altogether: float) -> str:
    """The sentence that names where most time goes."""
    if not ordered or not altogether:
        return ""
    (status, team), figures = ordered[0]
    return _(
        "Bottleneck: “%(status)s” at %(team)s takes %(share)s of all time, %(median)s at the median,"
        " with %(count)s tickets."
    ) % {
        "status": statuses[status],
        "team": teams[team],
        "share": value_text(Unit.RATE, (figures[STAY[0]].value or 0) / altogether),
        "median": value_text(Unit.BUSINESS_SECONDS, figures[STAY[1]].value),
        "count": whole(figures[STAY[0]].base),
    }


speed = Card("speed", gettext_lazy("How fast do we answer and solve?"), build_speed, place="wide")
waiting = Card("waiting", gettext_lazy("Where do tickets wait?"), build_waiting)
