"""What a leaver holds, and what became of earlier hand-overs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import Handover, handovers
from crm.jobs.choices import JobState
from crm.jobs.models import Job

KIND, UNDO_KIND = "console.hand_over", "console.undo_hand_over"
#: For so long a hand-over can be undone once it has ended.
UNDO_WITHIN = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of work and how many records of it the viewer can hand over."""

    kind: Handover
    count: int


def holdings_of(viewer: Actor, user: User) -> list[Holding]:
    """Every kind with its count, in the order of the registry. One query a kind. Needs `console.manage_staff`."""
    viewer.require("console.manage_staff")
    return [Holding(kind, kind.rows(viewer, user).count()) for kind in handovers]


def hand_overs_of(viewer: Actor, user: User, limit: int = 5) -> list[Job]:
    """The latest hand-overs of this person's work that the viewer may see."""
    return list(Job.objects.visible_to(viewer).filter(kind=KIND, params__user=user.pk).order_by("-pk")[:limit])


def has_ended(job: Job) -> bool:
    """Whether it does nothing more: done, failed or stopped."""
    return job.state not in {JobState.WAITING, JobState.RUNNING}


def undo_until(job: Job) -> dt.datetime | None:
    """Until when the hand-over can be undone; None when it moved nothing, was undone or a day has passed.

    One that still runs counts from now: it has to end, or be stopped, first.
    """
    ended = (job.finished_at or job.heartbeat_at or job.created_at) if has_ended(job) else clock.now()
    until = ended + UNDO_WITHIN
    nothing = has_ended(job) and not job.result.get("moved") and not job.result.get("suspended")
    return None if nothing or "undone_by" in job.result or clock.now() > until else until
