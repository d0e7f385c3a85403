"""The verbs of a clock. They run inside the transaction of the subject's own verb, which writes the activity.

Each locks the clock and reads it again into the row it was given, so that the caller sees what holds now.
Lock the subject first, then its clocks. Every verb may be repeated: a second time changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm.core.clock import now
from crm.core.sockets import clock_kinds
from crm.core.translated import Translated

from ..choices import ClockState
from ..hours import Hours, hours_of
from ..models import Calendar, Clock
from ..models.clocks import PausedSpan


def start_clock(
    *,
    kind: str,
    object_id: int,
    calendar: Calendar,
    target_seconds: int,
    warn_percent: int = 80,
    policy_id: int | None = None,
    policy_version: int = 0,
    policy_label: str = "",
    started_at: dt.datetime | None = None,
    cycle: int = 1,
) -> Clock:
    """Starts the clock of a subject, or returns the one that this cycle already has.

    target_seconds: business time of `calendar`. warn_percent: share of the target at which the clock is at
    risk; 0 or 100 gives no warning. Raises `NoOpeningHours` or `OutOfReach` where no deadline can be found,
    `KeyError` for an undeclared kind.
    """
    promise = Promise(calendar, target_seconds, warn_percent, policy_id, policy_version, policy_label)
    return start_clocks(object_id=object_id, promises={kind: promise}, started_at=started_at, cycle=cycle)[kind]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a clock counts to. target_seconds: business time of `calendar`. warn_percent: as of `start_clock`."""

    calendar: Calendar
    target_seconds: int
    warn_percent: int = 80
    policy_id: int | None = None
    policy_version: int = 0
    policy_label: str = ""


def start_clocks(
    *, object_id: int, promises: Mapping[str, Promise], started_at: dt.datetime | None = None, cycle: int = 1
) -> dict[str, Clock]:
    """Starts several clocks of one subject, kind → promise; returns them, or those that this cycle already has.

    Three queries. Raises as `start_clock`.
    """
    codes = {clock_kinds[kind].code: kind for kind in promises}
    own = Clock.objects.filter(kind__in=codes, object_id=object_id, cycle=cycle).select_related("calendar")
    found = {codes[clock.kind]: clock for clock in own.lock()}
    fresh = []
    for kind, promise in promises.items():
        if kind in found:
            continue
        if promise.target_seconds <= 0:
            raise ValueError("a clock needs a target of at least one second")
        clock = Clock(
            kind=clock_kinds[kind].code, object_id=object_id, cycle=cycle, calendar=promise.calendar,
            target_seconds=promise.target_seconds, warn_percent=promise.warn_percent, policy_id=promise.policy_id,
            policy_version=promise.policy_version, policy_label=promise.policy_label[:200],
            started_at=started_at or now(),
        )  # fmt: skip
        schedule(clock, hours_of(promise.calendar), now())
        fresh.append(clock)
    if fresh:
        # Whoever started one of them in between keeps it.
        Clock.objects.bulk_create(fresh, ignore_conflicts=True)
        found = {codes[clock.kind]: clock for clock in own}
    return found


def pause_clock(clock: Clock, at: dt.datetime | None = None, *, reason: str | Mapping[str, str] = "") -> Clock:
    """Stops counting from `at`. reason: why, in words or by language; people read it. Only a running clock pauses."""
    _lock(clock)
    if clock.state == ClockState.RUNNING:
        words = Translated(reason) if isinstance(reason, Mapping) else Translated({"en": str(reason)} if reason else {})
        clock.spans = [*clock.spans, PausedSpan(_not_before_last(clock, at or now()), None, words)]
        clock.state, clock.next_check_at = ClockState.PAUSED, None
        clock.save()
    return clock


def resume_clock(clock: Clock, at: dt.datetime | None = None) -> Clock:
    """Counts again from `at`; the deadline moves by the business time that was paused. Only a paused clock resumes."""
    _lock(clock)
    if clock.state == ClockState.PAUSED:
        _close_pause(clock, at or now())
        clock.state = ClockState.RUNNING
        schedule(clock, hours_of(clock.calendar), now())
        clock.save()
    return clock


def meet_clock(clock: Clock, at: dt.datetime | None = None) -> Clock:
    """The target was reached at `at`. Stores the business and calendar seconds, and the breach if it came too late.

    A breach that no sweep had seen yet is recorded without its effect: there is nothing left to warn of.
    """
    _lock(clock)
    if not clock.is_ticking:
        return clock
    mark_met(clock, hours_of(clock.calendar), max(at or now(), clock.started_at))
    clock.save()
    return clock


def mark_met(clock: Clock, hours: Hours, met_at: dt.datetime) -> None:
    """What `meet_clock` sets on a running or paused clock, without saving; for loads of many rows."""
    if clock.state == ClockState.PAUSED:
        _close_pause(clock, met_at)
    schedule(clock, hours, met_at)
    if clock.due_at < met_at:
        clock.breached_at = clock.breached_at or clock.due_at
    clock.state, clock.met_at, clock.next_check_at = ClockState.MET, met_at, None
    clock.business_seconds = hours.between(clock.started_at, met_at, clock.paused)
    clock.calendar_seconds = int((met_at - clock.started_at).total_seconds())


def stop_clock(clock: Clock) -> Clock:
    """The deadline no longer matters, such as for a merged ticket; the clock gives no measure."""
    _lock(clock)
    if clock.is_ticking:
        if clock.state == ClockState.PAUSED:
            _close_pause(clock, now())
        clock.state, clock.next_check_at = ClockState.STOPPED, None
        clock.save()
    return clock


def restart_clock(clock: Clock, stopped_at: dt.datetime) -> Clock:
    """A stopped clock counts again, as for a ticket taken out of the recycle bin; the time since counts as a pause."""
    _lock(clock)
    if clock.state == ClockState.STOPPED:
        start = _not_before_last(clock, stopped_at)
        clock.spans = [*clock.spans, PausedSpan(start, max(now(), start), Translated())]
        clock.state = ClockState.RUNNING
        schedule(clock, hours_of(clock.calendar), now())
        clock.save()
    return clock


def retarget_clock(
    clock: Clock,
    *,
    calendar: Calendar,
    target_seconds: int,
    warn_percent: int,
    policy_id: int | None,
    policy_version: int,
    policy_label: str,
) -> Clock:
    """Gives a running or paused clock another target, counted from its start with its pauses; a met one stays met.

    A level that lies ahead again is open again, but its effect is not repeated in this cycle.
    """
    if target_seconds <= 0:
        raise ValueError("a clock needs a target of at least one second")
    _lock(clock)
    if clock.is_ticking:
        clock.calendar, clock.target_seconds, clock.warn_percent = calendar, target_seconds, warn_percent
        clock.policy_id, clock.policy_version, clock.policy_label = policy_id, policy_version, policy_label[:200]
        schedule(clock, hours_of(calendar), now())
        clock.save()
    return clock


def recompute_clock(clock: Clock) -> Clock:
    """Finds the deadline again after its calendar changed."""
    _lock(clock)
    if clock.is_ticking:
        schedule(clock, hours_of(clock.calendar), now())
        clock.save()
    return clock


def schedule(clock: Clock, hours: Hours, at: dt.datetime) -> None:
    """Sets deadline, warning and next check of a clock that is running or paused, without saving.

    due = start + target of business time, without the pauses that have ended; of a pause under way its
    beginning is where counting stands still. A level that now lies after `at` counts as not passed.
    """
    ended = [(start, end) for start, end in clock.paused if end is not None]
    clock.due_at = hours.add(clock.started_at, clock.target_seconds, ended)
    clock.warn_at = None
    if 0 < clock.warn_percent < 100:
        share = max(1, clock.target_seconds * clock.warn_percent // 100)
        clock.warn_at = hours.add(clock.started_at, share, ended)
    if clock.due_at > at:
        clock.breached_at = None
    if clock.warn_at is None or clock.warn_at > at:
        clock.warned_at = None
    clock.attempts = 0
    clock.next_check_at = next_check(clock)


def next_check(clock: Clock) -> dt.datetime | None:
    """The next level a running clock has not passed yet; None when nothing is left to look at."""
    if clock.state != ClockState.RUNNING or clock.breached_at is not None:
        return None
    return clock.warn_at if clock.warn_at is not None and clock.warned_at is None else clock.due_at


def _lock(clock: Clock) -> None:
    clock.refresh_from_db(from_queryset=Clock.objects.lock())


def _close_pause(clock: Clock, at: dt.datetime) -> None:
    *before, last = clock.spans
    clock.spans = [*before, replace(last, end=max(at, last.start))]


def _not_before_last(clock: Clock, at: dt.datetime) -> dt.datetime:
    """A pause cannot begin before the clock did, nor inside the pause before it."""
    spans = clock.spans
    return max(at, clock.started_at, *(span.end for span in spans[-1:] if span.end))
