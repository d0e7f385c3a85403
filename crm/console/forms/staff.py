"""Forms about users, teams and departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, Role, Team, User
from crm.core.actor import Actor
from crm.core.text import clean_line
from crm.ui.forms import zone_choices


class UserForm(forms.ModelForm):
    """Who a person is, where they belong and what they may do."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    roles = forms.ModelMultipleChoiceField(
        label=_("Roles"),
        queryset=Role.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rights add up over all roles."),
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=Team.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ("name", "email", "phone", "job_title", "department", "language", "timezone", "roles")

    field_order = ("name", "email", "phone", "job_title", "department", "teams", "roles", "language", "timezone")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = Role.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["teams"].queryset = Team.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.visible_to(actor)  # type: ignore[attr-defined]
        if self.instance.pk and "teams" not in self.initial:
            self.initial["teams"] = list(self.instance.teams.all())

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 200)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class DepartmentForm(forms.ModelForm):
    """A node of the tree."""

    class Meta:
        model = Department
        fields = ("name", "parent", "head")
        help_texts = {
            "parent": _("Empty for the top of the company. Moving a department moves all below it."),
            "head": _("Approves what members of the department ask for, where a flow says so."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["head"].queryset = User.objects.active()  # type: ignore[attr-defined]
        parents = Department.objects.visible_to(actor)
        if self.instance.pk:
            parents = parents.exclude(path__startswith=self.instance.path)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]


class TeamForm(forms.ModelForm):
    """A team, who is in it and who is told when something waits."""

    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    supervisors = forms.ModelMultipleChoiceField(
        label=_("Supervisors"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Told of waiting and overdue tickets. A supervisor is a member too."),
    )

    class Meta:
        model = Team
        fields = ("name", "department", "is_active", "moves_at_shift_end")
        help_texts = {"is_active": _("An inactive team gets no new tickets.")}

    field_order = ("name", "department", "members", "supervisors", "moves_at_shift_end", "is_active")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.visible_to(actor)  # type: ignore[attr-defined]
        people = User.objects.visible_to(actor).active()
        if self.instance.pk:
            people = people | User.objects.visible_to(actor).filter(memberships__team=self.instance)
            rows = list(self.instance.memberships.values_list("user_id", "is_supervisor"))
            self.initial.setdefault("members", [pk for pk, _flag in rows])
            self.initial.setdefault("supervisors", [pk for pk, flag in rows if flag])
        for name in ("members", "supervisors"):
            self.fields[name].queryset = people.distinct()  # type: ignore[attr-defined]
