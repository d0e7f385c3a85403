"""What an administrator fills in about the service desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.conditions.forms import ConditionFormField
from crm.core.actor import Actor

from ..canned import PLACEHOLDERS
from ..choices import AfterSending, Audience, Level, Priority, StatusCategory
from ..models import AgentProfile, CannedReply, Macro, RequestType, ServiceSettings, Skill, SlaPolicy, Status


class RequestTypeForm(forms.ModelForm):
    audiences = forms.MultipleChoiceField(
        label=_("Who may ask"),
        choices=Audience.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Recognised customers open the form from the page of an earlier ticket. With nobody chosen, only staff "
            "open such tickets for others."
        ),
    )

    class Meta:
        model = RequestType
        fields = (
            "name", "description", "key", "kind", "team", "skill", "audiences", "impact", "urgency",
            "first_response_minutes", "resolution_minutes", "order", "is_active",
        )  # fmt: skip
        labels = {"key": _("Identifier")}
        help_texts = {
            "key": _("A short word for links and reports, such as software-fault"),
            "first_response_minutes": _("Business time; comes before the SLA policy. Empty: the policy decides"),
            "resolution_minutes": _("Business time; comes before the SLA policy. Empty: the policy decides"),
        }


class StatusForm(forms.ModelForm):
    class Meta:
        model = Status
        fields = (
            "name", "customer_name", "key", "category", "pauses_first_response", "pauses_resolution", "next_statuses",
            "is_default", "is_active", "order",
        )  # fmt: skip
        labels = {"key": _("Identifier")}
        help_texts = {"key": _("A short word for links, imports and reports")}
        widgets = {"next_statuses": forms.CheckboxSelectMultiple}


class SkillForm(forms.ModelForm):
    class Meta:
        model = Skill
        fields = ("name", "key")
        labels = {"key": _("Identifier")}
        help_texts = {"key": _("A short word for links, imports and reports")}


class AgentProfileForm(forms.ModelForm):
    class Meta:
        model = AgentProfile
        fields = ("user", "capacity", "seniority", "skills", "takes_tickets")
        labels = {"user": _("User")}
        widgets = {"skills": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["user"]
        else:
            self.fields["user"].queryset = User.objects.active().filter(agent_profile__isnull=True)  # type: ignore[attr-defined]


class SlaPolicyForm(forms.ModelForm):
    """Times are minutes of business time; an empty field promises nothing."""

    condition = ConditionFormField(on="ticket", label=_("For which tickets"), required=False)

    class Meta:
        model = SlaPolicy
        fields = ("name", "condition", "calendar", "warn_percent", "is_active", "order")

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["condition"].author = actor  # type: ignore[attr-defined]
        for priority in reversed(Priority):
            for measure, label in (("first_response", _("first response")), ("resolution", _("resolution"))):
                name = f"{measure}_{priority.value}"
                self.fields[name] = forms.IntegerField(
                    label=_("%(priority)s: %(measure)s (minutes)") % {"priority": priority.label, "measure": label},
                    min_value=1,
                    max_value=525_600,
                    required=False,
                    initial=self.instance.target_minutes(priority, measure) if self.instance.pk else None,
                    widget=forms.NumberInput(attrs={"class": "form-control"}),
                    error_messages={"min_value": _("Enter at least 1 minute, or leave the field empty")},
                )

    @property
    def promised_to(self) -> list[Any]:
        """The fields that say for which tickets, and in whose hours."""
        return [self[name] for name in ("name", "condition", "calendar")]

    @property
    def times(self) -> list[tuple[Any, list[Any]]]:
        """The rows of the table of times, most urgent first: the priority, its fields."""
        return [
            (row.label, [self[f"first_response_{row.value}"], self[f"resolution_{row.value}"]])
            for row in reversed(Priority)
        ]

    @property
    def handling(self) -> list[Any]:
        """The other fields: when to warn, whether and where it stands among the policies."""
        return [self[name] for name in ("warn_percent", "is_active", "order")]

    def targets(self) -> dict[str, dict[str, int]]:
        """The filled times in the shape the policy stores."""
        found: dict[str, dict[str, int]] = {}
        for priority in Priority:
            for measure in ("first_response", "resolution"):
                minutes = self.cleaned_data.get(f"{measure}_{priority.value}")
                if minutes:
                    found.setdefault(str(priority.value), {})[measure] = minutes
        return found


class MatrixForm(forms.Form):
    """One field a cell, named cell_<impact>_<urgency>."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for impact in reversed(Level):
            for urgency in reversed(Level):
                self.fields[f"cell_{impact.value}_{urgency.value}"] = forms.TypedChoiceField(
                    label=_("Impact %(impact)s, urgency %(urgency)s")
                    % {"impact": impact.label, "urgency": urgency.label},
                    choices=Priority.choices,
                    coerce=int,
                    widget=forms.Select(attrs={"class": "form-select"}),
                )

    @property
    def urgencies(self) -> list[Level]:
        """The columns of the table, most urgent first."""
        return list(reversed(Level))

    @property
    def rows(self) -> list[tuple[Level, list[Any]]]:
        """The rows of the table, widest impact first, each with its fields."""
        return [(i, [self[f"cell_{i.value}_{u.value}"] for u in self.urgencies]) for i in reversed(Level)]

    def cells(self) -> dict[tuple[int, int], int]:
        """(impact, urgency) → priority."""
        return {
            (impact, urgency): self.cleaned_data[f"cell_{impact}_{urgency}"]
            for impact in Level.values
            for urgency in Level.values
        }


class ServiceSettingsForm(forms.ModelForm):
    raise_when = ConditionFormField(on="ticket", label=_("Raise the priority by one step when"), required=False)
    senior_when = ConditionFormField(on="ticket", label=_("Senior colleagues first when"), required=False)

    class Meta:
        model = ServiceSettings
        fields = (
            "close_after_hours", "limit_per_address_hour", "limit_per_network_hour", "limit_per_brand_minute",
            "min_form_seconds", "consent_text", "raise_when", "senior_when",
        )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("raise_when", "senior_when"):
            self.fields[name].author = actor  # type: ignore[attr-defined]


class AudienceForm(forms.ModelForm):
    """Adds "For whom" for those who may share; everybody else makes their own."""

    audience = forms.ChoiceField(label=_("For whom"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not actor.can("tickets.manage"):
            del self.fields["audience"]
            return
        teams = [(f"team-{team.pk}", str(team.name)) for team in Team.objects.active()]
        self.fields["audience"].choices = [("me", _("Only me")), ("all", _("Everybody")), *teams]  # type: ignore[attr-defined]
        self.initial.setdefault("audience", self.instance.audience if self.instance.pk else "all")


class CannedReplyForm(AudienceForm):
    class Meta:
        model = CannedReply
        fields = ("name", "shortcut", "body", "request_types", "order", "is_active")
        widgets = {"request_types": forms.CheckboxSelectMultiple}
        help_texts = {"shortcut": _("Type / and this word to find it at once")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = ", ".join(f"{{{{{name}}}}}" for name in PLACEHOLDERS)
        self.fields["body"].help_text = _("Filled for each ticket: %(names)s") % {"names": names}


class MacroForm(AudienceForm):
    """Each step that is filled runs, in the order of the fields."""

    class Meta:
        model = Macro
        fields = ("name", "takes", "priority", "note", "reply", "status", "hand_to", "order", "is_active")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, actor=actor, **kwargs)
        texts = CannedReply.objects.visible_to(actor).filter(is_active=True)
        offered = {
            "note": texts,
            "reply": texts,
            "status": Status.objects.filter(is_active=True).exclude(category=StatusCategory.RESOLVED),
            "hand_to": Team.objects.active(),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            self.fields[name].empty_label = _("Leave this step out")  # type: ignore[attr-defined]


class OwnPreferencesForm(forms.Form):
    """What an agent chooses for themselves."""

    after_sending = forms.ChoiceField(
        label=_("After sending a reply"),
        choices=AfterSending.choices,
        help_text=_("For tickets opened from a list. The composer remembers what you chose last."),
    )
    undo_seconds = forms.IntegerField(
        label=_("Seconds to take a sent reply back"),
        min_value=0,
        max_value=30,
        help_text=_("0 to 30. With 0 a reply goes out at once and cannot be taken back."),
    )
