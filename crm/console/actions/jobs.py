"""Verbs about background work."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm.activity import dispatch
from crm.activity.models import DeadDelivery
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotReady
from crm.jobs.broker import enqueue_on_commit
from crm.jobs.choices import JobState
from crm.jobs.models import Job
from crm.jobs.runners import runners

RETRYABLE = (JobState.FAILED, JobState.CANCELLED)
STOPPABLE = (JobState.WAITING, JobState.RUNNING)


@action(permission="console.manage_jobs")
def retry_job(*, actor: Actor, record: Job) -> Job:
    """Goes on from where the job stopped. Raises `NotReady` unless it failed or was cancelled."""
    job: Job = Job.objects.lock().get(pk=record.pk)
    if job.state not in RETRYABLE:
        raise NotReady(_("Only a job that failed or was cancelled can be started again."))
    if job.kind not in runners:
        raise NotReady(_("The part of the product that does this work is switched off."))
    job.state, job.attempts, job.error, job.finished_at = JobState.WAITING, 0, "", None
    job.save(update_fields=["state", "attempts", "error", "finished_at"])
    record_activity(actor=actor, type="console.job_retried", subject=job, data={"name": job.label})
    enqueue_on_commit("jobs.run", job.pk, queue=runners[job.kind].queue)
    return job


@action(permission="console.manage_jobs")
def retry_delivery(*, actor: Actor, record: DeadDelivery) -> None:
    """Hands a dead delivery to its subscriber again."""
    dead = DeadDelivery.objects.select_for_update(no_key=True).filter(pk=record.pk).first()
    if dead is None:
        raise NotReady(_("Somebody has tried this delivery again already."))
    record_activity(actor=actor, type="console.delivery_retried", subject=dead, data={"name": dead.subscriber})
    dispatch.retry_dead(dead)
