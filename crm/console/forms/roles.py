"""A role as a matrix: modules down, actions and a data scope across."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.core.actor import Scope
from crm.core.sockets import Module, permissions
from crm.core.translated import TranslatedFormField

SCOPE_LABELS = {
    Scope.NONE: _("Nothing"),
    Scope.OWN: _("Own"),
    Scope.TEAM: _("Own teams"),
    Scope.DEPARTMENT: _("Department and below"),
    Scope.ALL: _("Everything"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One module of the matrix, as the template draws it."""

    module: Module
    actions: Any
    scope: Any


class RoleForm(forms.Form):
    """Name, description, and for each module its rights (`may_<module>`) and scope (`scope_<module>`)."""

    name = TranslatedFormField(label=_("Name"), max_length=80)
    description = TranslatedFormField(label=_("Description"), max_length=200, required=False)

    requires_two_step = forms.BooleanField(
        label=_("Requires two-step verification"),
        required=False,
        help_text=_("Whoever has this role sets up an authenticator app at the next sign-in."),
    )

    def __init__(self, *args: Any, role: Role | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role = role
        if role is not None:
            self.initial = {
                "name": role.name,
                "description": role.description,
                "requires_two_step": role.requires_two_step,
                **self.initial,
            }
        if role is None or not role.is_administrator:
            for module in permissions.in_use():
                self._add(module)

    def _add(self, module: Module) -> None:
        held = set(self.role.permissions) if self.role else set()
        names = [(f"{module.key}.{entry.action}", entry.label) for entry in module.permissions]
        self.fields[f"may_{module.key}"] = forms.MultipleChoiceField(
            label=module.label, choices=names, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.initial.setdefault(f"may_{module.key}", [name for name, _label in names if name in held])
        if module.scoped:
            self.fields[f"scope_{module.key}"] = forms.TypedChoiceField(
                label=_("Data scope"),
                choices=[(scope.value, label) for scope, label in SCOPE_LABELS.items()],
                coerce=int,
                required=False,
                empty_value=0,
            )
            self.initial.setdefault(f"scope_{module.key}", self.role.scope_for(module.key).value if self.role else 0)

    def rows(self) -> Iterator[Row]:
        """The matrix."""
        for module in permissions.in_use():
            if f"may_{module.key}" in self.fields:
                yield Row(module, self[f"may_{module.key}"], self[f"scope_{module.key}"] if module.scoped else None)


def role_values(values: dict[str, Any], role: Role | None) -> dict[str, Any]:
    """What `create_role` and `update_role` take, from the fields that were given."""
    names = set(role.permissions) if role else set()
    scopes = dict(role.scopes) if role else {}
    touched = False
    for module in permissions:
        if (given := values.get(f"may_{module.key}")) is not None:
            touched = True
            names = {name for name in names if not name.startswith(f"{module.key}.")} | set(given)
        if (scope := values.get(f"scope_{module.key}")) is not None:
            touched = True
            scopes[module.key] = scope
    found = {name: values[name] for name in ("name", "description", "requires_two_step") if name in values}
    return {**found, "permissions": sorted(names), "scopes": scopes} if touched else found
