"""Setting up flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.conditions.language import parse
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..choices import Rule, Who
from ..declarations import approvables
from ..models import ApprovalFlow, FlowStep

_FIELDS = ("kind", "name", "condition", "fallback", "order", "is_active")


@action(permission="approvals.manage")
def save_flow(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    steps: Sequence[Mapping[str, Any]] | None = None,
    record: ApprovalFlow | None = None,
) -> ApprovalFlow:
    """Stores a flow. steps: who (`Who`), user or role, rule (`Rule`), in their order; None leaves them as they are.

    Approvals that were asked for before keep the steps they were asked with. Raises `Invalid` with `fields`.
    """
    flow = ApprovalFlow.objects.lock().get(pk=record.pk) if record else ApprovalFlow()
    if set(values) - set(_FIELDS):
        raise Invalid
    for name, value in values.items():
        setattr(flow, name, value)
    if flow.kind not in approvables:
        raise Invalid(fields={"kind": _("Choose what needs approval")})
    if flow.condition:
        flow.condition = parse(flow.condition, flow.kind, actor, stored=record is not None).tree
    if not steps and (steps is not None or record is None):
        raise Invalid(_("Name at least one step."))
    flow.save()
    if steps is not None:
        FlowStep.objects.filter(flow=flow).delete()
        FlowStep.objects.bulk_create(_step(flow, place, step) for place, step in enumerate(steps))
    _tell(actor, flow)
    return flow


def _step(flow: ApprovalFlow, place: int, values: Mapping[str, Any]) -> FlowStep:
    who, user, role = str(values.get("who", "")), values.get("user"), values.get("role")
    named = {str(Who.USER): user, str(Who.ROLE): role, str(Who.SUPERIOR): True}.get(who)
    if not named or values.get("rule", Rule.ANY) not in Rule.values:
        raise Invalid(_("Step %(number)s: say who decides.") % {"number": place + 1})
    return FlowStep(
        flow=flow, position=place, who=who, user=user if who == Who.USER else None,
        role=role if who == Who.ROLE else None, rule=values.get("rule", Rule.ANY),
    )  # fmt: skip


def _tell(actor: Actor, flow: ApprovalFlow) -> None:
    record(actor=actor, type="approvals.flow_saved", subject=flow, data={"title": dict(flow.name)})
