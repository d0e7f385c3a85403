"""The platform's own sweeps: jobs whose worker died, old idempotency keys, old rate buckets."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import RateBucket
from crm.core.sockets import Sweep, sweeps

from .broker import enqueue
from .choices import JobState
from .models import IdempotencyKey, Job
from .runners import runners

#: A running job without a sign of life for this long is taken up again.
LOST_AFTER = dt.timedelta(seconds=90)


def resume_jobs() -> int:
    """Puts lost jobs back to waiting and wakes a worker for every waiting one."""
    now = clock.database_now()
    Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - LOST_AFTER).update(state=JobState.WAITING)
    waiting = list(Job.objects.filter(state=JobState.WAITING).values_list("pk", "kind")[:50])
    for job_id, kind in waiting:
        if kind in runners:
            enqueue("jobs.run", job_id, queue=runners[kind].queue)
    return len(waiting)


def forget_keys() -> int:
    """Idempotency keys live 48 h, rate buckets a day."""
    now = clock.database_now()
    keys, _by_model = IdempotencyKey.objects.filter(created_at__lt=now - dt.timedelta(hours=48)).delete()
    buckets, _by_model = RateBucket.objects.filter(window__lt=now - dt.timedelta(days=1)).delete()
    return keys + buckets


sweeps.register(
    Sweep("jobs.resume", _("Take up interrupted jobs"), 15, resume_jobs),
    Sweep("jobs.forget_keys", _("Forget old request keys"), 3600, forget_keys),
)
