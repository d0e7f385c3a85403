"""The clocks of one cycle of a demo ticket, moved by the same functions as real ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from crm.calendars.actions.clocks import mark_met, next_check, schedule
from crm.calendars.hours import Hours
from crm.calendars.models import Clock
from crm.calendars.models.clocks import PausedSpan

from ..actions.deadlines import most_pressing, promise_of
from ..choices import SlaState
from ..models import SlaPolicy, Status, Ticket
from .tables import Tables

_SECOND = dt.timedelta(seconds=1)


class Promises:
    """What the policy promises from `at` on. codes: measure → clock kind number."""

    def __init__(
        self, tables: Tables, codes: dict[str, int], policy: SlaPolicy, hours: Hours, ticket: Ticket, at: dt.datetime
    ):
        self.tables, self.codes, self.policy, self.hours = tables, codes, policy, hours
        self.started_at = at
        self.clocks: dict[str, Clock] = {}
        self.own = {measure: ticket.request_type.target_minutes(measure) for measure in codes}
        for measure, code in codes.items():
            promise = promise_of(ticket, policy, measure)
            if promise is None:
                continue
            clock = Clock(
                id=tables.clock_ids.next(), kind=code, object_id=ticket.pk, cycle=ticket.cycle, started_at=at,
                created_at=at, updated_at=at, **promise,
            )  # fmt: skip
            clock.due_at = hours.add(at, clock.target_seconds)
            self.clocks[measure] = clock

    def due_at(self, measure: str) -> dt.datetime | None:
        """When that measure is due as things stand; None when it is not promised."""
        clock = self.clocks.get(measure)
        return clock.due_at if clock else None

    def retarget(self, priority: int, at: dt.datetime) -> bool:
        """Counts anew from the start for another priority; False, and no change, once either warning is passed."""
        targets = {
            measure: (self.own[measure] or self.policy.target_minutes(priority, measure) or 0) * 60
            for measure in self.clocks
        }
        for measure, clock in self.clocks.items():
            share = max(1, min(clock.target_seconds, targets[measure]) * clock.warn_percent // 100)
            if clock.state != "running" or self.hours.add(clock.started_at, share) <= at:
                return False
        for measure, clock in self.clocks.items():
            clock.target_seconds = targets[measure]
        return True

    def follow(self, status: Status, at: dt.datetime) -> None:
        """Pauses and resumes as the status says."""
        for measure, clock in self.clocks.items():
            pauses = status.pauses_first_response if measure == "first_response" else status.pauses_resolution
            if pauses and clock.state == "running":
                clock.spans = [*clock.spans, PausedSpan(at, None, status.name)]
                clock.state = "paused"
            elif not pauses and clock.state == "paused":
                *before, last = clock.spans
                clock.spans = [*before, PausedSpan(last.start, at, last.reason)]
                clock.state = "running"

    def meet(self, measure: str, at: dt.datetime) -> tuple[int, int, bool | None]:
        """Business and calendar seconds since the cycle began, and whether it was in time."""
        clock, met = self.clocks.get(measure), None
        if clock is not None:
            mark_met(clock, self.hours, at)
            met = at <= clock.due_at
        return self.hours.between(self.started_at, at), int((at - self.started_at).total_seconds()), met

    def write(self, now: dt.datetime, passed: Callable[[Clock, str, dt.datetime], None]) -> None:
        """Brings the clocks to where the sweep would have them now and writes them. passed: told of each level."""
        for clock in self.clocks.values():
            until = clock.met_at or now
            if clock.state == "paused":
                until = clock.spans[-1].start
            if clock.state != "met":
                schedule(clock, self.hours, now)
            if clock.warn_at is not None and clock.warn_at < until:
                clock.warned_at = clock.warn_at
                self._pass(clock, "warning", clock.warn_at, until, passed)
            if clock.due_at < until:
                clock.breached_at = clock.due_at
                self._pass(clock, "breach", clock.due_at, until, passed)
            clock.next_check_at = next_check(clock)
            self.tables.clocks.add(*_stored(clock))

    def mirrored(self) -> tuple[dt.datetime | None, SlaState]:
        """What the ticket row shows of them."""
        return most_pressing(list(self.clocks.values()))

    def _pass(
        self, clock: Clock, level: str, moment: dt.datetime, until: dt.datetime,
        passed: Callable[[Clock, str, dt.datetime], None],
    ) -> None:  # fmt: skip
        at = min(moment + _SECOND, until)
        self.tables.clock_events.add(clock.pk, clock.cycle, level, at)
        passed(clock, level, at)


def _stored(clock: Clock) -> tuple[Any, ...]:
    """The values of `tables.CLOCK_COLUMNS`."""
    return (
        clock.pk, clock.kind, clock.object_id, clock.cycle, clock.policy_id, clock.policy_version, clock.policy_label,
        clock.calendar_id, clock.target_seconds, clock.warn_percent, str(clock.state), clock.started_at,
        clock.paused_spans, clock.due_at, clock.warn_at, clock.next_check_at, clock.warned_at, clock.breached_at,
        clock.met_at, clock.business_seconds, clock.calendar_seconds, 0, clock.created_at,
        clock.met_at or clock.started_at,
    )  # fmt: skip
