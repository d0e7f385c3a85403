"""Clocks of a ticket: which policy promises what, pausing by status, and the mirror on the ticket row.

Called inside the verbs' transactions; these functions change clocks and the given ticket in memory, and
the verb saves the ticket.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.calendars.actions.clocks import (
    Promise,
    meet_clock,
    pause_clock,
    resume_clock,
    retarget_clock,
    start_clock,
    stop_clock,
)
from crm.calendars.actions.clocks import start_clocks as start_many
from crm.calendars.hours import hours_of
from crm.calendars.models import Calendar, Clock
from crm.conditions.language import Condition, evaluate_many, parse
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.sockets import clock_kinds

from ..choices import SlaState
from ..models import SlaPolicy, Ticket

FIRST_RESPONSE = "tickets.first_response"
RESOLUTION = "tickets.resolution"
#: When a clock of a type's own time warns where no policy says it, in % of the time.
WARN_PERCENT = 80
MEASURES = {FIRST_RESPONSE: "first_response", RESOLUTION: "resolution"}


@lru_cache(maxsize=256)
def _compiled(policy_id: int, version: int, tree: str) -> Condition:
    return parse(json.loads(tree), on="ticket", author=Actor.system(), stored=True)


def policy_for(ticket: Ticket) -> SlaPolicy | None:
    """The first active policy in order whose condition holds for the stored ticket; None when none does."""
    policies = list(SlaPolicy.objects.filter(is_active=True).select_related("calendar"))
    conditions = {
        str(policy.pk): _compiled(policy.pk, policy.version, json.dumps(policy.condition, sort_keys=True))
        for policy in policies
        if policy.condition
    }
    holds = evaluate_many(conditions, ticket)
    return next((policy for policy in policies if not policy.condition or holds.get(str(policy.pk))), None)


def clocks_of(ticket: Ticket) -> list[Clock]:
    """The clocks of the present cycle, first response before resolution."""
    codes = [clock_kinds[key].code for key in MEASURES]
    clocks = Clock.objects.filter(kind__in=codes, object_id=ticket.pk, cycle=ticket.cycle)
    return sorted(clocks.select_related("calendar"), key=lambda clock: clock.kind)


def clock_of(ticket: Ticket, key: str) -> Clock | None:
    """One clock of the present cycle."""
    return next((clock for clock in clocks_of(ticket) if clock.kind == clock_kinds[key].code), None)


def start_clocks(ticket: Ticket, at: dt.datetime) -> None:
    """Starts the clocks that the ticket's type or policy promises and mirrors them."""
    policy = policy_for(ticket)
    wanted = {key: promise_of(ticket, policy, measure) for key, measure in MEASURES.items()}
    promises = {key: Promise(**promise) for key, promise in wanted.items() if promise is not None}
    started = start_many(object_id=ticket.pk, promises=promises, started_at=at, cycle=ticket.cycle)
    mirror(ticket, sorted(started.values(), key=lambda clock: clock.kind))


def retarget_clocks(ticket: Ticket, at: dt.datetime) -> None:
    """After a change of type or priority: running clocks count anew from their start; a met one stays met."""
    from .spans import cycle_start

    policy = policy_for(ticket)
    clocks = {clock.kind: clock for clock in clocks_of(ticket)}
    for key, measure in MEASURES.items():
        clock = clocks.get(clock_kinds[key].code)
        promise = promise_of(ticket, policy, measure)
        if clock is None and promise is not None and not _is_over(ticket, key):
            start_clock(
                kind=key, object_id=ticket.pk, started_at=cycle_start(ticket), cycle=ticket.cycle, **promise
            )  # fmt: skip
        elif clock is not None and promise is not None:
            retarget_clock(clock, **promise)
        elif clock is not None:
            stop_clock(clock)
    pause_by_status(ticket, at)


def pause_by_status(ticket: Ticket, at: dt.datetime) -> None:
    """Pauses and resumes the clocks as the ticket's status says, and mirrors them."""
    for clock in clocks_of(ticket):
        first = clock.kind == clock_kinds[FIRST_RESPONSE].code
        pauses = ticket.status.pauses_first_response if first else ticket.status.pauses_resolution
        if pauses:
            pause_clock(clock, at, reason=dict(ticket.status.name))
        else:
            resume_clock(clock, at)
    mirror(ticket)


def stop_clocks(ticket: Ticket) -> None:
    """Ends the clocks of a ticket that is closed without a solution or deleted: nothing is promised any more."""
    for clock in clocks_of(ticket):
        stop_clock(clock)
    mirror(ticket)


def meet(ticket: Ticket, key: str, at: dt.datetime) -> bool | None:
    """Stops a clock as done. Returns whether it was in time; None when nothing was promised."""
    clock = clock_of(ticket, key)
    if clock is None:
        return None
    meet_clock(clock, at)
    mirror(ticket)
    clock.refresh_from_db()
    return clock.met_at is not None and clock.met_at <= clock.due_at


def mirror(ticket: Ticket, clocks: list[Clock] | None = None) -> None:
    """Copies the clocks onto the ticket: next_due_at and sla_state, and by when an answer is still expected.

    clocks: those of the present cycle, where the caller has just read them.
    """
    clocks = clocks_of(ticket) if clocks is None else clocks
    ticket.next_due_at, ticket.sla_state = most_pressing(clocks)
    first = next((clock for clock in clocks if clock.kind == clock_kinds[FIRST_RESPONSE].code), None)
    if ticket.first_response_at is None:
        ticket.answer_expected_at = first.due_at if first is not None and first.is_ticking else None


def most_pressing(clocks: list[Clock]) -> tuple[dt.datetime | None, SlaState]:
    """The next due moment of a cycle's clocks, None when none runs, and the state they add up to."""
    running = [clock for clock in clocks if clock.state == "running"]
    return min((clock.due_at for clock in running), default=None), _state(clocks, running)


def _state(clocks: list[Clock], running: list[Clock]) -> SlaState:
    if any(clock.breached_at for clock in running):
        return SlaState.BREACHED
    if any(clock.warned_at for clock in running):
        return SlaState.AT_RISK
    if running:
        return SlaState.FINE
    if any(clock.state == "paused" for clock in clocks):
        return SlaState.PAUSED
    return SlaState.MET if any(clock.state == "met" for clock in clocks) else SlaState.NONE


def promise_of(ticket: Ticket, policy: SlaPolicy | None, measure: str) -> dict[str, Any] | None:
    """What a clock of that measure starts with, or None when nothing is promised.

    The type's own time comes before the policy's and counts in the policy's calendar, the usual one where no policy
    holds; such a clock names no policy, and its label and version are the type's.
    """
    if ticket.parent_id is not None and measure == MEASURES[FIRST_RESPONSE]:
        return None  # a part answers nobody
    if ticket.promised_at is not None:
        return _by_hand(ticket, ticket.promised_at, policy)
    own = ticket.request_type.target_minutes(measure)
    if own:
        return {
            "calendar": policy.calendar if policy else Calendar.default(),
            "target_seconds": own * 60,
            "warn_percent": policy.warn_percent if policy else WARN_PERCENT,
            "policy_id": None,
            "policy_version": ticket.request_type.targets_version,
            "policy_label": str(ticket.request_type.name),
        }
    minutes = policy.target_minutes(ticket.priority, measure) if policy else None
    if policy is None or not minutes:
        return None
    return {
        "calendar": policy.calendar,
        "target_seconds": minutes * 60,
        "warn_percent": policy.warn_percent,
        "policy_id": policy.pk,
        "policy_version": policy.version,
        "policy_label": str(policy.name),
    }


def _by_hand(ticket: Ticket, due_at: dt.datetime, policy: SlaPolicy | None) -> dict[str, Any]:
    """A clock that runs to the moment a part was asked for. Raises `Invalid` when nobody works until then."""
    calendar = policy.calendar if policy else Calendar.default()
    seconds = hours_of(calendar).between(ticket.created_at, due_at)
    if seconds <= 0:
        raise Invalid(fields={"due_at": _("Choose a moment that lies ahead, with working time before it")})
    return {
        "calendar": calendar,
        "target_seconds": seconds,
        "warn_percent": policy.warn_percent if policy else WARN_PERCENT,
        "policy_id": None,
        "policy_version": 0,
        "policy_label": _t("Asked for by hand"),
    }


def _is_over(ticket: Ticket, key: str) -> bool:
    return bool(ticket.first_response_at) if key == FIRST_RESPONSE else bool(ticket.resolved_at)
