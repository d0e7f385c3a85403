"""The job that gives running clocks new deadlines after their calendar changed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.jobs.models import Job
from crm.jobs.runners import Runner, runners, skip

from .actions.clocks import recompute_clock
from .models import Clock

BATCH = 200


def recompute_clocks(job: Job) -> bool:
    """The next clocks of the calendar, each in its own transaction; one without an answer is noted and left."""
    clocks = Clock.objects.ticking().filter(calendar_id=job.params["calendar_id"], pk__gt=job.cursor)
    batch = list(clocks.order_by("pk")[:BATCH])
    for clock in batch:
        try:
            with transaction.atomic():
                recompute_clock(clock)
        except DomainError as error:
            skip(job, clock.pk, clock.policy_label or str(clock.pk), str(error))
        job.cursor, job.done = clock.pk, job.done + 1
    return len(batch) < BATCH


runners.register(Runner("calendars.recompute_clocks", _("New deadlines"), recompute_clocks, queue="default"))
