"""A list of staff becomes users, as a job: created, changed or left out for a reason; safe to repeat."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid
from crm.core.models import Brand
from crm.jobs import runners
from crm.jobs.models import Job

from ..selectors.staff_import import CREATE, SKIP, UPDATE, Planned, Planner
from ..staff_files import MAX_ROWS, Row
from .staff import invite_user, update_user

KIND = "console.import_staff"
BATCH = 20


@action(permission="console.manage_staff")
def start_staff_import(*, actor: Actor, rows: Sequence[Row], send_mail: bool) -> Job:
    """Begins to bring the rows in. send_mail: invite whoever is new. Raises `Invalid` without rows or with too many."""
    if not rows or len(rows) > MAX_ROWS:
        raise Invalid(_("The file must hold between 1 and %(rows)s people.") % {"rows": MAX_ROWS})
    job = runners.start(
        kind=KIND,
        label=_("Staff from a file"),
        owner_id=actor.user_id,
        params={"rows": list(rows), "mail": send_mail},
        total=len(rows),
    )
    data = {"rows": len(rows), "job": job.pk}
    record_activity(actor=actor, type="console.staff_imported", subject=Brand.default(), data=data)
    return job


def import_batch(job: Job) -> bool:
    """One step of the job. Each row is planned anew; rows and cursor commit together, so nobody is invited twice."""
    owner, rows = User.objects.get(pk=job.owner_id), job.params["rows"]
    with translation.override(owner.language), transaction.atomic():
        actor = actor_for(owner)
        planner = Planner(actor)
        planner.seen = {row.get("email", "").strip().lower() for row in rows[: job.cursor]}
        for number, row in enumerate(rows[job.cursor : job.cursor + BATCH], start=job.cursor):
            _bring_in(job, actor, number, row, planner.plan(row))
            job.done += 1
        job.cursor = min(job.cursor + BATCH, len(rows))
        finished = job.cursor >= len(rows)
        if finished:
            job.params["rows"] = []  # only what was left out is kept, to be corrected
        job.save(update_fields=runners.PROGRESS)
    return finished


def _bring_in(job: Job, actor: Actor, number: int, row: Row, planned: Planned) -> None:
    reason = planned.reason if planned.outcome == SKIP else ""
    if planned.outcome in {CREATE, UPDATE}:
        try:
            with transaction.atomic():
                if planned.user is None:
                    invite_user(actor=actor, values=planned.values, send_mail=job.params["mail"])
                else:
                    update_user(actor=actor, record=planned.user, values=planned.values)
        except DomainError as error:
            reason = ", ".join(str(text) for text in error.fields.values()) or str(error)
    if reason:
        runners.skip(job, number, planned.label, reason)
        job.result.setdefault("failed", []).append([row, reason])
        return
    counts = job.result.setdefault("counts", {})
    counts[planned.outcome] = counts.get(planned.outcome, 0) + 1
