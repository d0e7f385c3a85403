"""Saying yes, saying no, and asking a colleague to decide instead."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_text

from ..choices import Answer, Rule, State
from ..exceptions import ChangedMeanwhile, NotYourTurn, ReasonNeeded
from ..models import Approval, ApprovalStep, Approver
from .requesting import close, covers, locked, record_on


@action(permission="approvals.decide")
def approve(*, actor: Actor, approval: Approval, comment: str = "") -> Approval:
    """The actor agrees in the present step; the last step's consent approves the record.

    Raises `NotYourTurn`, `NotPending`, `ChangedMeanwhile` when the record is not what was asked about.
    """
    row, declared, subject = locked(actor, approval)
    step, mine = _place_of(actor, row)
    if not covers(row, subject):
        raise ChangedMeanwhile
    _answer(mine, Answer.APPROVED, comment)
    waiting = step.approvers.filter(answer=Answer.WAITING)
    done = step.rule == Rule.ANY or not waiting.exists()
    if done:
        step.answer = Answer.APPROVED
        step.save(update_fields=["answer"])
        row.position = step.position + 1
        row.save(update_fields=["position"])
    if done and not row.steps.filter(position__gte=row.position).exists():
        close(row, State.APPROVED)
        record_on(actor, row, "approvals.approved", subject, text=mine.comment)
        declared.approved(actor, subject)
    else:
        record_on(actor, row, "approvals.agreed", subject, text=mine.comment)
    return row


@action(permission="approvals.decide")
def reject(*, actor: Actor, approval: Approval, comment: str) -> Approval:
    """The actor says no, which ends the request. Raises `ReasonNeeded`, `NotYourTurn`, `NotPending`."""
    if not clean_text(comment, 4000):
        raise ReasonNeeded
    row, declared, subject = locked(actor, approval)
    _step, mine = _place_of(actor, row)
    _answer(mine, Answer.REJECTED, comment)
    close(row, State.REJECTED)
    record_on(actor, row, "approvals.rejected", subject, text=mine.comment)
    declared.rejected(actor, subject)
    return row


@action(permission="approvals.decide")
def delegate(*, actor: Actor, approval: Approval, to: User, comment: str = "") -> Approval:
    """A colleague decides instead of the actor; never whoever asked. Raises `Invalid`, `NotYourTurn`, `NotPending`."""
    row, _declared, subject = locked(actor, approval)
    step, mine = _place_of(actor, row)
    if not to.is_active or to.pk == row.requested_by_id:
        raise Invalid(fields={"to": _("Choose a colleague who still works here and did not ask for this.")})
    if step.approvers.filter(user=to).exists():
        raise Invalid(fields={"to": _("This colleague is asked in this step already.")})
    _answer(mine, Answer.DELEGATED, comment)
    Approver.objects.create(step=step, user=to, delegated_by_id=actor.user_id)
    record_on(actor, row, "approvals.delegated", subject, to=to.name, text=mine.comment)
    return row


def _place_of(actor: Actor, approval: Approval) -> tuple[ApprovalStep, Approver]:
    """The present step and the actor's own line in it. Raises `NotYourTurn`."""
    step = approval.steps.get(position=approval.position)
    mine = step.approvers.filter(user_id=actor.user_id or 0, answer=Answer.WAITING).first()
    if mine is None or approval.requested_by_id == actor.user_id:
        raise NotYourTurn
    return step, mine


def _answer(mine: Any, answer: Answer, comment: str) -> None:
    mine.answer, mine.answered_at, mine.comment = answer, clock.now(), clean_text(comment, 4000)
    mine.save(update_fields=["answer", "answered_at", "comment"])
