"""An import is taken back, row by row from the last, leaving what somebody has worked with since."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import quietly
from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, NotReady
from crm.jobs import runners
from crm.jobs.choices import JobState
from crm.jobs.models import Job

from ..choices import State
from ..declarations import Importer, importers
from ..entries import reason_of
from ..limits import UNDO_DAYS
from ..models import Import, WrittenRow
from ._locking import declared, locked

UNDO = "exchange.undo"
BATCH = 25


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
    """One step of the job: the next rows from the end, each with its mark in one transaction."""
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
            for pk in ids:
                if not _take_back(job, actor, importer, pk):
                    return True
                job.done += 1
        if len(ids) == BATCH:
            return False
        _finish(actor, job)
    return True


@transaction.atomic
def _take_back(job: Job, actor: Actor, importer: Importer, pk: int) -> bool:
    """One row, or why it stays. False once the undo was stopped."""
    if Job.objects.filter(pk=job.pk, state=JobState.CANCELLED).exists():
        return False
    row = WrittenRow.objects.lock().get(pk=pk)
    try:
        with transaction.atomic():
            importer.undo(actor, row.memory)
        row.undone_at = clock.now()
    except DomainError as error:
        row.left = reason_of(error)[:400]
    except (ProtectedError, IntegrityError):
        row.left = _("Other records belong to it now")
    row.save(update_fields=["undone_at", "left"])
    return True


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
