"""Asking for consent, taking the request back, and noticing that the record is another now."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import kind_of, record
from crm.conditions.language import evaluate_many, parse
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotAllowed, NotFound
from crm.core.text import clean_text

from ..approvers import approvers_of, describe
from ..choices import Answer, State
from ..declarations import Approvable, approvables, of_code
from ..exceptions import AlreadyAsked, NotPending
from ..models import Approval, ApprovalFlow, ApprovalStep, Approver


def flow_for(subject: models.Model) -> ApprovalFlow | None:
    """The flow that a stored record has to pass: the first active one whose condition holds; None when none does."""
    kind = kind_of(subject).key
    flows = list(ApprovalFlow.objects.filter(kind=kind, is_active=True).select_related("fallback"))
    asked = {str(flow.pk): parse(flow.condition, kind, Actor.system(), stored=True) for flow in flows if flow.condition}
    holds = evaluate_many(asked, subject)
    return next((flow for flow in flows if holds.get(str(flow.pk), True)), None)


def covers(approval: Approval, subject: models.Model) -> bool:
    """Whether the approval is of the record as it is now."""
    return approval.snapshot == approvables[kind_of(subject).key].snapshot(subject)


@action(permission="approvals.decide")
def request_approval(*, actor: Actor, subject: models.Model, reason: str = "") -> Approval | None:
    """Asks whoever the record's flow names; None when no flow holds, which means that nothing has to be asked.

    The caller has locked the record. Raises `AlreadyAsked`, `NoApprover`.
    """
    flow = flow_for(subject)
    if flow is None:
        return None
    if Approval.objects.on(subject).pending().exists():
        raise AlreadyAsked
    steps = list(flow.steps.select_related("user", "role"))
    asker = User.objects.select_related("department").filter(pk=actor.effective.user_id or 0).first()
    approval = Approval.objects.create(
        kind=kind_of(subject).code, object_id=subject.pk, title=str(subject)[:200], flow=flow,
        flow_steps=[describe(step) for step in steps], requested_by=asker, comment=clean_text(reason, 4000),
        snapshot=approvables[kind_of(subject).key].snapshot(subject),
    )  # fmt: skip
    for place, step in enumerate(steps):
        row = ApprovalStep.objects.create(approval=approval, position=place, rule=step.rule)
        Approver.objects.bulk_create(Approver(step=row, user=user) for user in approvers_of(step, flow, asker))
    record_on(actor, approval, "approvals.asked", subject, text=approval.comment)
    return approval


@action(permission="approvals.decide")
def withdraw(*, actor: Actor, approval: Approval) -> Approval:
    """Whoever asked takes the request back. Raises `NotAllowed`, `NotPending`."""
    row, declared, subject = locked(actor, approval)
    if actor.user_id is None or row.requested_by_id != actor.user_id:
        raise NotAllowed("approvals.decide", _("Only the colleague who asked may withdraw the request."))
    close(row, State.WITHDRAWN)
    record_on(actor, row, "approvals.withdrawn", subject)
    declared.rejected(actor, subject)
    return row


@action()
def void_approval(*, actor: Actor, subject: models.Model) -> int:
    """The record was changed: a pending or given approval that is not of it any more counts no longer.

    Called by the app's own verbs, which have locked the record. Returns how many were voided.
    """
    rows = Approval.objects.on(subject).filter(state__in=(State.PENDING, State.APPROVED)).lock()
    stale = [row for row in rows if not covers(row, subject)]
    for row in stale:
        close(row, State.VOID)
        record_on(actor, row, "approvals.voided", subject)
    return len(stale)


def locked(actor: Actor, approval: Approval) -> tuple[Approval, Approvable, Any]:
    """The pending approval of the actor's set, its declaration and its record, both locked, the record first.

    Raises `NotFound`, `NotPending`.
    """
    found = Approval.objects.visible_to(actor).filter(pk=approval.pk).first()
    declared = of_code(found.kind) if found is not None else None
    if found is None or declared is None:
        raise NotFound
    subject = declared.model._default_manager.all().lock().filter(pk=found.object_id).first()
    row = Approval.objects.all().lock().get(pk=found.pk)
    if subject is None or not row.is_pending:
        raise NotPending
    return row, declared, subject


def close(approval: Approval, state: State) -> None:
    """Ends an approval."""
    approval.state, approval.decided_at = state, clock.now()
    approval.save(update_fields=["state", "decided_at"])
    if state == State.REJECTED:
        approval.steps.filter(position=approval.position).update(answer=Answer.REJECTED)


def record_on(actor: Actor, approval: Approval, type: str, subject: Any, **data: Any) -> None:
    """Notes a deed on the approval, its record, and whatever else tells of it."""
    declared = approvables[kind_of(subject).key]
    told = {"title": approval.title, **{name: value for name, value in data.items() if value}}
    record(actor=actor, type=type, subject=approval, anchors=[subject, *declared.anchors(subject)], data=told)
