"""What a card is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.metrics import Figure, Measure, Unit, measures
from crm.core.money import rounded

from ..board import Board
from ..words import Change, figure_text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as people read it, with the list behind it and the bare value for exports.

    heat: how much of the most it is, 1 to 5 in fifths; 0 for a cell without a tint.
    """

    value: str
    url: str = ""
    raw: float | str | None = None
    badge: str = ""
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. unit: of the bare values, named in exports."""

    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number to be judged by. spark: an SVG path, or empty. whole: what `value` shortens. records: how many it opens,
    None where nobody counted.
    """

    label: str
    value: str
    url: str
    hint: str
    unit: str = ""
    tone: str = ""
    icon: str = ""
    change: Change | None = None
    sub: str = ""
    spark: str = ""
    whole: str = ""
    records: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a card shows. finding: the answer to its question in one sentence. chart: what js/charts.js draws."""

    subtitle: str = ""
    finding: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[Cell]] = ()
    chart: dict[str, Any] | None = None
    legend: Sequence[tuple[int, str]] = ()
    tiles: Sequence[Tile] = field(default_factory=list)
    table_first: bool = False

    @property
    def head(self) -> list[str]:
        """The headings as read."""
        return [column.label for column in self.columns]


@dataclass(frozen=True, slots=True)
class Card:
    """A part of the board. place: "top" across, "wide" or "narrow" in a row."""

    key: str
    question: Any
    build: Callable[[Board], Content]
    place: str = "narrow"
    size: str = ""

    @property
    def has_tiles(self) -> bool:
        return self.place == "top"

    @property
    def url(self) -> str:
        """Its page, and its fragment."""
        return reverse("reports:card", args=[self.key])

    @property
    def export_url(self) -> str:
        return reverse("reports:export", args=[self.key])


def figure_cell(measure: Measure, figure: Figure, url: str) -> Cell:
    """A figure that opens its records; one without records opens nothing."""
    if measure.unit == Unit.MONEY:
        return Cell(figure_text(measure, figure), url if figure.base else "", plain_amounts(figure))
    raw = figure.value
    if raw is not None and measure.unit != Unit.COUNT:
        raw = round(raw, 4 if measure.unit == Unit.RATE else 1)
    return Cell(figure_text(measure, figure), url if figure.base else "", raw)


def plain_amounts(figure: Figure) -> float | str | None:
    """What a spreadsheet reads: a number in one currency, amounts with their codes in several."""
    if len(figure.amounts) < 2:
        return None if figure.value is None else round(figure.value, 2)
    return "; ".join(f"{code} {rounded(amount, code)}" for code, amount in figure.amounts.items())


def tinted(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows with counts tinted by how much of the most they are; the first column, which names a row, stays."""
    counts = [cell.raw for row in rows for cell in row[1:] if isinstance(cell.raw, int | float)]
    most = max(counts, default=0)
    return [
        [replace(cell, heat=ceil(5 * cell.raw / most)) if place and most and isinstance(cell.raw, int | float) else cell
         for place, cell in enumerate(row)]
        for row in rows
    ]  # fmt: skip


def text_cell(text: object) -> Cell:
    """Plain words."""
    return Cell(str(text), raw=str(text))


def count_cell(number: int, url: str) -> Cell:
    """A number of records that opens them."""
    return Cell(figure_text(measures["tickets.open"], Figure(number, number)), url if number else "", number)


def base_cell(figure: Figure, url: str) -> Cell:
    """How many records a figure counts."""
    return count_cell(figure.base, url)


def subtitle(board: Board, definition: Any, *, live: bool = False, scope: bool = True) -> str:
    """Definition, period and scope of a card. scope: whether teams can be chosen, so that they are worth naming."""
    days = _("%(days)s, %(zone)s") % {"days": board.days_text, "zone": board.zone_name}
    when = _("now") if live else days
    if not scope:
        return f"{str(definition).rstrip('.。')} · {when}"
    return f"{str(definition).rstrip('.。')} · {when} · {board.teams_text}"


def in_hours(values: Sequence[float | None]) -> tuple[list[float | None], str]:
    """Seconds for an axis, in minutes or hours, with the unit's name."""
    highest = max((value for value in values if value is not None), default=0)
    seconds, unit = (3600, _("hours")) if highest >= 7200 else (60, _("minutes"))
    return [None if value is None else round(value / seconds, 2) for value in values], unit
