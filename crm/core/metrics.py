"""One definition of each number: what it counts, how, and the list that shows exactly those records.

An app declares `Source`s and `Measure`s in its `metrics.py`. Boards, reports, the home page and the API ask
`figures`, `by_part` and `by_day`; `address` gives the list behind a figure. One query answers every measure of
one source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Aggregate, Case, Count, DateField, Expression, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Trunc, TruncDate
from django.urls import reverse
from django.utils.http import urlencode

from .actor import Actor
from .formulas import Percentile, count, mean, percentile, rate, total
from .registry import Registry
from .sockets import ALL_REGISTRIES, Text

__all__ = [
    "Dimension", "Figure", "Measure", "Only", "Params", "Part", "Percentile", "Source", "Span", "Trend", "Unit",
    "address", "by_day", "by_part", "by_span", "by_step", "count", "dimensions", "figures", "mean", "measures",
    "midnight", "moment_param", "percentile", "rate", "records", "total", "trend",
]  # fmt: skip

Params = dict[str, list[str]]
#: Which part of the records: dimension → the values that count, such as {"team": [3]}.
Only = Mapping[str, Sequence[Any]]


class Unit(StrEnum):
    """What a figure is measured in. A rate is 0 to 1, a score 1 to 5, time is in seconds, money in its currency."""

    COUNT = "count"
    BUSINESS_SECONDS = "business_seconds"
    CALENDAR_SECONDS = "calendar_seconds"
    RATE = "rate"
    SCORE = "score"
    MONEY = "money"

    @property
    def is_time(self) -> bool:
        return self in {Unit.BUSINESS_SECONDS, Unit.CALENDAR_SECONDS}


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to, not including, another; days are those of `zone`."""

    start: dt.datetime
    end: dt.datetime
    zone: dt.tzinfo

    def days(self) -> list[dt.date]:
        """Every day that the span touches. A day has 23 or 25 hours where the clocks change."""
        first = self.start.astimezone(self.zone).date()
        last = (self.end - dt.timedelta(microseconds=1)).astimezone(self.zone).date()
        return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]

    def day(self, day: dt.date) -> Span:
        """That day, cut at the span's ends."""
        start, end = (midnight(day + dt.timedelta(days=number), self.zone) for number in (0, 1))
        return Span(max(self.start, start), min(self.end, end), self.zone)

    def steps(self, step: str) -> dict[dt.date, Span]:
        """The first day of each day, week (from Monday) or month that the span touches → what of it is inside."""
        found: dict[dt.date, Span] = {}
        for day in self.days():
            first = day - dt.timedelta(days={"day": 0, "week": day.weekday(), "month": day.day - 1}[step])
            found[first] = Span(found.get(first, self.day(day)).start, self.day(day).end, self.zone)
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension as one source knows it: the column to group and filter by, and the list's parameter."""

    column: str
    param: str


@dataclass(frozen=True, slots=True)
class Source:
    """Records that several measures count.

    rows(viewer, span): starts at `visible_to` and holds what the span selects; a source about the present
    ignores the span. params(span): the list's parameters for the same rows. identity: the column that names
    the record of the list, where a row is something smaller. moment: the column that days are made of.
    adds_up: the rows of two spans together are those of the longer span; not so where only the latest counts.
    currency: the column that says what the amounts are in, where the source has measures of money. is_dated: the
    moment is a date of the company's calendar.
    """

    key: str
    rows: Callable[[Actor, Span], QuerySet[Any]]
    params: Callable[[Span], Params]
    url_name: str
    parts: Mapping[str, Part] = field(default_factory=dict)
    identity: str = "pk"
    moment: str = ""
    adds_up: bool = True
    currency: str = ""
    is_dated: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its one definition.

    definition: a sentence saying how it counts. value(only): the aggregate over the source's rows that meet
    `only`. only(): a condition narrower than the source, and `params` the list's word for it. better: "up" or
    "down" where more or less of it is a judgement, else "".
    """

    key: str
    label: Text
    definition: Text
    source: Source
    unit: Unit
    value: Callable[[Q | None], Expression | Aggregate]
    permission: str
    only: Callable[[], Q] | None = None
    params: Mapping[str, Sequence[str]] = field(default_factory=dict)
    better: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure's answer. value is None where no record answers it; base: how many records were counted.

    amounts: of a measure of money, by currency. They are never added; its value is None unless there is only one.
    """

    value: float | None = None
    base: int = 0
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trend:
    """A span's figures altogether and day by day, and those of the span before it."""

    now: dict[str, Figure]
    before: dict[str, Figure]
    days: dict[dt.date, dict[str, Figure]]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to split measures, under the key that sources use in `parts`.

    names(values): what people call them, in the order of a table; values that it leaves out are not shown. Without it
    values stand as they are, the most frequent first.
    """

    key: str
    label: Text
    order: int = 50
    names: Callable[[Sequence[Any]], Mapping[Any, Text]] | None = None


measures: Registry[Measure] = Registry("measures")
dimensions: Registry[Dimension] = Registry("dimensions")
ALL_REGISTRIES += [measures, dimensions]


# Asking ----------------------------------------------------------------------------------------


def records(measure: Measure, viewer: Actor, span: Span, only: Only | None = None) -> QuerySet[Any]:
    """The rows that a measure counts. Raises `KeyError` for a dimension its source does not know."""
    rows = _rows(measure.source, viewer, span, only)
    return rows.filter(measure.only()) if measure.only else rows


def figures(wanted: Iterable[Measure], viewer: Actor, span: Span, only: Only | None = None) -> dict[str, Figure]:
    """Every measure's figure, by key. One query a source, and one more where it has measures of money."""
    found: dict[str, Figure] = {}
    for source, group in _by_source(wanted):
        rows = _rows(source, viewer, span, only)
        plain, amounts = _apart(group)
        if plain:
            found |= _read(plain, rows.aggregate(**_columns(plain)))
        if amounts:
            found |= {measure.key: Figure() for measure in amounts} | _money(amounts, rows, ()).get((), {})
    return found


def by_part(
    wanted: Iterable[Measure], viewer: Actor, span: Span, parts: Sequence[str], only: Only | None = None
) -> dict[tuple[Any, ...], dict[str, Figure]]:
    """Figures by the values of one or more dimensions. As many queries as `figures`; parts without rows are missing."""
    found: dict[tuple[Any, ...], dict[str, Figure]] = {}
    for source, group in _by_source(wanted):
        columns = [source.parts[part].column for part in parts]
        rows = _rows(source, viewer, span, only).order_by()
        plain, amounts = _apart(group)
        if plain:
            for row in rows.values(*columns).annotate(**_columns(plain)):
                found.setdefault(tuple(row[column] for column in columns), {}).update(_read(plain, row))
        if amounts:
            for values, answers in _money(amounts, rows, columns).items():
                found.setdefault(values, {}).update(answers)
    return found


def by_day(
    wanted: Iterable[Measure], viewer: Actor, span: Span, only: Only | None = None
) -> dict[dt.date, dict[str, Figure]]:
    """Figures by the days of the span's zone, each day of it once. One query a source."""
    return by_step(wanted, viewer, span, "day", only)


def by_step(
    wanted: Iterable[Measure], viewer: Actor, span: Span, step: str, only: Only | None = None
) -> dict[dt.date, dict[str, Figure]]:
    """Figures by day, week or month of the span's zone, as `Span.steps` names them. As many queries as `figures`."""
    wanted = list(wanted)
    found = {first: {measure.key: _nothing(measure) for measure in wanted} for first in span.steps(step)}
    for source, group in _by_source(wanted):
        zone = {} if source.is_dated else {"tzinfo": span.zone}
        bucket = Trunc(source.moment, step, output_field=DateField(), **zone)
        rows = _rows(source, viewer, span, only).order_by().annotate(on_step=bucket)
        plain, amounts = _apart(group)
        if plain:
            for row in rows.values("on_step").annotate(**_columns(plain)):
                found[row["on_step"]].update(_read(plain, row))
        if amounts:
            for (first,), answers in _money(amounts, rows, ["on_step"]).items():
                found[first].update(answers)
    return found


def by_span(
    wanted: Iterable[Measure], viewer: Actor, spans: Sequence[Span], only: Only | None = None
) -> list[dict[str, Figure]]:
    """What `figures` says of each span, with as few questions as of one: for sources whose rows do not add up.

    Raises `ValueError` for a measure of money, whose answers have no fixed number of rows.
    """
    found: list[dict[str, Figure]] = [{} for _span in spans]
    for source, group in _by_source(wanted):
        if any(measure.unit == Unit.MONEY for measure in group):
            raise ValueError(f"amounts of {source.key} are asked span by span")
        parts = []
        for number, span in enumerate(spans):
            place = Value(number, output_field=IntegerField())
            parts.append(_rows(source, viewer, span, only).order_by().values(place=place).annotate(**_columns(group)))
            found[number] |= {measure.key: _nothing(measure) for measure in group}
        for row in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0] if parts else ():
            found[row["place"]] |= _read(group, row)
    return found


def trend(wanted: Iterable[Measure], viewer: Actor, span: Span, before: Span, only: Only | None = None) -> Trend:
    """What `figures` says of a span and of the one before, and `by_day` of its days, with fewer questions.

    One query a source, since counts, rates and scores of a span follow from those of its days. One more where
    the source has medians, and one where its rows do not add up.
    """
    wanted = list(wanted)
    days = {day: {measure.key: _nothing(measure) for measure in wanted} for day in span.days()}
    earlier = {measure.key: _nothing(measure) for measure in wanted}
    now: dict[str, Figure] = {}
    for source, group in _by_source(wanted):
        bucket: Any = TruncDate(source.moment, tzinfo=span.zone)
        rows = _rows(source, viewer, span, only)
        if source.adds_up:
            inside = Q(**{f"{source.moment}__gte": span.start})
            rows = _rows(source, viewer, Span(before.start, span.end, span.zone), only)
            rows = rows.filter(inside | Q(**{f"{source.moment}__lt": before.end}))
            bucket = Case(When(inside, then=bucket))
        else:
            earlier |= figures(group, viewer, before, only)
        for row in rows.order_by().values(on=bucket).annotate(**_columns(group)):
            (earlier if row["on"] is None else days[row["on"]]).update(_read(group, row))
        now |= {measure.key: _together(measure, days.values()) for measure in group if not measure.unit.is_time}
        now |= figures([measure for measure in group if measure.unit.is_time], viewer, span, only)
    return Trend(now, earlier, days)


def _together(measure: Measure, parts: Iterable[Mapping[str, Figure]]) -> Figure:
    """A count is the sum of its parts, a rate or a score their mean by weight."""
    found = [figures[measure.key] for figures in parts]
    base = sum(figure.base for figure in found)
    if measure.unit == Unit.COUNT:
        return Figure(sum(figure.value or 0 for figure in found), base)
    return Figure(sum((figure.value or 0) * figure.base for figure in found) / base if base else None, base)


def address(measure: Measure, span: Span, only: Only | None = None) -> str:
    """The list that shows exactly the records a measure counts.

    Raises `ValueError` for a part that the measure itself fixes, such as the unassigned ones by assignee.
    """
    source = measure.source
    params: Params = {**source.params(span), **{name: list(values) for name, values in measure.params.items()}}
    for part, values in (only or {}).items():
        if source.parts[part].param in measure.params:
            raise ValueError(f"{measure.key} fixes {part!r} itself")
        params[source.parts[part].param] = ["none" if value is None else str(value) for value in values]
    return f"{reverse(source.url_name)}?{urlencode(params, doseq=True)}"


def midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """The moment a day begins in a zone, in UTC."""
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)


def moment_param(moment: dt.datetime) -> str:
    """A moment as lists read it, ISO 8601 in UTC."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _rows(source: Source, viewer: Actor, span: Span, only: Only | None) -> QuerySet[Any]:
    rows = source.rows(viewer, span)
    for part, values in (only or {}).items():
        column = source.parts[part].column
        kept = [value for value in values if value is not None]
        terms = Q(**{f"{column}__in": kept}) if kept else Q(pk__in=[])
        rows = rows.filter(terms | Q(**{f"{column}__isnull": True}) if len(kept) < len(values) else terms)
    return rows


def _apart(group: Sequence[Measure]) -> tuple[list[Measure], list[Measure]]:
    """Measures that one row of an answer holds, and those of money, which take a row a currency."""
    amounts = [measure for measure in group if measure.unit == Unit.MONEY]
    return [measure for measure in group if measure.unit != Unit.MONEY], amounts


def _money(
    group: Sequence[Measure], rows: QuerySet[Any], columns: Sequence[str]
) -> dict[tuple[Any, ...], dict[str, Figure]]:
    """Amounts by the values of those columns, currencies apart. One query."""
    currency = group[0].source.currency
    found: dict[tuple[Any, ...], dict[str, Figure]] = {}
    for row in rows.order_by().values(*columns, currency).annotate(**_columns(group)).order_by(currency):
        known = found.setdefault(tuple(row[column] for column in columns), {})
        for key, figure in _read(group, row).items():
            before = known.get(key, Figure())
            amounts = dict(before.amounts)
            if figure.value is not None and figure.base:
                amounts[row[currency]] = Decimal(str(figure.value))
            value = float(next(iter(amounts.values()))) if len(amounts) == 1 else None
            known[key] = Figure(value, before.base + figure.base, amounts)
    return found


def _by_source(wanted: Iterable[Measure]) -> list[tuple[Source, list[Measure]]]:
    groups: dict[str, tuple[Source, list[Measure]]] = {}
    for measure in wanted:
        groups.setdefault(measure.source.key, (measure.source, []))[1].append(measure)
    return list(groups.values())


def _columns(group: Sequence[Measure]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for number, measure in enumerate(group):
        only = measure.only() if measure.only else None
        columns[f"value_{number}"] = measure.value(only)
        columns[f"base_{number}"] = _base(measure.source, only)
    return columns


def _base(source: Source, only: Q | None) -> Count:
    """`COUNT(1)` where a row is a record, so that the index alone can answer."""
    if source.identity == "pk":
        return Count(Value(1), filter=only)
    return Count(source.identity, filter=only, distinct=True)


def _read(group: Sequence[Measure], row: Mapping[str, Any]) -> dict[str, Figure]:
    return {measure.key: Figure(row[f"value_{number}"], row[f"base_{number}"]) for number, measure in enumerate(group)}


def _nothing(measure: Measure) -> Figure:
    return Figure(0 if measure.unit == Unit.COUNT else None, 0)
