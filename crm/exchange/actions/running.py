"""The import itself: a batch of rows and how far the file is commit together."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import quietly
from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotReady
from crm.core.translated import in_all_languages
from crm.jobs import runners
from crm.jobs.choices import JobState
from crm.jobs.models import Job

from ..checking import rows_of
from ..choices import State
from ..declarations import Entry, Importer, importers
from ..entries import Reader
from ..models import Finding, Import, SeenKey
from ..writing import write_entries
from ._locking import declared, locked, with_rows
from .checking import foreseen

RUN = "exchange.run"
#: Rows of one transaction.
BATCH = 200


@action(permission="exchange.use")
def start_run(*, actor: Actor, record: Import) -> Import:
    """Begins to write what the dry run showed, as a job. Raises `NotReady` unless the file was checked."""
    row = locked(actor, record)
    declared(actor, row)
    with_rows(row)
    if row.state != State.CHECKED:
        raise NotReady(_("Check the file first."))
    if not foreseen(row):
        raise NotReady(_("No row of this file can be imported. Correct it and send it again."))
    Finding.objects.filter(batch=row).delete()
    row.offset, row.counts, row.state = 0, {}, State.RUNNING
    _begin(actor, row, done=0)
    return row


@action(permission="exchange.use")
def resume_run(*, actor: Actor, record: Import) -> Import:
    """Goes on where a stopped import stood. Raises `NotReady`."""
    row = locked(actor, record)
    declared(actor, row)
    with_rows(row)
    if row.stage != State.STOPPED or row.state != State.RUNNING:
        raise NotReady(_("This import is not stopped."))
    _begin(actor, row, done=sum(row.counts.values()))
    return row


@action(permission="exchange.use")
def stop_import(*, actor: Actor, record: Import) -> Import:
    """Stops the job after the batch it is at; what was written stays, and can be undone. Raises `NotReady`."""
    row = locked(actor, record)
    job = Job.objects.lock().filter(pk=row.job_id).first()
    if job is None or job.state not in {JobState.WAITING, JobState.RUNNING}:
        raise NotReady(_("This job has already ended."))
    job.state = JobState.CANCELLED
    job.save(update_fields=["state"])
    row.finished_at = clock.now() if row.state == State.RUNNING else row.finished_at
    row.save(update_fields=["finished_at"])
    record_activity(actor=actor, type="exchange.stopped", subject=row, data={"file": row.name})
    return row


def run_batch(job: Job) -> bool:
    """One step of the job. The file's offset commits with each batch, so that no row is written twice."""
    owner = User.objects.get(pk=job.owner_id)
    with translation.override(owner.language), timezone.override(owner.timezone), quietly():
        record = Import.objects.filter(pk=job.params["import"]).first()
        if record is None or record.job_id != job.pk or record.state != State.RUNNING:
            return True
        actor, importer = actor_for(owner), importers[record.importer]
        actor.require(importer.permission)
        taken = Reader(record, importer).taken(record.offset, BATCH)
        if taken and not _bring_in(job, actor, importer, taken):
            return True
        rows = rows_of(entry for entry, _after in taken)
        job.done += rows
        if rows >= BATCH:
            return False
    with translation.override(owner.language):
        _finish(actor, job)
    return True


def _begin(actor: Actor, row: Import, *, done: int) -> None:
    row.job = runners.start(
        kind=RUN, label=_("Import of %(file)s") % {"file": row.name}, owner_id=actor.user_id,
        params={"import": row.pk}, total=row.rows,
    )  # fmt: skip
    Job.objects.filter(pk=row.job.pk).update(done=done)
    row.finished_at = None
    row.save()


@transaction.atomic
def _bring_in(job: Job, actor: Actor, importer: Importer, taken: Sequence[tuple[Entry, int]]) -> bool:
    """A batch, its marks and how far the file is, or nothing of it. False once the import was stopped."""
    record = Import.objects.lock().get(pk=job.params["import"])
    stopped = Job.objects.filter(pk=job.pk, state=JobState.CANCELLED).exists()
    if stopped or record.job_id != job.pk or record.state != State.RUNNING:
        return False
    write_entries(record, actor, importer, [entry for entry, _after in taken])
    record.offset = taken[-1][1]
    record.save(update_fields=["counts", "offset"])
    return True


@transaction.atomic
def _finish(actor: Actor, job: Job) -> None:
    """Says once that the file is in."""
    record = Import.objects.lock().get(pk=job.params["import"])
    if record.state != State.RUNNING or record.job_id != job.pk:
        return
    record.state, record.finished_at = State.DONE, clock.now()
    record.save(update_fields=["state", "finished_at"])
    SeenKey.objects.filter(batch=record).delete()
    data = {
        "file": record.name, "what": in_all_languages(importers[record.importer].label), "rows": record.rows,
        "made": record.made, "changed": record.changed, "skipped": record.skipped, "wrong": record.wrong,
    }  # fmt: skip
    record_activity(actor=actor, type="exchange.imported", subject=record, data=data)
