"""The dry run: every row is looked at, none is written."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotReady
from crm.core.translated import in_all_languages
from crm.jobs import runners
from crm.jobs.models import Job

from .. import rowfile
from ..checking import findings, repeated, rows_of, verdict
from ..choices import Outcome, State
from ..declarations import Entry, Importer, importers
from ..entries import Reader
from ..models import Finding, Import, SeenKey
from ._locking import declared, locked, with_rows
from .receiving import is_open

CHECK = "exchange.check"
BATCH = 500


@action(permission="exchange.use")
def start_check(*, actor: Actor, record: Import) -> Import:
    """Begins the dry run over all rows, as a job. Raises `NotReady` while columns are missing or once it has run."""
    row = locked(actor, record)
    importer = declared(actor, row)
    with_rows(row)
    if not is_open(row) or not row.mapping:
        raise NotReady(_("Choose the columns first."))
    Finding.objects.filter(batch=row).delete()
    SeenKey.objects.filter(batch=row).delete()
    row.offset, row.checked, row.state = 0, {}, State.CHECKING
    row.job = runners.start(
        kind=CHECK, label=_("Check of %(file)s") % {"file": row.name}, owner_id=actor.user_id,
        params={"import": row.pk}, total=row.rows,
    )  # fmt: skip
    row.save()
    data = {"rows": row.rows, "file": row.name, "what": in_all_languages(importer.label)}
    record_activity(actor=actor, type="exchange.checked", subject=row, data=data)
    return row


def check_batch(job: Job) -> bool:
    """One step of the job; what was found and how far it came commit together."""
    owner = User.objects.get(pk=job.owner_id)
    with translation.override(owner.language), timezone.override(owner.timezone), transaction.atomic():
        record = Import.objects.lock().filter(pk=job.params["import"]).first()
        if record is None or record.job_id != job.pk or record.state != State.CHECKING:
            return True
        actor, importer = actor_for(owner), importers[record.importer]
        actor.require(importer.permission)
        if record.offset == 0 and importer.group_by:
            _gather(record, importer)
        taken = Reader(record, importer).taken(record.offset, BATCH)
        entries = [entry for entry, _offset in taken]
        _judge(actor, record, importer, entries)
        record.offset = taken[-1][1] if taken else record.offset
        job.done += rows_of(entries)
        finished = job.done >= record.rows or not taken
        if finished:
            record.state = State.CHECKED
        record.save()
        job.save(update_fields=runners.PROGRESS)
    return finished


def _judge(actor: Actor, record: Import, importer: Importer, entries: Sequence[Entry]) -> None:
    twice = repeated(record, importer, entries, remember=True)
    importer.resolve(actor, [entry for entry in entries if not entry.is_wrong])
    verdicts = [verdict(importer, entry, record.existing, twice) for entry in entries]
    for entry, found in zip(entries, verdicts, strict=True):
        record.checked[found.outcome] = record.checked.get(found.outcome, 0) + len(entry.lines)
    Finding.objects.bulk_create(findings(record, importer, verdicts))


def _gather(record: Import, importer: Importer) -> None:
    """Puts the rows of one record together, wherever they stand in the file."""
    reader, before = Reader(record, importer), record.path
    if reader.group is not None:
        record.path = rowfile.gathered(before, reader.group_of)
        transaction.on_commit(lambda: rowfile.remove(before))


def foreseen(record: Import) -> int:
    """How many rows the dry run would write."""
    return sum(record.checked.get(outcome, 0) for outcome in (Outcome.MADE, Outcome.CHANGED))
