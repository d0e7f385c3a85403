"""What runs in the background, and what is late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps
from crm.jobs.models import SweepRun
from crm.jobs.ticker import stale_after


@dataclass(frozen=True, slots=True)
class SweepState:
    """A sweep and its last run. late: it should have run again by now."""

    sweep: Sweep
    last_run_at: dt.datetime | None
    last_rows: int
    total_rows: int
    error: str
    late: bool

    @property
    def tone(self) -> str:
        return "danger" if self.error else "warning" if self.late else "success"


def sweep_states(viewer: Actor) -> list[SweepState]:
    """Every sweep, those in trouble first. One query."""
    viewer.require("console.manage_jobs")
    now = clock.now()
    runs = {run.key: run for run in SweepRun.objects.all()}
    states = [_state(sweep, runs.get(sweep.key), now) for sweep in sweeps]
    return sorted(states, key=lambda state: (not state.error, not state.late))


def _state(sweep: Sweep, run: Any, now: dt.datetime) -> SweepState:
    if run is None:
        return SweepState(sweep, None, 0, 0, "", True)
    late = now - run.last_run_at > stale_after(sweep)
    return SweepState(sweep, run.last_run_at, run.last_rows, run.total_rows, run.error, late)
