"""What an administrator fills in about pools, scores and assignment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.conditions.forms import ConditionFormField
from crm.core.actor import Actor

from ..models import LeadRule, LeadSettings, Pool, ScoreRule


class PoolForm(forms.ModelForm):
    class Meta:
        model = Pool
        fields = (
            "name", "holds", "covers_owned", "users", "teams", "daily_limit", "capacity", "qualified_free",
            "wait_days", "protect_days", "idle_days", "convert_days", "warn_days", "order", "is_active",
        )  # fmt: skip
        widgets = {"teams": forms.CheckboxSelectMultiple, "users": forms.CheckboxSelectMultiple}
        help_texts = {
            "daily_limit": _("Empty: as many as they like"),
            "holds": _("It stays so once something lies in it"),
            "covers_owned": _("For customers: what its people own goes back to it too, by the same rules, from now on"),
            "capacity": _("How many of this pool a person holds at one time. Empty: no limit"),
            "protect_days": _("Nothing goes back within so many days after it was taken"),
            "idle_days": _("A talk counts; for customers also an order or opportunity. Empty: never for this reason"),
            "convert_days": _("For customers: without an order or an opportunity. Empty: never for this reason"),
            "warn_days": _("The owner is told so many days before. 0: never"),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["users"].queryset = User.objects.active()  # type: ignore[attr-defined]
        self.fields["teams"].queryset = Team.objects.active()  # type: ignore[attr-defined]


class _WithCondition(forms.ModelForm):
    """A rule over leads; the author's fields are offered."""

    condition = ConditionFormField(on="lead", label=_("For which leads"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["condition"].author = actor  # type: ignore[attr-defined]


class LeadRuleForm(_WithCondition):
    class Meta:
        model = LeadRule
        fields = ("name", "condition", "route", "pool", "user", "team", "order", "is_active")
        help_texts = {"pool": _("Also where the lead goes back to, when a person or a team gets it")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = Pool.objects.for_leads()  # type: ignore[attr-defined]
        self.fields["user"].queryset = User.objects.active()  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.active()  # type: ignore[attr-defined]


class ScoreRuleForm(_WithCondition):
    class Meta:
        model = ScoreRule
        fields = ("name", "group", "condition", "event", "points", "order", "is_active")
        help_texts = {
            "group": _("Fit asks the condition; engagement counts events, whose points fade"),
            "event": _("For engagement only"),
        }


class LeadSettingsForm(forms.ModelForm):
    class Meta:
        model = LeadSettings
        fields = (
            "fit_cap", "engagement_cap", "fade_percent", "hot_from", "is_form_open", "consent_text",
            "min_form_seconds", "limit_per_address_hour", "limit_per_network_hour",
        )  # fmt: skip
