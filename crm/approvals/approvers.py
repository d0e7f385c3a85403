"""Who decides a step."""

from __future__ import annotations

from typing import Any

from crm.accounts.access import users_who_can
from crm.accounts.models import Department, User

from .choices import Who
from .exceptions import NoApprover
from .models import ApprovalFlow, FlowStep


def head_above(user: User | None) -> User | None:
    """The nearest active head above a person: of their department, else of one further up; never themselves."""
    if user is None or user.department is None:
        return None
    ids = [int(part) for part in user.department.path.split("/") if part]
    rows = Department.objects.filter(pk__in=ids, head__is_active=True).exclude(head=user).select_related("head")
    heads = {row.pk: row.head for row in rows}
    return next((heads[pk] for pk in reversed(ids) if pk in heads), None)


def approvers_of(step: FlowStep, flow: ApprovalFlow, asker: User | None) -> list[User]:
    """The people of a step, the asker never among them. Raises `NoApprover`.

    A step with nobody falls to the flow's own administrator, then to whoever may set up flows.
    """
    found = [user for user in _named(step, asker) if user.is_active and user != asker]
    if not found and flow.fallback is not None and flow.fallback.is_active and flow.fallback != asker:
        found = [flow.fallback]
    found = found or [user for user in users_who_can("approvals.manage") if user != asker]
    if not found:
        raise NoApprover
    return found


def describe(step: FlowStep) -> dict[str, Any]:
    """The step as it is kept with an approval."""
    return {"who": step.who, "user": step.user_id, "role": step.role_id, "rule": step.rule}


def _named(step: FlowStep, asker: User | None) -> list[User]:
    if step.who == Who.USER:
        return [step.user] if step.user else []
    if step.who == Who.ROLE:
        return list(User.objects.active().filter(roles=step.role_id))
    head = head_above(asker)
    return [head] if head else []
