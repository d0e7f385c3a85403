"""Trying a condition on recent records before anything depends on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from .language import Condition


@dataclass(frozen=True, slots=True)
class DryRun:
    """examined: how many recent records were asked. rows: those that match, newest first."""

    examined: int
    rows: list[Any]

    @property
    def matched(self) -> int:
        return len(self.rows)


def dry_run(condition: Condition, queryset: QuerySet[Any], limit: int = 100, now: dt.datetime | None = None) -> DryRun:
    """Asks the condition of the queryset's newest `limit` records, in one query; changes nothing.

    Pass a queryset the viewer may see: `Model.objects.visible_to(viewer)`.
    """
    asked = list(condition.annotate(queryset.order_by("-pk"), "condition_matches", now)[:limit])
    return DryRun(len(asked), [row for row in asked if row.condition_matches])
