"""An import is taken back, row by row from the last, leaving what somebody has worked with since."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

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
from crm.jobs import runners
from crm.jobs.choices import JobState
from crm.jobs.models import Job

from ..choices import State
from ..declarations import Importer, Undo, UndoMany, importers
from ..limits import UNDO_DAYS
from ..models import Import, WrittenRow
from ..together import in_halves, one_by_one
from ._locking import declared, locked

UNDO = "exchange.undo"
#: Rows of one transaction.
BATCH = 100


@action(permission="exchange.use")
def start_undo(*, actor: Actor, record: Import) -> Import:
    """Begins to take back what an import wrote, as a job. Raises `NotReady` later than 30 days after it."""
    row = locked(actor, record)
    declared(actor, row)
    if not row.can_be_undone:
        raise NotReady(_("An import can be undone once, up to %(days)s days after it ended.") % {"days": UNDO_DAYS})
    rows = row.written.filter(undone_at__isnull=True)
    rows.update(left="")
    row.state = State.UNDOING
    row.job = runners.start(
        kind=UNDO, label=_("Undo of %(file)s") % {"file": row.name}, owner_id=actor.user_id,
        params={"import": row.pk}, total=rows.count(),
    )  # fmt: skip
    row.save()
    return row


def undo_batch(job: Job) -> bool:
    """One step of the job: the next rows from the end, with their marks in one transaction."""
    owner = User.objects.get(pk=job.owner_id)
    with translation.override(owner.language), timezone.override(owner.timezone):
        record = Import.objects.filter(pk=job.params["import"]).first()
        if record is None or record.job_id != job.pk or record.state != State.UNDOING:
            return True
        actor, importer = actor_for(owner), importers[record.importer]
        actor.require(importer.permission)
        ahead = record.written.filter(undone_at__isnull=True, left="").order_by("-number")
        ids = list(ahead.values_list("pk", flat=True)[:BATCH])
        with quietly():
            if ids and not _take_back(job, actor, importer, ids):
                return True
        job.done += len(ids)
        if len(ids) == BATCH:
            return False
        _finish(actor, job)
    return True


@transaction.atomic
def _take_back(job: Job, actor: Actor, importer: Importer, ids: Sequence[int]) -> bool:
    """These rows, the last of the file first, or why one stays. False once the undo was stopped."""
    if Job.objects.filter(pk=job.pk, state=JobState.CANCELLED).exists():
        return False
    rows = sorted(WrittenRow.objects.lock().filter(pk__in=ids), key=lambda row: -row.number)
    if importer.undo_many is not None:
        done = in_halves(rows, partial(_undo_many, actor, importer.undo_many), lambda _row, reason: reason)
    else:
        done = one_by_one(rows, partial(_undo, actor, importer.undo), lambda _row, reason: reason)
    now = clock.now()
    for row, reason in done:
        row.undone_at, row.left = (None, reason[:400]) if reason else (now, "")
    WrittenRow.objects.bulk_update(rows, ["undone_at", "left"])
    return True


def _undo_many(actor: Actor, undo: UndoMany, rows: Sequence[WrittenRow]) -> list[str]:
    undo(actor, [row.memory for row in rows])
    return ["" for _row in rows]


def _undo(actor: Actor, undo: Undo, row: WrittenRow) -> str:
    undo(actor, row.memory)
    return ""


@transaction.atomic
def _finish(actor: Actor, job: Job) -> None:
    record = Import.objects.lock().get(pk=job.params["import"])
    if record.state != State.UNDOING:
        return
    undone = record.written.filter(undone_at__isnull=False).count()
    record.undo_result = {"undone": undone, "left": record.written.count() - undone}
    record.state = State.UNDONE
    record.save(update_fields=["undo_result", "state"])
    record_activity(
        actor=actor, type="exchange.undone", subject=record, data={"file": record.name, **record.undo_result}
    )
