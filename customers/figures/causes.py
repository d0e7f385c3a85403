"""Why customers wrote: what their requests were about, counted by product, carrier, severity and what they ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor

from ..choices import AfterSales
from ..models import Concern, Product

SEVERITIES = {1: _("Low"), 2: _("Medium"), 3: _("High")}
#: What causes can be counted by: key → (label, column of `Concern`).
BY: dict[str, tuple[Any, str]] = {
    "product": (_("Product"), "product"),
    "carrier": (_("Carrier"), "shipment__carrier"),
    "severity": (_("Severity"), "severity"),
    "wants": (_("Asks for"), "wants"),
}
MOST = 50


@dataclass(frozen=True, slots=True)
class Cause:
    """One line. value: as the address names it. high: how many of severity 3. share: of the longest line, 0 to 100."""

    value: str
    label: Any
    count: int
    high: int
    share: int


def concerns(viewer: Actor, start: dt.date, end: dt.date, by: str = "", value: str = "") -> Any:
    """What requests of those days, both included, were about, within the viewer's customers; narrowed to one cause."""
    rows = Concern.objects.visible_to(viewer).filter(created_at__date__range=(start, end))
    if by in BY and value:
        column = BY[by][1]
        is_number = by in {"product", "severity"}
        if is_number and not (value.isdecimal() and len(value) < 18):
            return rows.none()
        rows = rows.filter(**{column: int(value) if is_number else value})
    return rows


def causes(viewer: Actor, by: str, start: dt.date, end: dt.date) -> list[Cause]:
    """The most frequent causes first, at most `MOST`; requests that name none are left out. Raises `KeyError`."""
    column = BY[by][1]
    rows = concerns(viewer, start, end).exclude(**{f"{column}__isnull": True}).order_by()
    counted = rows.values(column).annotate(n=Count("pk"), high=Count("pk", filter=Q(severity=3))).order_by("-n", column)
    found = list(counted[:MOST])
    labels = _labels(by, [row[column] for row in found])
    most = max((row["n"] for row in found), default=1)
    return [
        Cause(
            str(row[column]), labels.get(row[column], row[column]), row["n"], row["high"], round(100 * row["n"] / most)
        )
        for row in found
    ]


def _labels(by: str, values: Sequence[Any]) -> dict[Any, Any]:
    if by == "product":
        return {pk: str(row) for pk, row in Product.objects.in_bulk(list(values)).items()}
    return {"severity": SEVERITIES, "wants": dict(AfterSales.choices)}.get(by, {})
