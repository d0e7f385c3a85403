"""Deciding, handing over, and setting up flows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Role, User
from crm.conditions.forms import ConditionFormField
from crm.core.actor import Actor

from .choices import Rule, Who
from .models import ApprovalFlow

#: How many steps the form offers; a longer line of approvers is no help to anybody.
STEPS = 4


class ApproveForm(forms.Form):
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RejectForm(forms.Form):
    comment = forms.CharField(
        label=_("What has to change"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, so that the colleague knows what to change.")},
    )  # fmt: skip


class DelegateForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Who decides instead"), queryset=User.objects.none())
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.active()  # type: ignore[attr-defined]


class FlowForm(forms.ModelForm):
    """A flow with up to `STEPS` steps; an empty step is left out."""

    class Meta:
        model = ApprovalFlow
        fields = ("name", "condition", "fallback", "order", "is_active")
        help_texts = {
            "fallback": _("Decides a step that has nobody, or only whoever asked. Empty: whoever may set up flows."),
            "order": _("The first flow whose condition holds is the one that counts."),
        }

    def __init__(self, *args: Any, actor: Actor, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        condition = ConditionFormField(on=kind, label=pgettext_lazy("condition", "When"), required=False)
        condition.author = actor
        self.fields["condition"] = condition
        self.fields["fallback"].queryset = User.objects.active()  # type: ignore[attr-defined]
        present = list(self.instance.steps.all()) if self.instance.pk else []
        for place in range(STEPS):
            step = present[place] if place < len(present) else None
            self._add_step(place, step)

    def _add_step(self, place: int, step: Any) -> None:
        number = {"number": place + 1}
        self.fields[f"who_{place}"] = forms.ChoiceField(
            label=_("Step %(number)s: who decides") % number, required=place == 0,
            choices=[("", "---------"), *Who.choices], initial=step.who if step else "",
        )  # fmt: skip
        self.fields[f"user_{place}"] = forms.ModelChoiceField(
            label=_("Step %(number)s: person") % number, required=False, queryset=User.objects.active(),
            initial=step.user_id if step else None,
        )  # fmt: skip
        self.fields[f"role_{place}"] = forms.ModelChoiceField(
            label=_("Step %(number)s: role") % number, required=False, queryset=Role.objects.all(),
            initial=step.role_id if step else None,
        )  # fmt: skip
        self.fields[f"rule_{place}"] = forms.ChoiceField(
            label=_("Step %(number)s: how many") % number, choices=Rule.choices,
            initial=step.rule if step else Rule.ANY, required=False,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for place in range(STEPS):
            who = values.get(f"who_{place}")
            if who in (Who.USER, Who.ROLE) and not values.get(f"{who}_{place}"):
                self.add_error(f"{who}_{place}", _("Choose one"))
        return values

    def steps(self) -> list[dict[str, Any]]:
        """The filled steps, in order."""
        names = ("who", "user", "role", "rule")
        rows = [{name: self.cleaned_data.get(f"{name}_{place}") for name in names} for place in range(STEPS)]
        return [{**row, "rule": row["rule"] or Rule.ANY} for row in rows if row["who"]]

    def values(self) -> dict[str, Any]:
        """What the flow itself stores."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
