"""A deadline as a row, and the levels it has taken effect at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock as core_clock
from crm.core.models import BaseModel
from crm.core.sockets import ClockKind, clock_kinds
from crm.core.translated import Translated

from ..choices import ClockState, Level
from ..querysets import ClockQuerySet
from .calendars import Calendar


def no_spans() -> dict[str, Any]:
    """The stored form of "never paused"."""
    return {"v": 1, "spans": []}


@dataclass(frozen=True, slots=True)
class PausedSpan:
    """A time that does not count. end is None while it lasts; reason is shown to people."""

    start: dt.datetime
    end: dt.datetime | None = None
    reason: Translated = field(default_factory=Translated)


class Clock(BaseModel):
    """One deadline of a subject in one cycle (a reopened ticket starts the next one).

    kind is a code of `core.sockets.clock_kinds`. target_seconds and business_seconds count business time of
    `calendar` without pauses; calendar_seconds is all the time from start to met. due_at of a paused clock is
    what it was when the pause began. next_check_at is when the sweep looks next, null when it need not.
    warned_at and breached_at are the moments the level was passed. The policy columns name what set the target.
    """

    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    cycle = models.IntegerField(default=1)
    policy_id = models.BigIntegerField(null=True)
    policy_version = models.IntegerField(default=0)
    policy_label = models.CharField(max_length=200, blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    target_seconds = models.IntegerField()
    warn_percent = models.SmallIntegerField(default=80)
    state = models.CharField(max_length=8, choices=ClockState.choices, default=ClockState.RUNNING)
    started_at = models.DateTimeField()
    paused_spans = models.JSONField(default=no_spans)
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    business_seconds = models.IntegerField(null=True)
    calendar_seconds = models.IntegerField(null=True)
    attempts = models.SmallIntegerField(default=0)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "cycle"], name="one_clock_per_cycle")]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="clock_sweep"),
            models.Index(fields=["policy_id", "started_at"], name="clock_by_policy"),
            models.Index(
                fields=["calendar"], condition=Q(state__in=["running", "paused"]), name="clock_ticking_calendar"
            ),
        ]

    @property
    def declared(self) -> ClockKind | None:
        """The kind as declared, or None when its app is gone."""
        return clock_kinds.by_code(self.kind)

    @property
    def is_ticking(self) -> bool:
        """Whether the deadline still counts (running or paused)."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)

    @property
    def spans(self) -> list[PausedSpan]:
        """The pauses, in order."""
        return [
            PausedSpan(
                dt.datetime.fromisoformat(span["from"]),
                dt.datetime.fromisoformat(span["to"]) if span["to"] else None,
                Translated(span.get("reason") or {}),
            )
            for span in self.paused_spans["spans"]
        ]

    @spans.setter
    def spans(self, spans: list[PausedSpan]) -> None:
        self.paused_spans = {
            "v": 1,
            "spans": [
                {
                    "from": span.start.isoformat(),
                    "to": span.end.isoformat() if span.end else None,
                    "reason": dict(span.reason),
                }
                for span in spans
            ],
        }

    @property
    def paused(self) -> list[tuple[dt.datetime, dt.datetime | None]]:
        """The pauses as `Hours` takes them."""
        return [(span.start, span.end) for span in self.spans]


class ClockEvent(models.Model):
    """The effect of one level in one cycle, at most once."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="events")
    cycle = models.IntegerField()
    level = models.CharField(max_length=8, choices=Level.choices)
    at = models.DateTimeField(default=core_clock.now)

    class Meta:
        verbose_name = _("clock event")
        verbose_name_plural = _("clock events")
        constraints = [models.UniqueConstraint(fields=["clock", "cycle", "level"], name="one_effect_per_level")]
