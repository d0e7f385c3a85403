"""The rows of numbers at the top: how it stands now, and how the period went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.metrics import Figure, Unit, measures

from ..board import Board
from ..targets import judged, targets
from ..words import change, day_text, figure_text, short, value_text, whole
from .base import Card, Content, Tile, subtitle
from .flow import FLOW, Backlog, backlog_by_day

NOW = ("tickets.open", "tickets.unassigned", "tickets.due_within_hour", "tickets.breached")
#: Where any at all is a matter to act on.
ALARMS = {
    "tickets.unassigned": ("caution", "unassign"),
    "tickets.due_within_hour": ("warning", "at_risk"),
    "tickets.breached": ("danger", "breached"),
}
FIRST, P90 = "tickets.first_response_median_business", "tickets.first_response_p90_business"
PERIOD = ("tickets.created", "tickets.resolved", FIRST, "tickets.sla_met", "tickets.satisfaction")
WIDTH, HEIGHT, EDGE = 100, 24, 2


def build_now(board: Board) -> Content:
    """Open, unassigned, due within the hour, overdue. One query."""
    figures = board.figures(NOW)
    tiles = []
    for key in NOW:
        measure, figure = measures[key], figures[key]
        tone, icon = ALARMS.get(key, ("", "ticket"))
        tiles.append(
            Tile(
                label=str(measure.label),
                value=short(figure.value or 0),
                url=board.address(key),
                hint=str(measure.definition),
                tone=tone if figure.value else "",
                icon=icon,
                whole=whole(figure.value or 0),
            )
        )
    return Content(subtitle=subtitle(board, _("Counted live"), live=True), tiles=tiles)


def build_period(board: Board) -> Content:
    """Created, resolved, backlog, first response, SLA met, satisfaction; each with its way through the period.

    Nine queries.
    """
    found = board.trend(dict.fromkeys((*PERIOD, P90, *FLOW)))
    days, wanted = found.days.values(), targets()
    tiles = [
        _tile(board, key, found.now[key], found.before[key], [day[key].value for day in days], wanted.get(key))
        for key in PERIOD
    ]
    tiles[2] = _with_p90(tiles[2], found.now[P90])
    tiles.insert(2, _backlog(board, backlog_by_day(board, found.days)))
    return Content(subtitle=subtitle(board, _("Compared with the period before")), tiles=tiles)


def _tile(
    board: Board, key: str, now: Figure, before: Figure, days: Sequence[float | None], target: float | None
) -> Tile:
    measure = measures[key]
    is_count = measure.unit == Unit.COUNT
    unit, sub = "", _("vs %(days)s") % {"days": board.previous_text}
    if measure.unit == Unit.RATE:
        unit = _("of %(count)s") % {"count": whole(now.base)}
    elif measure.unit == Unit.SCORE:
        unit = _("of 5")
        sub = _("%(count)s answers") % {"count": whole(now.base)}
    return Tile(
        label=str(measure.label),
        value=short(now.value or 0) if is_count else figure_text(measure, now),
        url=board.address(key) if now.base else "",
        hint=str(measure.definition),
        unit=unit,
        change=change(measure, now, before),
        sub=judged(measure, now.value, target) or sub,
        spark=spark(days),
        whole=whole(now.value or 0) if is_count else "",
    )


def _with_p90(tile: Tile, p90: Figure) -> Tile:
    label = _("First response")
    sub = _("P90 %(time)s") % {"time": value_text(Unit.BUSINESS_SECONDS, p90.value)}
    return replace(tile, label=label, unit=_("median"), sub=sub)


def _backlog(board: Board, days: Backlog) -> Tile:
    """The backlog at the end, and how it moved since the first midnight of the period."""
    opening, closing = days.opening, days.closing
    measure = measures["tickets.backlog"]
    moved = closing - opening
    difference = change(measure, Figure(closing, 1), Figure(opening, 1))
    if difference is not None and moved:
        difference = replace(difference, text=f"{'▲ +' if moved > 0 else '▼ −'}{whole(abs(moved))}")
    return Tile(
        label=str(measure.label),
        value=short(closing),
        url=board.address(measure.key) if closing else "",
        hint=str(measure.definition),
        unit=_("open"),
        change=difference,
        sub=_("since %(day)s") % {"day": day_text(board.period.first)},
        spark=spark(days.at_end),
        whole=whole(closing),
    )


def spark(values: Sequence[float | None]) -> str:
    """The line of a sparkline in a box of 100 × 24; a day without an answer leaves a gap. Empty for one value."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = WIDTH / (len(values) - 1)
    path, pen = [], "M"
    for number, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        share = (value - low) / (high - low) if high > low else 0.5
        path.append(f"{pen}{number * step:.1f},{HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE):.1f}")
        pen = "L"
    return " ".join(path)


now_tiles = Card("now", gettext_lazy("How does it stand now?"), build_now, place="top")
period_tiles = Card("period", gettext_lazy("How did the period go?"), build_period, place="top")
