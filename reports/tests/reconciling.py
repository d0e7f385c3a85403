"""Figures beside their slow twins, and beside the lists that they open."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crm.core import metrics
from crm.core.actor import Actor
from crm.core.metrics import Figure, Measure, Span, Unit, measures
from crm.ui.generic.engine import rows_of_query
from crm.ui.lists import lists
from knowledge.selectors import open_misses

from .twins import TWINS


def listed(measure: Measure, address: str, viewer: Actor) -> set[Any]:
    """The ids that the list behind an address shows."""
    query = urlsplit(address).query
    if measure.source.url_name == "knowledge:miss_list":
        return {row.pk for row in open_misses(viewer, parse_qs(query).get("q", [""])[0])}
    page = next(page for page in lists if page.url_name == measure.source.url_name)
    return set(rows_of_query(page, viewer, query).queryset().values_list("pk", flat=True))


def is_same(measure: Measure, figure: Figure, slow: Any) -> bool:
    """Whether the two agree to the cent, or to a millionth; nothing is the same as nothing, not as zero."""
    if measure.unit == Unit.MONEY:
        cents = Decimal("0.01")
        return set(figure.amounts) == set(slow) and all(
            abs(figure.amounts[code] - amount) < cents for code, amount in slow.items()
        )
    if figure.value is None or slow is None:
        return figure.value is None and slow is None
    return abs(float(figure.value) - float(slow)) <= 1e-6 * max(1.0, abs(float(slow)))


def reconcile(viewer: Actor, span: Span) -> tuple[dict[str, int], list[str]]:
    """How many records each measure of the registry counted, and what does not agree, in words."""
    counts: dict[str, int] = {}
    wrong: list[str] = []
    read: dict[Callable[..., Any], list[Any]] = {}
    figures = metrics.figures(measures, viewer, span)
    for measure in measures:
        twin, figure = TWINS[measure.key], figures[measure.key]
        if twin.rows not in read:
            read[twin.rows] = list(twin.rows(viewer))
        kept = [row for row in read[twin.rows] if twin.keep(row, span)]
        counted = {getattr(row, measure.source.identity) for row in kept}
        slow = twin.value(kept, span)
        if not is_same(measure, figure, slow):
            wrong.append(f"{measure.key}: {figure.amounts or figure.value} is not {slow}")
        if figure.base != len(counted):
            wrong.append(f"{measure.key}: {figure.base} records are not {len(counted)}")
        shown = listed(measure, metrics.address(measure, span), viewer)
        if shown != counted:
            wrong.append(f"{measure.key}: its list has {len(shown - counted)} more, {len(counted - shown)} fewer")
        counts[measure.key] = len(counted)
    return counts, wrong
