"""How a deal goes on: from stage to stage, won, lost, open again."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line

from ..choices.opportunities import StageKind
from ..exceptions.opportunities import MovedMeanwhile, OpportunityIsClosed, OpportunityIsOpen
from ..models import LostReason, Opportunity, Stage, StageSpan
from .opportunities import locked, tell


@action(permission="opportunities.update")
def move_stage(*, actor: Actor, opportunity: Opportunity, stage: Stage, was: Stage | None = None) -> Opportunity:
    """Moves a deal to an open stage, also of another pipeline. `was`: the stage its mover saw it in.

    To where it stands already changes nothing. Raises `MovedMeanwhile` when it is not in `was` any more,
    `OpportunityIsClosed`, `Invalid` for a stage that ends deals, `NotFound`.
    """
    row = locked(actor, opportunity)
    if row.stage_id == stage.pk:
        return row
    _require_open(row, was)
    if stage.kind != StageKind.OPEN:
        raise Invalid(_("Use “Won” or “Lost” to end an opportunity."))
    before = row.stage
    enter(row, stage, clock.now())
    tell(actor, "opportunities.moved", row, {"from": dict(before.name), "to": dict(stage.name)})
    return row


@action(permission="opportunities.update")
def win_opportunity(*, actor: Actor, opportunity: Opportunity, was: Stage | None = None) -> Opportunity:
    """The customer buys. Raises `OpportunityIsClosed`, `MovedMeanwhile`, `NotFound`."""
    row = locked(actor, opportunity)
    _require_open(row, was)
    now = clock.now()
    row.won_at, row.probability = now, None
    enter(row, _end_of(row, StageKind.WON), now)
    tell(actor, "opportunities.won", row, {"owner_id": row.owner_id})
    return row


@action(permission="opportunities.update")
def lose_opportunity(
    *, actor: Actor, opportunity: Opportunity, reason: LostReason, note: str = "", was: Stage | None = None
) -> Opportunity:
    """The customer does not buy, for a reason; some reasons ask for a note.

    Raises `Invalid` with `fields`, `OpportunityIsClosed`, `MovedMeanwhile`, `NotFound`.
    """
    text = clean_line(note, 400)
    if reason.needs_note and not text:
        raise Invalid(fields={"note": _("Say in a few words what happened")})
    row = locked(actor, opportunity)
    _require_open(row, was)
    now = clock.now()
    row.lost_at, row.lost_reason, row.lost_note, row.probability = now, reason, text, None
    enter(row, _end_of(row, StageKind.LOST), now)
    tell(actor, "opportunities.lost", row, {"reason": dict(reason.name), "text": text, "owner_id": row.owner_id})
    return row


@action(permission="opportunities.update")
def reopen_opportunity(*, actor: Actor, opportunity: Opportunity) -> Opportunity:
    """Back to the open stage it stood in before it ended. Raises `OpportunityIsOpen`, `NotFound`."""
    row = locked(actor, opportunity)
    if row.is_open:
        raise OpportunityIsOpen
    spans = row.spans.filter(stage__kind=StageKind.OPEN).select_related("stage").order_by("-entered_at", "-pk")
    last = spans.first()
    stage = last.stage if last else row.pipeline.stages.filter(kind=StageKind.OPEN).first()
    if stage is None:
        raise Invalid(_("This pipeline has no open stage. Set one up first."))
    row.won_at, row.lost_at, row.lost_reason, row.lost_note = None, None, None, ""
    enter(row, stage, clock.now())
    tell(actor, "opportunities.reopened", row, {"to": dict(stage.name)})
    return row


def enter(row: Opportunity, stage: Stage, now: dt.datetime) -> None:
    """Ends the stay in the present stage of a locked deal and begins the next."""
    StageSpan.objects.filter(opportunity=row, left_at__isnull=True).update(left_at=now, updated_at=now)
    StageSpan.objects.create(opportunity=row, stage=stage, entered_at=now, amount=row.amount)
    row.stage, row.pipeline_id, row.stage_entered_at, row.stale_told_at = stage, stage.pipeline_id, now, None
    row.save()


def _require_open(row: Opportunity, was: Stage | None) -> None:
    if was is not None and row.stage_id != was.pk:
        raise MovedMeanwhile
    if not row.is_open:
        raise OpportunityIsClosed


def _end_of(row: Opportunity, kind: StageKind) -> Stage:
    """The pipeline's last stage of a kind. Raises `Invalid` where nobody set one up."""
    stage: Stage | None = row.pipeline.stages.filter(kind=kind).first()
    if stage is None:
        raise Invalid(_("This pipeline has no stage for won and lost opportunities. Set them up first."))
    return stage
