"""Jobs: register a runner for a kind, start a job, and the worker carries it on from its cursor."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from crm.core import clock
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES

from .broker import enqueue_on_commit
from .choices import JobState
from .models import Job

logger = logging.getLogger(__name__)

#: One task works this long on a job, then hands over to a fresh one.
SLICE_SECONDS = 40.0
MAX_ATTEMPTS = 5
#: What a step changes; never the state, which somebody may have set to cancelled meanwhile.
PROGRESS = ("params", "total", "done", "skipped", "skipped_count", "cursor", "result", "heartbeat_at")


@dataclass(frozen=True, slots=True)
class Runner:
    """step(job) does the next batch, moves `job.cursor` and `job.done`, and returns True when all is done."""

    key: str
    label: Any
    step: Callable[[Job], bool]
    queue: str = "bulk"


runners: Registry[Runner] = Registry("job runners")
ALL_REGISTRIES.append(runners)


def start(*, kind: str, label: str, owner_id: int | None, params: dict[str, Any], total: int = 0) -> Job:
    """Stores a job and wakes a worker after commit."""
    runner = runners[kind]
    job = Job.objects.create(kind=kind, label=label[:200], owner_id=owner_id, params=params, total=total)
    enqueue_on_commit("jobs.run", job.pk, queue=runner.queue)
    return job


def skip(job: Job, row_id: int, label: str, reason: str) -> None:
    """Notes a row that was left out, with the reason a person reads."""
    job.skipped_count += 1
    if len(job.skipped) < 100:
        job.skipped.append({"id": row_id, "label": label, "reason": reason})


def run(job_id: int) -> None:
    """Works on a job for a slice of time; the next slice is another task. Two workers never share one."""
    job = _claim(job_id)
    if job is None:
        return
    deadline = time.monotonic() + SLICE_SECONDS
    try:
        finished = False
        while not finished and time.monotonic() < deadline:
            finished = runners[job.kind].step(job)
            job.heartbeat_at = clock.now()
            job.save(update_fields=PROGRESS)
            if Job.objects.filter(pk=job.pk, state=JobState.CANCELLED).exists():
                return
    except Exception as error:
        logger.exception("job %s failed", job.pk)
        _fail(job, error)
        return
    if finished:
        job.state, job.finished_at = JobState.DONE, clock.now()
        job.save(update_fields=["state", "finished_at"])
    else:
        Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
        enqueue_on_commit("jobs.run", job.pk, queue=runners[job.kind].queue)


def _claim(job_id: int) -> Job | None:
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=job_id).first()
        if job is None or job.state != JobState.WAITING:
            return None
        job.state, job.heartbeat_at = JobState.RUNNING, clock.now()
        job.save(update_fields=["state", "heartbeat_at"])
    return job


def _fail(job: Job, error: Exception) -> None:
    job.attempts += 1
    job.error = f"{type(error).__name__}: {error}"[:2000]
    job.state = JobState.FAILED if job.attempts >= MAX_ATTEMPTS else JobState.WAITING
    if job.state == JobState.FAILED:
        job.finished_at = clock.now()
    job.save(update_fields=["attempts", "error", "state", "finished_at"])
