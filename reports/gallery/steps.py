"""Into which steps a period is cut, and what the figures of each are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from crm.core import metrics
from crm.core.metrics import Figure, Measure, Span

from ..board import Board
from ..words import day_text, month_text, weekday_text

#: So many days are cut into days, more into weeks, and more than those into months.
DAYS, WEEKS = 31, 120
#: Where each step is asked for by itself, there are no more than so many.
FEW = 14


def step_of(board: Board, measures: Sequence[Measure]) -> str:
    """ "day", "week" or "month": fewer steps where the latest of a span counts, so that each is asked for itself."""
    days = board.period.days
    limit = DAYS if all(measure.source.adds_up for measure in measures) else FEW
    if days <= limit:
        return "day"
    return "week" if days <= WEEKS and days / 7 < FEW + 4 else "month"


def by_step(board: Board, measures: Sequence[Measure], step: str) -> dict[Span, dict[str, Figure]]:
    """Figures of each step, in order. Each figure is exactly that of its step alone. As many queries as of one step."""
    spans = board.span.steps(step)
    adding = [measure for measure in measures if measure.source.adds_up]
    others = [measure for measure in measures if not measure.source.adds_up]
    found = metrics.by_step(adding, board.viewer, board.span, step, board.only)
    alone = metrics.by_span(others, board.viewer, list(spans.values()), board.only)
    for first, figures in zip(spans, alone, strict=True):
        found[first] |= figures
    return {span: found[first] for first, span in spans.items()}


def step_text(span: Span, step: str, *, long: bool = False) -> str:
    """A step as an axis or a table calls it: a day, the first day of what is inside a week, a month."""
    day: dt.date = span.start.astimezone(span.zone).date()
    if step == "month":
        return month_text(day)
    return weekday_text(day) if long and step == "day" else day_text(day)
