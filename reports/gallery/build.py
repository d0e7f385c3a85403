"""From a declared report and a question to its table and chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.core import metrics
from crm.core.gallery import Report
from crm.core.metrics import Dimension, Figure, Measure, Only, Span, Unit, dimensions

from ..board import Board
from ..cards.base import Cell, Column, Content, figure_cell, in_hours, subtitle, text_cell, tinted
from ..targets import mark, target_of
from ..words import change, figure_text, value_text, whole
from .steps import by_step, step_of, step_text

#: Rows of a table; the rest is named in the sentence under the question.
MOST = 50
#: Bars of a chart.
BARS = 12
#: Pieces of a bar, each with a colour of its own.
PIECES = 7


def build_totals(report: Report, board: Board) -> Content:
    """Each measure of the period beside that of the period before."""
    wanted = report.wanted
    now, before = _both(board, wanted)
    rows = []
    for measure in wanted:
        moved = change(measure, now[measure.key], before[measure.key]) if _moves(board, measure) else None
        rows.append(
            [
                text_cell(measure.label),
                _cell(board, measure, now[measure.key], board.span),
                _cell(board, measure, before[measure.key], board.period.previous)
                if _moves(board, measure)
                else text_cell(""),
                Cell(moved.text if moved else "", badge=moved.tone if moved else ""),
            ]
        )
    columns = [Column(_("Figure")), Column(_("Now")), Column(_("Before")), Column(_("Change"))]
    return Content(_about(report, board), _finding(board, wanted[0], now, before), columns, rows)


def build_time(report: Report, board: Board) -> Content:
    """The measures by day, week or month, with their whole and the period before below."""
    wanted = report.wanted
    step = step_of(board, wanted)
    found = by_step(board, wanted, step)
    now, before = _both(board, wanted)
    rows = [
        [Cell(step_text(span, step, long=True), raw=span.start.astimezone(span.zone).date().isoformat()),
         *(_cell(board, measure, figures[measure.key], span) for measure in wanted)]
        for span, figures in found.items()
    ]  # fmt: skip
    rows += _sums(board, wanted, now, before)
    names = {"day": _("Day"), "week": _("Week from"), "month": _("Month")}
    first, values, unit = _charted(wanted, list(found.values()))
    chart = {
        "kind": "bar" if first.unit == Unit.COUNT or first.unit == Unit.MONEY else "line",
        "labels": [step_text(span, step) for span in found],
        "series": [{"name": str(first.label), "values": values,
                    "links": [_address(board, first, span) for span in found]}],
        "unit": unit, "mark": mark(first, target_of(first)), "description": _finding(board, first, now, before),
    }  # fmt: skip
    has_chart = any(value is not None for value in values)
    return Content(
        _about(report, board), _finding(board, wanted[0], now, before), [Column(names[step]), *_columns(wanted)], rows,
        chart if has_chart else None, [(1, str(first.label))],
    )  # fmt: skip


def build_parts(report: Report, board: Board) -> Content:
    """The measures by the values of a dimension, with their whole below."""
    wanted, dimension = report.wanted, dimensions[report.by]
    found = metrics.by_part(wanted, board.viewer, board.span, [report.by], board.only)
    parts = {key[0]: figures for key, figures in found.items()}
    names = _names(dimension, parts, wanted[0])
    now, before = _both(board, wanted)
    shown = list(names)[:MOST]
    rows = []
    for value in shown:
        figures = {**{measure.key: _none(measure) for measure in wanted}, **parts.get(value, {})}
        cells = [_cell(board, measure, figures[measure.key], board.span, {report.by: [value]}) for measure in wanted]
        rows.append([text_cell(names[value]), *cells])
    rows += _sums(board, wanted, now, before) if rows else []
    bars = [value for value in shown if value in parts][:BARS]
    none = {measure.key: _none(measure) for measure in wanted}
    first, values, unit = _charted(wanted, [{**none, **parts[value]} for value in bars])
    chart = {
        "kind": "hbar", "labels": [str(names[value]) for value in bars],
        "series": [{"name": str(first.label), "values": values}],
        "links": [_address(board, first, board.span, {report.by: [value]}) for value in bars],
        "unit": unit, "mark": mark(first, target_of(first)), "description": _finding(board, first, now, before),
    }  # fmt: skip
    has_chart = any(value is not None for value in values)
    return Content(
        _about(report, board), _finding(board, wanted[0], now, before),
        [Column(str(dimension.label)), *_columns(wanted)], rows, chart if has_chart else None,
        [(1, str(first.label))],
    )  # fmt: skip


def build_matrix(report: Report, board: Board) -> Content:
    """One measure by two dimensions; every cell opens its records."""
    measure, keys = report.wanted[0], (report.by, report.across)
    found = metrics.by_part([measure], board.viewer, board.span, keys, board.only)
    down, over = (
        _names(dimensions[key], _ends(found, place), measure) for place, key in enumerate(keys)
    )  # fmt: skip
    cells: dict[Any, list[Figure]] = {
        value: [found.get((value, other), {}).get(measure.key, _none(measure)) for other in over] for value in down
    }
    rows = []
    for value, figures in cells.items():
        line = [
            _cell(board, measure, figure, board.span, {report.by: [value], report.across: [other]})
            for other, figure in zip(over, figures, strict=True)
        ]
        rows.append([text_cell(down[value]), *line])
    chart = _stacked(board, report, measure, down, over, cells)
    now, before = _both(board, [measure])
    finding = _finding(board, measure, now, before)
    heading = _("%(down)s, by %(across)s") % {
        "down": dimensions[report.by].label, "across": dimensions[report.across].label,
    }  # fmt: skip
    columns = [Column(heading), *(Column(str(name)) for name in over.values())]
    return Content(
        _about(report, board), finding, columns, tinted(rows) if found else [], {**chart, "description": finding},
        [(number, entry["name"]) for number, entry in enumerate(chart["series"], start=1)], table_first=True,
    )  # fmt: skip


def _stacked(
    board: Board, report: Report, measure: Measure, down: Mapping[Any, Any], over: Mapping[Any, Any],
    cells: Mapping[Any, Sequence[Figure]],
) -> dict[str, Any]:  # fmt: skip
    """Bars of a table of two dimensions: a bar a row, a piece a column; the columns past the seventh are one piece."""
    series = [
        {"name": str(name), "values": [figures[place].value for figures in cells.values()],
         "links": [_address(board, measure, board.span, {report.by: [value], report.across: [other]})
                   for value in cells]}
        for place, (other, name) in enumerate(over.items())
    ]  # fmt: skip
    if len(series) > PIECES:
        rest = [sum(figure.value or 0 for figure in figures[PIECES - 1 :]) for figures in cells.values()]
        series = [*series[: PIECES - 1], {"name": _("Other"), "values": rest, "tone": "muted"}]
    return {"kind": "hbar-stacked", "labels": [str(down[value]) for value in cells], "series": series}


def build_funnel(report: Report, board: Board) -> Content:
    """Steps, each with its share of the first and of the one before it."""
    wanted = report.wanted
    now, before = _both(board, wanted)
    rows, counts = [], [now[measure.key].base for measure in wanted]
    for number, measure in enumerate(wanted):
        of_first = counts[number] / counts[0] if counts[0] else None
        of_last = counts[number] / counts[number - 1] if number and counts[number - 1] else None
        rows.append(
            [
                text_cell(measure.label), _cell(board, measure, now[measure.key], board.span), _share(of_first),
                _share(of_last), _cell(board, measure, before[measure.key], board.period.previous),
            ]
        )  # fmt: skip
    chart = {
        "kind": "hbar", "labels": [str(measure.label) for measure in wanted],
        "series": [{"name": str(wanted[0].label), "values": counts}],
        "links": [_address(board, measure, board.span) for measure in wanted],
        "description": _funnel_finding(wanted, counts),
    }  # fmt: skip
    columns = [
        Column(_("Step")), Column(_("Count")), Column(_("Of the first step"), "0–1"),
        Column(_("Of the step before"), "0–1"), Column(_("Before")),
    ]  # fmt: skip
    finding = _funnel_finding(wanted, counts)
    return Content(_about(report, board), finding, columns, rows, chart if counts[0] else None)


def _funnel_finding(wanted: Sequence[Measure], counts: Sequence[int]) -> str:
    """How many came to the last step, and where most were lost; where nobody came to the first, just that."""
    if not counts[0]:
        return _("%(name)s: %(value)s.") % {"name": str(wanted[0].label), "value": whole(0)}
    lost = max(range(1, len(counts)), key=lambda number: counts[number - 1] - counts[number])
    return _(
        "%(last)s of %(all)s came to the last step, “%(step)s” (%(share)s)."
        " Most were lost before “%(where)s”: %(lost)s."
    ) % {
        "last": whole(counts[-1]), "all": whole(counts[0]), "step": wanted[-1].label,
        "share": value_text(Unit.RATE, counts[-1] / counts[0]), "where": wanted[lost].label,
        "lost": whole(counts[lost - 1] - counts[lost]),
    }  # fmt: skip


def _share(value: float | None) -> Cell:
    return Cell(value_text(Unit.RATE, value), raw=None if value is None else round(value, 4))


def _both(board: Board, wanted: Sequence[Measure]) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Figures of the period and of the one before; those about the present stand still."""
    now = metrics.figures(wanted, board.viewer, board.span, board.only)
    moving = [measure for measure in wanted if _moves(board, measure)]
    return now, {**now, **metrics.figures(moving, board.viewer, board.period.previous, board.only)}


def _moves(board: Board, measure: Measure) -> bool:
    """Whether the figure depends on the period: one about the present has the same list whatever the days."""
    return measure.source.params(board.span) != measure.source.params(board.period.previous)


def _sums(
    board: Board, wanted: Sequence[Measure], now: Mapping[str, Figure], before: Mapping[str, Figure]
) -> list[list[Cell]]:
    """The last rows of a table: all together, and the period before."""
    rows = [[text_cell(_("All")), *(_cell(board, measure, now[measure.key], board.span) for measure in wanted)]]
    if any(_moves(board, measure) for measure in wanted):
        label = _("Before: %(days)s") % {"days": board.previous_text}
        cells = [
            _cell(board, measure, before[measure.key], board.period.previous)
            if _moves(board, measure)
            else text_cell("")
            for measure in wanted
        ]
        rows.append([text_cell(label), *cells])
    return rows


def _finding(board: Board, measure: Measure, now: Mapping[str, Figure], before: Mapping[str, Figure]) -> str:
    """The answer in one sentence."""
    figure = now[measure.key]
    values = {"name": str(measure.label), "value": figure_text(measure, figure)}
    moved = change(measure, figure, before[measure.key]) if _moves(board, measure) else None
    if moved is None:
        return _("%(name)s: %(value)s.") % values
    return _("%(name)s: %(value)s (%(change)s against %(days)s).") % {
        **values, "change": moved.text, "days": board.previous_text,
    }  # fmt: skip


def _about(report: Report, board: Board) -> str:
    definition = report.definition or report.wanted[0].definition
    return subtitle(board, definition, live=not any(_moves(board, measure) for measure in report.wanted), scope=False)


def _columns(wanted: Sequence[Measure]) -> list[Column]:
    units = {Unit.RATE: "0–1", Unit.BUSINESS_SECONDS: _("seconds"), Unit.CALENDAR_SECONDS: _("seconds")}
    return [Column(str(measure.label), units.get(measure.unit, "")) for measure in wanted]


def _cell(board: Board, measure: Measure, figure: Figure, span: Span, also: Only | None = None) -> Cell:
    return figure_cell(measure, figure, _address(board, measure, span, also) if figure.base else "")


def _address(board: Board, measure: Measure, span: Span, also: Only | None = None) -> str:
    return metrics.address(measure, span, {**board.only, **(also or {})})


def _none(measure: Measure) -> Figure:
    return Figure(0 if measure.unit == Unit.COUNT else None)


def _names(dimension: Dimension, parts: Mapping[Any, Mapping[str, Figure]], first: Measure) -> Mapping[Any, Any]:
    """The values of a dimension with their names, in the order of the table."""
    if dimension.names is not None:
        named = dimension.names(list(parts))
        if len(named) <= BARS:
            return named
        return {value: named[value] for value in _by_size(parts, first) if value in named}
    return {
        value: whole(value) if isinstance(value, int) else str(value or _("None")) for value in _by_size(parts, first)
    }


def _by_size(parts: Mapping[Any, Mapping[str, Figure]], first: Measure) -> list[Any]:
    """Values by the first measure, the largest first; equal ones by their own order."""
    none = _none(first)
    return sorted(parts, key=lambda value: (-(parts[value].get(first.key, none).value or 0), str(value)))


def _ends(found: Mapping[tuple[Any, ...], Mapping[str, Figure]], place: int) -> dict[Any, Mapping[str, Figure]]:
    """The values of one of two dimensions, each with some figures of it."""
    return {key[place]: figures for key, figures in found.items()}


def _charted(
    wanted: Sequence[Measure], figures: Sequence[Mapping[str, Figure]]
) -> tuple[Measure, list[float | None], str]:
    """What the chart shows: the first measure with one axis, which amounts of several currencies have not."""
    for measure in wanted:
        values, unit = _axis(measure, [row[measure.key] for row in figures])
        if any(value is not None for value in values):
            return measure, values, unit
    return wanted[0], [None] * len(figures), ""


def _axis(measure: Measure, figures: Sequence[Figure]) -> tuple[list[float | None], str]:
    """Values for a chart with their unit. Amounts of several currencies have no common axis."""
    values = [figure.value for figure in figures]
    if measure.unit.is_time:
        return in_hours(values)
    if measure.unit == Unit.RATE:
        return [None if value is None else round(value * 100, 1) for value in values], "%"
    if measure.unit != Unit.MONEY:
        return values, ""
    codes = {code for figure in figures for code in figure.amounts}
    if len(codes) != 1:
        return [None] * len(figures), ""
    return values, codes.pop()
