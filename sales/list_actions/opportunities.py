"""What can be done with many opportunities at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.lists import BulkAction

from ..actions import hand_over, lose_opportunity, move_stage, update_opportunity
from ..choices.opportunities import StageKind
from ..forms.opportunities import HandOverForm, LoseForm, StageChoice
from ..models import Opportunity, Pipeline, Stage


class BulkStageForm(forms.Form):
    stage = StageChoice(label=_("Stage"), queryset=Stage.objects.none())

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Stage.objects.filter(kind=StageKind.OPEN, is_active=True, pipeline__is_active=True)
        field = self.fields["stage"]
        field.queryset = rows.select_related("pipeline").order_by("pipeline__order", "pipeline_id", "order")  # type: ignore[attr-defined]
        field.several = Pipeline.objects.filter(is_active=True).count() > 1  # type: ignore[attr-defined]


class BulkCloseForm(forms.Form):
    expected_close = forms.DateField(
        label=_("Expected close date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class BulkLoseForm(LoseForm):
    was = None


def _assign(actor: Actor, deal: Opportunity, values: dict[str, Any]) -> None:
    hand_over(actor=actor, opportunity=deal, to=values["to"])


def _move(actor: Actor, deal: Opportunity, values: dict[str, Any]) -> None:
    move_stage(actor=actor, opportunity=deal, stage=values["stage"])


def _close(actor: Actor, deal: Opportunity, values: dict[str, Any]) -> None:
    update_opportunity(actor=actor, opportunity=deal, values=values)


def _lose(actor: Actor, deal: Opportunity, values: dict[str, Any]) -> None:
    lose_opportunity(actor=actor, opportunity=deal, reason=values["reason"], note=values["note"])


_UPDATE = "opportunities.update"

DEAL_BULK = [
    BulkAction("assign", "opportunity", _("Hand over"), _assign, "transfer", _UPDATE, HandOverForm, order=10),
    BulkAction("move", "opportunity", _("Move to a stage"), _move, "board", _UPDATE, BulkStageForm, order=20),
    BulkAction(
        "close_on", "opportunity", _("Set the close date"), _close, "calendar", _UPDATE, BulkCloseForm, order=30
    ),
    BulkAction("lose", "opportunity", _("Lost"), _lose, "reject", _UPDATE, BulkLoseForm, danger=True, order=40),
]
