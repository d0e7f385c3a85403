"""Records that both a figure counts and the ticket list shows, so that the two cannot differ."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import IntegerField
from django.db.models.functions import Cast, ExtractHour, ExtractIsoWeekDay, Mod

from .choices import UNRESOLVED
from .models import Rating, Status, StatusSpan

#: Into pieces of so many hours a day is cut where arrivals are counted.
ARRIVAL_HOURS = 3


def latest_answers(start: dt.datetime | None, end: dt.datetime | None) -> Any:
    """Each ticket's latest answered rating from `start` up to, not including, `end`; None leaves a side open."""
    answers = Rating.objects.filter(score__isnull=False, **_within("rated_at", start, end))
    latest = answers.order_by("ticket_id", "-rated_at", "-pk").distinct("ticket_id")
    return Rating.objects.filter(pk__in=latest.values("pk"))


def ended_stays(start: dt.datetime | None, end: dt.datetime | None) -> Any:
    """Stays in a status before the solution that ended from `start` up to, not including, `end`."""
    times = _within("left_at", start, end)
    statuses = list(Status.objects.filter(category__in=UNRESOLVED).values_list("pk", flat=True))
    return StatusSpan.objects.filter(status__in=statuses, left_at__isnull=False, **times)


def arrival(zone: dt.tzinfo) -> dict[str, Any]:
    """Columns saying when a ticket came in there: weekday (ISO 8601, 1 is Monday) and the first of its hours."""
    hour = Cast(ExtractHour("created_at", tzinfo=zone), IntegerField())
    weekday = Cast(ExtractIsoWeekDay("created_at", tzinfo=zone), IntegerField())
    return {"weekday": weekday, "hours": hour - Mod(hour, ARRIVAL_HOURS, output_field=IntegerField())}


def _within(column: str, start: dt.datetime | None, end: dt.datetime | None) -> dict[str, dt.datetime]:
    limits = {f"{column}__gte": start, f"{column}__lt": end}
    return {lookup: moment for lookup, moment in limits.items() if moment is not None}
