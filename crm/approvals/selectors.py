"""What pages read of approvals."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from crm.core.actor import Actor

from .declarations import of_code
from .models import Approval, ApprovalStep, Approver

#: How many the home page shows.
ON_HOME = 8


def waiting_for(actor: Actor) -> Any:
    """What waits for the actor's decision, the longest waiting first."""
    return (
        Approval.objects.visible_to(actor)
        .waiting_for(actor.user_id)
        .select_related("requested_by")
        .order_by("created_at", "pk")
    )


def waiting_count(actor: Actor) -> int:
    """How many approvals wait for the actor."""
    found: int = Approval.objects.visible_to(actor).waiting_for(actor.user_id).count()
    return found


def may_decide(actor: Actor, approval: Approval) -> bool:
    """Whether the present step waits for the actor."""
    return approval.is_pending and bool(Approval.objects.filter(pk=approval.pk).waiting_for(actor.user_id).exists())


def described(approval: Approval) -> list[tuple[Any, Any]]:
    """What is to be approved, as its app words it; nothing when the app is gone."""
    declared = of_code(approval.kind)
    return declared.describe(approval.snapshot) if declared else []


def subject_of(actor: Actor, approval: Approval) -> Any:
    """The record, None where the actor may not open it."""
    declared = of_code(approval.kind)
    return declared.visible(actor, approval.object_id) if declared else None


def steps_of(approval: Approval) -> list[ApprovalStep]:
    """The steps with their people, in order."""
    people = Approver.objects.select_related("user", "delegated_by")
    return list(approval.steps.prefetch_related(Prefetch("approvers", people)))


def approvals_on(actor: Actor, record: Any) -> list[Approval]:
    """The latest approvals of a record the actor may open, newest first, each with its steps."""
    people = Approver.objects.select_related("user", "delegated_by")
    steps = ApprovalStep.objects.prefetch_related(Prefetch("approvers", people))
    rows = Approval.objects.on(record).select_related("requested_by").prefetch_related(Prefetch("steps", steps))
    return list(rows.order_by("-created_at", "-pk")[:5])
