"""Roles: list, page with the matrix to read, and the matrix to edit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.core.sockets import permissions
from crm.core.text import listed
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import CreateView, DetailView, ListView, UpdateView

from ..actions import roles
from ..forms.roles import SCOPE_LABELS, RoleForm, role_values
from .intro import intro

VIEW, MANAGE = "console.manage_staff", "console.manage_roles"


class RoleListView(ListView):
    permission = VIEW
    page = "role"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("roles")


class RoleDetailView(DetailView):
    permission = VIEW
    model = Role
    template_name = "console/role.html"
    headline = (
        Field("description", _("Description")),
        Field("is_administrator", _("Opens everything"), cells.yes_no("is_administrator")),
        Field("requires_two_step", _("Requires two-step verification"), cells.yes_no("requires_two_step")),
    )
    verbs = (Verb(_("Edit"), "console:role_update", "edit", MANAGE, primary=True),)

    def extra(self) -> dict[str, Any]:
        held = permissions.names if self.object.is_administrator else set(self.object.permissions)
        matrix = [
            (
                module.label,
                listed(entry.label for entry in module.permissions if f"{module.key}.{entry.action}" in held),
                SCOPE_LABELS[self.object.scope_for(module.key)]
                if module.scoped and not self.object.is_administrator
                else "",
            )
            for module in permissions
        ]
        return {"matrix": matrix}


class RoleCreateView(CreateView):
    permission = MANAGE
    model = Role
    form_class = RoleForm
    action = roles.create_role
    title = _("New role")
    template_name = "console/role_form.html"

    def perform(self, values: dict[str, Any]) -> Any:
        return roles.create_role(actor=self.actor, values=role_values(values, None))


class RoleUpdateView(UpdateView):
    permission = MANAGE
    model = Role
    form_class = RoleForm
    action = roles.update_role
    template_name = "console/role_form.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"role": self.object}

    def perform(self, values: dict[str, Any]) -> Any:
        return roles.update_role(actor=self.actor, record=self.object, values=role_values(values, self.object))
