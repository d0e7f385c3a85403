"""A leaver's work goes to colleagues, row by row as a job, and back again within a day."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid, NotFound, NotReady
from crm.core.sockets import handovers
from crm.jobs import runners
from crm.jobs.models import Job

from ..exceptions import OwnAccount
from ..rights import require_covers
from ..selectors.handover import KIND, UNDO_KIND, has_ended, undo_until
from .staff import restore_user, suspend_user

BATCH = 25


@action(permission="console.manage_staff")
def start_hand_over(*, actor: Actor, record: User, targets: Mapping[str, User | None], suspend: bool = False) -> Job:
    """Begins to hand over what `record` holds. targets: key of a kind → who takes it, None for the queue.

    suspend: at the end, so that nothing new arrives. Kinds that are not named stay. Raises `Invalid` for a target
    that cannot take it, `OwnAccount`, `BeyondOwnRights`.
    """
    if suspend and actor.user_id == record.pk:
        raise OwnAccount
    user: User = User.objects.lock().get(pk=record.pk)
    if actor.user_id != user.pk:
        require_covers(actor, user.roles.all())
    if not targets and not suspend:
        raise Invalid(_("Choose who takes over at least one kind of work."))
    heirs = set(
        User.objects.active().filter(pk__in=[to.pk for to in targets.values() if to]).values_list("pk", flat=True)
    )
    for key, to in targets.items():
        if key not in handovers or (to is None and not handovers[key].queue_label):
            raise Invalid(fields={key: _("Choose who takes this over.")})
        if to is not None and (to.pk == user.pk or to.pk not in heirs):
            raise Invalid(fields={key: _("Choose somebody else who can sign in.")})
    kinds = [kind.key for kind in handovers if kind.key in targets]
    total = sum(handovers[key].rows(actor, user).count() for key in kinds)
    job = runners.start(
        kind=KIND,
        label=_("Hand over the work of %(user)s") % {"user": user.name},
        owner_id=actor.user_id,
        params={
            "user": user.pk,
            "kinds": kinds,
            "targets": {key: to.pk if to else None for key, to in targets.items()},
            "suspend": suspend,
        },
        total=total,
    )
    data = {"user": user.name, "rows": total, "job": job.pk}
    record_activity(actor=actor, type="console.handed_over", subject=user, data=data)
    return job


@action(permission="console.manage_staff")
def undo_hand_over(*, actor: Actor, record: Job) -> Job:
    """Begins to take every row back that nobody has touched since. Raises `NotReady` while it runs, after a day,
    and a second time; `NotFound` for a job that the actor does not see."""
    job = Job.objects.visible_to(actor).lock().filter(pk=record.pk, kind=KIND).first()
    if job is None:
        raise NotFound
    if not has_ended(job):
        raise NotReady(_("The hand-over still runs. Wait until it has ended, or stop it first."))
    if undo_until(job) is None:
        raise NotReady(_("This hand-over can no longer be undone."))
    user: User = User.objects.get(pk=job.params["user"])
    undo = runners.start(
        kind=UNDO_KIND,
        label=_("Undo the hand-over of %(user)s") % {"user": user.name},
        owner_id=actor.user_id,
        params={"job": job.pk, "user": user.pk},
        total=len(job.result.get("moved", [])),
    )
    job.result = {**job.result, "undone_by": undo.pk}
    job.save(update_fields=["result"])
    record_activity(actor=actor, type="console.handover_undone", subject=user, data={"user": user.name, "job": job.pk})
    return undo


def hand_over_batch(job: Job) -> bool:
    """One step of the job. Rows, their memory and the cursor commit together, so no row is forgotten or done twice."""
    owner, user = User.objects.get(pk=job.owner_id), User.objects.get(pk=job.params["user"])
    if "undone_by" in job.result:
        return True  # stopped, undone and started again: what was taken back stays
    stage, kinds = job.result.setdefault("stage", 0), job.params["kinds"]
    with translation.override(owner.language), transaction.atomic():
        actor = actor_for(owner)
        if stage >= len(kinds):
            if job.params["suspend"]:
                _suspend(job, actor, user)
                job.save(update_fields=runners.PROGRESS)
            return True
        rows = _next(job, actor, user, kinds[stage])
        for row in rows:
            _move(job, actor, kinds[stage], row)
        if len(rows) < BATCH:
            job.result["stage"], job.cursor = stage + 1, 0
        job.save(update_fields=runners.PROGRESS)
    return False


def undo_batch(job: Job) -> bool:
    """One step of taking back, the latest row first. A suspension by the hand-over is lifted before all else."""
    owner, user = User.objects.get(pk=job.owner_id), User.objects.get(pk=job.params["user"])
    done = Job.objects.get(pk=job.params["job"]).result
    moved = list(reversed(done.get("moved", [])))
    with translation.override(owner.language), transaction.atomic():
        actor = actor_for(owner)
        if job.cursor == 0 and done.get("suspended") and not user.is_active:
            _try(job, user.pk, user.name, lambda: restore_user(actor=actor, record=user))
            user.refresh_from_db()
        for key, row_id, label, memory in moved[job.cursor : job.cursor + BATCH]:
            if key in handovers:
                _try(job, row_id, label, lambda k=key, r=row_id, m=memory: handovers[k].undo(actor, user, r, m))
            job.done += 1
        job.cursor = min(job.cursor + BATCH, len(moved))
        job.save(update_fields=runners.PROGRESS)
    return job.cursor >= len(moved)


def _next(job: Job, actor: Actor, user: User, key: str) -> list:  # type: ignore[type-arg]
    """The next rows of a kind; none where its part of the product is switched off meanwhile."""
    if key not in handovers:
        return []
    return list(handovers[key].rows(actor, user).filter(pk__gt=job.cursor).order_by("pk")[:BATCH])


def _move(job: Job, actor: Actor, key: str, row: object) -> None:
    """One row, in a savepoint of its own; a refusal is a reason on the job's page."""
    pk, to_id = row.pk, job.params["targets"][key]  # type: ignore[attr-defined]
    to = User.objects.get(pk=to_id) if to_id else None
    memory: list[dict] = []  # type: ignore[type-arg]
    if _try(job, pk, str(row), lambda: memory.append(handovers[key].move(actor, row, to))):
        job.result.setdefault("moved", []).append([key, pk, str(row)[:120], memory[0]])
    job.cursor, job.done = pk, job.done + 1


def _suspend(job: Job, actor: Actor, user: User) -> None:
    if user.is_active and _try(job, user.pk, user.name, lambda: suspend_user(actor=actor, record=user)):
        job.result["suspended"] = True


def _try(job: Job, row_id: int, label: str, verb) -> bool:  # type: ignore[no-untyped-def]
    """Whether the verb went through; else its sentence is kept beside the row."""
    try:
        with transaction.atomic():
            verb()
    except DomainError as error:
        fields = ", ".join(str(text) for text in error.fields.values())
        runners.skip(job, row_id, label, fields or str(error))
        return False
    return True
