"""Reads about deals, viewer first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actor import Actor
from crm.planner.models import Task

from ..choices.opportunities import StageKind
from ..models import Opportunity, Pipeline, Stage
from ..querysets.opportunities import OpportunityQuerySet


def deleted_opportunities(viewer: Actor) -> OpportunityQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return OpportunityQuerySet(Opportunity).filter(deleted_at__isnull=False).visible_to(viewer)


def next_tasks(viewer: Actor, ids: Sequence[int]) -> dict[int, Task]:
    """The open task of each deal that is due first, by the deal's id; one without a deadline comes last. One query."""
    if not ids:
        return {}
    rows = Task.objects.visible_to(viewer).filter(kind=kind_of(Opportunity).code, object_id__in=ids).open()
    rows = rows.order_by("object_id", F("due_at").asc(nulls_last=True), "pk").distinct("object_id")
    return {task.object_id: task for task in rows}


def default_pipeline() -> Pipeline | None:
    """The first pipeline that is in use."""
    return Pipeline.objects.filter(is_active=True).first()


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as the stepper of a deal shows it. days: how long the deal stayed there in all, None if it never did."""

    stage: Stage
    days: int | None
    is_now: bool
    is_past: bool


def steps_of(deal: Opportunity) -> list[Step]:
    """The stages of a deal's pipeline with the whole days it spent in each. Two queries."""
    now, stayed = clock.now(), dict[int, float]()
    for span in deal.spans.all():
        seconds = ((span.left_at or now) - span.entered_at).total_seconds()
        stayed[span.stage_id] = stayed.get(span.stage_id, 0) + seconds
    stages = [
        stage
        for stage in deal.pipeline.stages.all()
        if stage.pk == deal.stage_id or (stage.kind == StageKind.OPEN and (stage.is_active or stage.pk in stayed))
    ]
    return [
        Step(
            stage,
            int(stayed[stage.pk] // 86_400) if stage.pk in stayed else None,
            stage.pk == deal.stage_id,
            stage.order < deal.stage.order,
        )
        for stage in stages
    ]
