"""Pipelines, their stages, and lost reasons under /settings/."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.ui.ordering import asked, movers
from crm.ui.rules import FORM
from crm.ui.views.generic import ActionView, CreateView, UpdateView
from crm.ui.views.generic.base import RecordView

from ..actions import pipelines as actions
from ..choices.opportunities import StageKind
from ..forms import pipelines as forms
from ..models import LostReason, Pipeline, Stage
from .lead_desk import DeskList, SettingsRow

MANAGE = actions.MANAGE


class PipelineList(DeskList):
    permission = MANAGE
    page = "pipeline"
    settings_key = "pipelines"


class _Pipeline(SettingsRow):
    permission = MANAGE
    model, form_class, action = Pipeline, forms.PipelineForm, actions.save_pipeline
    back = "salesdesk:pipeline_list"

    def url_of(self, record: Any) -> str:
        return reverse("salesdesk:stage_list", args=[record.pk]) if record is not None else reverse(self.back)


class PipelineCreate(_Pipeline, CreateView):
    pass


class PipelineUpdate(_Pipeline, UpdateView):
    pass


class StageList(RecordView):
    """GET /settings/pipelines/<pk>/: the stages in their order."""

    permission = MANAGE
    model = Pipeline

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pipeline = self.record()
        is_open = Q(opportunities__won_at__isnull=True, opportunities__lost_at__isnull=True)
        live = Q(opportunities__deleted_at__isnull=True)
        rows = pipeline.stages.annotate(deals=Count("opportunities", filter=is_open & live))
        stages = list(rows.order_by("order", "pk"))
        open_stages = [
            (stage, movers(reverse("salesdesk:stage_move", args=[stage.pk]), stage, FORM))
            for stage in stages if stage.kind == StageKind.OPEN
        ]  # fmt: skip
        values = {
            "pipeline": pipeline, "open_stages": open_stages, "view": self,
            "ends": [stage for stage in stages if stage.kind != StageKind.OPEN],
            "list_url": reverse("sales:opportunity_list"),
        }  # fmt: skip
        return render(request, "sales/stages.html", values)


class _Stage:
    """Back to the stages of the pipeline."""

    permission = MANAGE
    model, form_class, action = Stage, forms.StageForm, actions.save_stage
    template_name = "sales/desk_form.html"

    def url_of(self, record: Any) -> str:
        return reverse("salesdesk:stage_list", args=[record.pipeline_id])

    def extra(self) -> dict[str, Any]:
        pipeline = self.pipeline_shown()
        url = reverse("salesdesk:stage_list", args=[pipeline.pk])
        return {"list_url": url, "list_label": pipeline}

    def pipeline_shown(self) -> Pipeline:
        return self.object.pipeline  # type: ignore[attr-defined,no-any-return]


class StageCreate(_Stage, CreateView):
    """POST /settings/pipelines/<pipeline>/stages/new/."""

    def pipeline_shown(self) -> Pipeline:
        rows = Pipeline.objects.visible_to(self.actor)
        return rows.fetch(self.actor, pk=self.kwargs["pipeline"])  # type: ignore[no-any-return]

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.save_stage(actor=self.actor, values={**values, "pipeline": self.pipeline_shown()})

    @property
    def back_url(self) -> str:
        return reverse("salesdesk:stage_list", args=[self.kwargs["pipeline"]])


class StageUpdate(_Stage, UpdateView):
    relations = ("pipeline",)


class StageMove(RecordView):
    """POST /settings/stages/<pk>/move/?way=up or down&steps=1."""

    permission = MANAGE
    model = Stage
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        stage, (way, steps) = self.record(), asked(request)
        actions.move_stage_place(actor=self.actor, stage=stage, way=way, steps=steps)
        return redirect("salesdesk:stage_list", stage.pipeline_id)


class StageClose(ActionView):
    """Takes a stage out of use and asks where its deals go."""

    permission = MANAGE
    model, relations = Stage, ("pipeline",)
    action, form_class = actions.close_stage, forms.CloseStageForm
    title, button, danger = _("Take “%(name)s” out of use?"), _("Take out of use"), True
    text = _("Its history stays. Open opportunities that stand in it move to another stage.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"stage": self.object}

    def perform(self, values: dict[str, Any]) -> Any:
        count = actions.close_stage(actor=self.actor, stage=self.object, to=values["to"])
        said = ngettext("%(count)s opportunity was moved.", "%(count)s opportunities were moved.", count)
        messages.success(self.request, said % {"count": count})

    def answer(self) -> HttpResponse:
        return redirect(self.url_of(self.object))

    def url_of(self, record: Any) -> str:
        return reverse("salesdesk:stage_list", args=[record.pipeline_id])


class StageReopen(StageClose):
    action, form_class, danger = actions.reopen_stage, None, False
    title, text, button = _("Take “%(name)s” into use again?"), "", _("Use again")

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.reopen_stage(actor=self.actor, stage=self.object)


class LostReasonList(DeskList):
    permission = MANAGE
    page = "lost_reason"
    settings_key = "lost_reasons"


class _LostReason(SettingsRow):
    permission = MANAGE
    model, form_class, action = LostReason, forms.LostReasonForm, actions.save_lost_reason
    back = "salesdesk:lost_reason_list"


class LostReasonCreate(_LostReason, CreateView):
    pass


class LostReasonUpdate(_LostReason, UpdateView):
    pass
