"""The import itself: each record in a transaction of its own, by the same actions as the pages."""

from __future__ import annotations

import itertools

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import kind_of, quietly
from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, NotReady
from crm.core.translated import in_all_languages
from crm.jobs import runners
from crm.jobs.choices import JobState
from crm.jobs.models import Job

from ..checking import Verdict, findings, repeated, verdict
from ..choices import Existing, Outcome, State
from ..declarations import Entry, Importer, Written, importers
from ..entries import Reader, reason_of
from ..models import Finding, Import, SeenKey, WrittenRow
from ._locking import declared, locked, with_rows
from .checking import foreseen

RUN = "exchange.run"
BATCH = 25


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
    """Stops the job after the record it is at; what was written stays, and can be undone. Raises `NotReady`."""
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
    """One step of the job. The file's offset commits with each record, so that none is written twice."""
    owner = User.objects.get(pk=job.owner_id)
    with translation.override(owner.language), timezone.override(owner.timezone), quietly():
        record = Import.objects.filter(pk=job.params["import"]).first()
        if record is None or record.job_id != job.pk or record.state != State.RUNNING:
            return True
        actor, importer = actor_for(owner), importers[record.importer]
        actor.require(importer.permission)
        entry_count = 0
        for entry, after in itertools.islice(Reader(record, importer).entries(record.offset), BATCH):
            if not _bring_in(job, actor, importer, entry, after):
                return True
            entry_count += 1
            job.done += len(entry.lines)
        if entry_count == BATCH:
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
def _bring_in(job: Job, actor: Actor, importer: Importer, entry: Entry, after: int) -> bool:
    """One record and how far the file is, or neither. False once the import was stopped."""
    record = Import.objects.lock().get(pk=job.params["import"])
    stopped = Job.objects.filter(pk=job.pk, state=JobState.CANCELLED).exists()
    if stopped or record.job_id != job.pk or record.state != State.RUNNING:
        return False
    found = _written(record, actor, importer, entry)
    if isinstance(found, Written):
        outcome = found.outcome
        _remember(record, entry, found)
        if outcome == Outcome.SKIPPED:
            notes = [(line, "", _("Nothing to change")) for line in entry.lines]
            Finding.objects.bulk_create(findings(record, importer, Verdict(outcome, notes)))
    else:
        outcome = found.outcome
        Finding.objects.bulk_create(findings(record, importer, found))
    record.counts[outcome] = record.counts.get(outcome, 0) + len(entry.lines)
    record.offset = after
    record.save(update_fields=["counts", "offset"])
    return True


def _written(record: Import, actor: Actor, importer: Importer, entry: Entry) -> Written | Verdict:
    """What the entry wrote, or why it was left out; looked at anew, since the base has moved since the dry run."""
    if not entry.is_wrong:
        importer.resolve(actor, [entry])
    existing = record.existing
    if entry.found is not None and _is_ours(record, entry):
        existing = Existing.UPDATE  # the record was made by an earlier row of this very file
    found = verdict(importer, entry, existing, repeated(record, importer, [entry], remember=False))
    if found.outcome not in {Outcome.MADE, Outcome.CHANGED}:
        return found
    if found.outcome == Outcome.MADE:
        entry.found = None
    try:
        with transaction.atomic():
            return importer.write(actor, entry, found.outcome == Outcome.CHANGED)
    except DomainError as error:
        return Verdict(Outcome.WRONG, [(line, "", reason_of(error)) for line in entry.lines])
    except (IntegrityError, DataError):
        return Verdict(Outcome.WRONG, [(line, "", _("These values cannot be stored")) for line in entry.lines])


def _is_ours(record: Import, entry: Entry) -> bool:
    assert entry.found is not None
    kind = kind_of(entry.found).code
    return WrittenRow.objects.filter(
        batch=record, kind=kind, object_id=entry.found.pk, outcome=Outcome.MADE
    ).exists()  # fmt: skip


def _remember(record: Import, entry: Entry, found: Written) -> None:
    if found.outcome not in {Outcome.MADE, Outcome.CHANGED}:
        return
    WrittenRow.objects.create(
        batch=record, number=entry.line.number, outcome=found.outcome, kind=kind_of(found.record).code,
        object_id=found.record.pk, label=str(found.record)[:200], memory=dict(found.memory),
    )  # fmt: skip


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
