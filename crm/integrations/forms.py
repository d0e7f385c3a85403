"""Forms of tokens, applications and webhooks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, Role, Team, User
from crm.conditions.forms import ConditionFormField
from crm.conditions.registry import CATALOGUE
from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import activity_types, kinds, permissions

from .models import Webhook
from .rest.registry import resources

LIFETIMES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("", _("No end"))]


class GroupedBoxes(forms.CheckboxSelectMultiple):
    """Boxes under headings that open, those with a chosen box at once."""

    template_name = "integrations/widgets/grouped.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["groups"] = [
            (group, options, sum(bool(option["selected"]) for option in options))
            for group, options, _place in context["widget"]["optgroups"]
        ]
        return context


class TokenForm(forms.Form):
    """A new token. may: nothing chosen lets it do all that its user may."""

    name = forms.CharField(label=_("What it is for"), max_length=80, help_text=_("Such as “Shop” or “Nightly export”."))
    user = forms.ModelChoiceField(
        label=_("Acts for"), queryset=User.objects.none(), required=False, empty_label=_("Me"),
        help_text=_("An application has a role of its own and goes on when people leave."),
    )  # fmt: skip
    days = forms.ChoiceField(label=_("Valid for"), choices=LIFETIMES, initial="90", required=False)
    may = forms.MultipleChoiceField(
        label=_("Narrow it to"), required=False, widget=GroupedBoxes,
        help_text=_("Choose what it needs and no more. Nothing chosen: all that its user may."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor = actor
        held = actor.effective.grants.permissions
        self.fields["may"].choices = [  # type: ignore[attr-defined]
            (str(module.label), [
                (f"{module.key}.{entry.action}", entry.label)
                for entry in module.permissions if f"{module.key}.{entry.action}" in held
            ])
            for module in permissions.in_use()
        ]  # fmt: skip
        if actor.can("integrations.manage"):
            self.fields["user"].queryset = User.objects.filter(is_service=True, is_active=True)  # type: ignore[attr-defined]
        else:
            del self.fields["user"]

    def values(self) -> dict[str, Any]:
        """What `make_token` takes."""
        data = self.cleaned_data
        days = data.get("days")
        return {
            "name": data["name"],
            "user": data.get("user"),
            "permissions": data["may"] or None,
            "expires_at": clock.now() + dt.timedelta(days=int(days)) if days else None,
        }


class ApplicationForm(forms.Form):
    """A service account."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Its deeds stand under this name."))
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none())
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), required=False,
        help_text=_("Where the role's data scope is narrower than everything."),
    )  # fmt: skip
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Role.objects.all()  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.visible_to(actor)  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.visible_to(actor)  # type: ignore[attr-defined]


class WebhookForm(forms.ModelForm):
    """Where to, of what, and only when. on: the kind of record whose condition is edited."""

    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    types = forms.MultipleChoiceField(label=_("Events"), widget=GroupedBoxes)

    class Meta:
        model = Webhook
        fields = ("name", "url", "is_active", "types")
        help_texts = {"name": _("The system that is told.")}

    def __init__(self, *args: Any, actor: Actor, on: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["types"].choices = event_choices(actor)  # type: ignore[attr-defined]
        if on:
            label = _("Only when (events about: %(kind)s)") % {"kind": kinds[on].label_plural}
            condition = ConditionFormField(on=on, label=label, required=False)
            condition.author = actor
            self.fields["condition"] = condition
            if self.instance.pk and self.instance.condition_on == on:
                self.initial["condition"] = self.instance.condition

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        data = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if self.on:
            condition = self.cleaned_data.get("condition") or {}
            data |= {"condition": condition, "condition_on": self.on if condition else ""}
        return data


def event_choices(actor: Actor) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The events that the actor may read, by the part of the product they belong to."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for entry in activity_types.in_use():
        if not entry.permission or actor.can(entry.permission):
            found.setdefault(entry.key.partition(".")[0], []).append((entry.key, entry.label))
    return [(group_label(group), rows) for group, rows in found.items()]


def group_label(group: str) -> str:
    """The name of a part of the product."""
    module = permissions.get(group)
    return str(module.label) if module is not None else group.replace("_", " ").capitalize()


def condition_kinds() -> list[tuple[str, Any]]:
    """The kinds of records that a webhook can be narrowed to: those of the API that conditions can be written about."""
    asked = {field.on for field in CATALOGUE.all_fields()}
    return [(entry.kind, kinds[entry.kind].label_plural) for entry in resources if entry.kind in asked]
