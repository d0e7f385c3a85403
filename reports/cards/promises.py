"""Whether promises are kept and customers content."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.accounts.models import Team
from crm.core.metrics import Figure, Unit, measures

from ..board import Board
from ..targets import mark, target_of
from ..words import value_text, whole
from .base import Card, Column, Content, base_cell, count_cell, figure_cell, subtitle, text_cell

BY_TEAM = (
    "tickets.resolved", "tickets.sla_met", "tickets.response_met", "tickets.first_response_median_business",
    "tickets.breached",
)  # fmt: skip
SCORES = (5, 4, 3, 2, 1)
STARS = {
    5: gettext_lazy("5, very good"),
    4: gettext_lazy("4, good"),
    3: gettext_lazy("3, fair"),
    2: gettext_lazy("2, bad"),
    1: gettext_lazy("1, very bad"),
}


def build_service_level(board: Board) -> Content:
    """Resolved, SLA met, first response and overdue by team, best first. Five queries."""
    found = board.by_part(BY_TEAM, "team")
    names = {team.pk: str(team.name) for team in Team.objects.visible_to(board.viewer)}
    empty = {key: Figure(0 if measures[key].unit == Unit.COUNT else None) for key in BY_TEAM}
    ranked = [(key[0], {**empty, **figures}) for key, figures in found.items()]
    ranked.sort(key=lambda item: (-1 if item[1]["tickets.sla_met"].value is None else -item[1]["tickets.sla_met"].value,
                                  names[item[0]]))  # fmt: skip
    rows = []
    for team_id, figures in ranked:
        cells = [figure_cell(measures[key], figures[key], board.address(key, team=team_id)) for key in BY_TEAM]
        cells.insert(2, base_cell(figures["tickets.sla_met"], board.address("tickets.sla_met", team=team_id)))
        rows.append([text_cell(names[team_id]), *cells])
    promised = [(team_id, figures["tickets.sla_met"]) for team_id, figures in ranked]
    promised = [(team_id, figure) for team_id, figure in promised if figure.value is not None]
    measure = measures["tickets.sla_met"]
    target = target_of(measure)
    finding = ""
    if promised:
        best, worst = promised[0], promised[-1]
        finding = _("%(best)s keeps %(high)s of its promises, %(worst)s %(low)s.") % {
            "best": names[best[0]], "high": value_text(Unit.RATE, best[1].value),
            "worst": names[worst[0]], "low": value_text(Unit.RATE, worst[1].value),
        }  # fmt: skip
    chart = {
        "kind": "hbar",
        "labels": [names[team_id] for team_id, _figure in promised],
        "series": [{"name": _("SLA met"), "values": [round((figure.value or 0) * 100, 1) for _t, figure in promised]}],
        "links": [board.address("tickets.sla_met", team=team_id) for team_id, _figure in promised],
        "unit": "%",
        "highest": 100,
        "mark": mark(measure, target),
        "description": finding,
    }
    columns = [
        Column(_("Team")), Column(_("Resolved")), Column(_("SLA met"), "0–1"), Column(_("With a promise")),
        Column(_("First response in time"), "0–1"), Column(_("First response, median"), _("seconds")),
        Column(_("Overdue now")),
    ]  # fmt: skip
    about = _("Resolved before the promised solution, of those with a promise; first response in business time")
    if target is not None:
        about = f"{about} · {mark(measure, target)['name']}"
    return Content(subtitle(board, about), finding, columns, rows, chart, table_first=True)


def build_satisfaction(board: Board) -> Content:
    """The latest rating of each ticket by score, with mean and number of answers. Two queries."""
    key = "tickets.satisfaction"
    figure = board.figures([key])[key]
    found = board.by_part([key], "score")
    bases = {score: found[(score,)][key].base if (score,) in found else 0 for score in SCORES}
    rows = [
        [
            text_cell(STARS[score]),
            count_cell(bases[score], board.address(key, score=score)),
            text_cell(value_text(Unit.RATE, bases[score] / figure.base if figure.base else None)),
        ]
        for score in SCORES
    ]
    finding = _("No answers in this period yet.")
    if figure.base:
        finding = ngettext(
            "%(mean)s of 5, from %(count)s answer.", "%(mean)s of 5, from %(count)s answers.", figure.base
        ) % {"mean": value_text(Unit.SCORE, figure.value), "count": whole(figure.base)}
    chart = {
        "kind": "hbar",
        "labels": [str(STARS[score]) for score in SCORES],
        "series": [{"name": _("Answers"), "values": [bases[score] for score in SCORES]}],
        "links": [board.address(key, score=score) for score in SCORES],
        "description": finding,
    }
    columns = [Column(_("Score")), Column(_("Answers")), Column(_("Share"))]
    return Content(subtitle(board, measures[key].definition), finding, columns, rows, chart if figure.base else None)


service_level = Card("sla", gettext_lazy("Which teams keep their promises?"), build_service_level, place="wide")
satisfaction = Card("satisfaction", gettext_lazy("Are customers content?"), build_satisfaction)
