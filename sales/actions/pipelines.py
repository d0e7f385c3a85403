"""Setting up pipelines, their stages, and why deals are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.settings_rows import store_row
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotReady
from crm.core.translated import in_all_languages
from crm.ui.ordering import moved

from ..choices.opportunities import StageKind
from ..models import LostReason, Opportunity, Pipeline, Stage
from .opportunities import tell
from .stages import enter

TOLD = "opportunities.settings_changed"
MANAGE = "opportunities.manage"


@action(permission=MANAGE)
def save_pipeline(*, actor: Actor, values: Mapping[str, Any], record: Pipeline | None = None) -> Pipeline:
    """Makes or changes a pipeline; a new one begins with one open stage and the two that end deals.

    Raises `Invalid`, also for the last active one that would be switched off.
    """
    if record is not None and values.get("is_active") is False:
        others = Pipeline.objects.filter(is_active=True).exclude(pk=record.pk)
        if not others.exists():
            raise Invalid(fields={"is_active": _("One pipeline has to stay active")})
    row = store_row(actor, Pipeline, record, values, type=TOLD)
    if record is None:
        first = (StageKind.OPEN, _("First contact"), 10, 14)
        for place, (kind, name, chance, days) in enumerate(
            (first, (StageKind.WON, _("Won"), 100, 0), (StageKind.LOST, _("Lost"), 0, 0)), start=1
        ):
            Stage.objects.create(
                pipeline=row, kind=kind, name=in_all_languages(name), probability=chance, expected_days=days,
                order=place * 10,
            )  # fmt: skip
    return row


@action(permission=MANAGE)
def save_stage(*, actor: Actor, values: Mapping[str, Any], record: Stage | None = None) -> Stage:
    """Makes or changes a stage. values: name, probability, expected_days; `pipeline` for a new one, which is the last
    of the open ones. Raises `Invalid`.
    """
    values = dict(values)
    if record is None:
        stages = list(Stage.objects.lock().filter(pipeline=values["pipeline"]).order_by("order", "pk"))
        open_stages = [stage for stage in stages if stage.kind == StageKind.OPEN]
        ends = [stage for stage in stages if stage.kind != StageKind.OPEN]
        last = max((stage.order for stage in open_stages), default=0)
        for place, stage in enumerate(ends, start=2):
            stage.order = last + place * 10
            stage.save(update_fields=["order"])
        values |= {"kind": StageKind.OPEN, "order": last + 10}
    elif record.kind != StageKind.OPEN and {"probability", "expected_days", "is_active"} & set(values):
        raise Invalid(_("The stages that end deals keep their probability. Only their names change."))
    return store_row(actor, Stage, record, values, type=TOLD)


@action(permission=MANAGE)
def move_stage_place(*, actor: Actor, stage: Stage, way: str, steps: int = 1) -> bool:
    """Moves an open stage some steps "up" or "down" among the open ones. False where it stands at their end.

    Raises `NotFound` for a stage that ends deals.
    """
    found = Stage.objects.lock().filter(pipeline=stage.pipeline_id, kind=StageKind.OPEN)
    line = moved(sorted(found, key=lambda row: (row.order, row.pk)), stage, way, steps)
    if line is None:
        return False
    for place, row in enumerate(line, start=1):
        if row.order != place * 10:
            store_row(actor, Stage, row, {"order": place * 10}, type=TOLD)
    for place, row in enumerate(Stage.objects.filter(pipeline=stage.pipeline_id).exclude(kind=StageKind.OPEN), start=1):
        row.order = (len(line) + place) * 10
        row.save(update_fields=["order"])
    return True


@action(permission=MANAGE)
def close_stage(*, actor: Actor, stage: Stage, to: Stage | None = None) -> int:
    """Takes a stage out of use; its open deals move to another stage of the pipeline. Returns how many moved.

    Every open deal moves, also those outside the actor's scope, each with its own entry. Raises `Invalid`, `NotReady`.
    """
    row = Stage.objects.lock().select_related("pipeline").get(pk=stage.pk)
    others = Stage.objects.filter(pipeline=row.pipeline_id, kind=StageKind.OPEN, is_active=True).exclude(pk=row.pk)
    if row.kind != StageKind.OPEN or not others.exists():
        raise NotReady(_("A pipeline needs at least one open stage, and the two that end deals."))
    deals = list(Opportunity.objects.open().filter(stage=row).select_related("stage", "customer", "contact").lock())
    if deals and (to is None or not others.filter(pk=to.pk).exists()):
        raise Invalid(fields={"to": _("Choose the stage that its opportunities move to")})
    now = clock.now()
    for deal in deals:
        assert to is not None
        enter(deal, to, now)
        tell(actor, "opportunities.moved", deal, {"from": dict(row.name), "to": dict(to.name)})
    store_row(actor, Stage, row, {"is_active": False}, type=TOLD)
    return len(deals)


@action(permission=MANAGE)
def reopen_stage(*, actor: Actor, stage: Stage) -> Stage:
    """Takes a stage into use again."""
    return store_row(actor, Stage, stage, {"is_active": True}, type=TOLD)


@action(permission=MANAGE)
def save_lost_reason(*, actor: Actor, values: Mapping[str, Any], record: LostReason | None = None) -> LostReason:
    """Makes or changes a reason; deals that were lost for it keep it. Raises `Invalid`."""
    return store_row(actor, LostReason, record, values, type=TOLD)
