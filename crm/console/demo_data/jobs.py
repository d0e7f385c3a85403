"""The two jobs: load and remove. Each is one step, because each is one transaction."""

from __future__ import annotations

import threading

from django.db import connection

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import clock
from crm.core.demo import DemoContext, Progress
from crm.jobs.models import Job

from ..actions.demo import CUSTOMERS, SEED, TICKETS, DemoThere, load_demo, open_run, record_demo_loaded, remove_demo


class JobProgress(Progress):
    """Tells the job's page which step runs, from a connection of its own: the loading is one long transaction."""

    def __init__(self, job: Job):
        super().__init__()
        self.job, self.steps = job, 0

    def finish(self) -> None:
        """Another step is done."""
        self.steps += 1
        teller = threading.Thread(target=self._tell)
        teller.start()
        teller.join()

    def _tell(self) -> None:
        try:
            Job.objects.filter(pk=self.job.pk).update(done=self.steps, heartbeat_at=clock.now())
        finally:
            connection.close()


def load_step(job: Job) -> bool:
    """Loads the demo; a job that ran before, or a rival, has done it."""
    actor = actor_for(User.objects.get(pk=job.params["owner"]))
    now = clock.now().replace(second=0, microsecond=0)
    progress = Progress() if connection.in_atomic_block else JobProgress(job)
    try:
        run = load_demo(DemoContext(seed=SEED, tickets=TICKETS, customers=CUSTOMERS, now=now, progress=progress))
    except DemoThere:
        run = None
    if run is not None:
        record_demo_loaded(actor=actor, run=run)
    job.done = job.total
    return True


def remove_step(job: Job) -> bool:
    """Removes the demo; a job that ran before has done it."""
    if open_run() is not None:
        job.result = remove_demo(actor=actor_for(User.objects.get(pk=job.params["owner"])))
    job.done = job.total
    return True
