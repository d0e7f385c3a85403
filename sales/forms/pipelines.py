"""What an administrator fills in about pipelines, stages and lost reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..choices.opportunities import StageKind
from ..models import LostReason, Pipeline, Stage


class PipelineForm(forms.ModelForm):
    class Meta:
        model = Pipeline
        fields = ("name", "order", "is_active")


class StageForm(forms.ModelForm):
    class Meta:
        model = Stage
        fields = ("name", "probability", "expected_days")
        help_texts = {"probability": _("Of winning a deal that stands here; the forecast weighs by it.")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.kind != StageKind.OPEN:
            del self.fields["probability"], self.fields["expected_days"]


class CloseStageForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Its open opportunities move to"), queryset=Stage.objects.none(), required=False, empty_label="--"
    )

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Stage.objects.filter(pipeline=stage.pipeline_id, kind=StageKind.OPEN, is_active=True)
        self.fields["to"].queryset = rows.exclude(pk=stage.pk)  # type: ignore[attr-defined]


class LostReasonForm(forms.ModelForm):
    class Meta:
        model = LostReason
        fields = ("name", "needs_note", "order", "is_active")
