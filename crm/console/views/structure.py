"""Departments and teams."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, Team
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import CreateView, DetailView, ListView, StaffView, UpdateView

from ..actions import structure
from ..forms.staff import DepartmentForm, TeamForm
from .intro import intro

VIEW, MANAGE = "console.view_settings", "console.manage_structure"


class _WithActor:
    actor: Any

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class TeamListView(ListView):
    permission = VIEW
    page = "team"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("teams")


class TeamDetailView(DetailView):
    permission = ""
    model = Team
    relations = ("department",)
    headline = (
        Field("department", _("Department")),
        Field("is_active", _("Active"), cells.yes_no("is_active")),
    )
    verbs = (Verb(_("Edit"), "console:team_update", "edit", MANAGE, primary=True),)


class TeamCreateView(_WithActor, CreateView):
    permission = MANAGE
    model = Team
    form_class = TeamForm
    action = structure.create_team
    title = _("New team")
    template_name = "console/people_form.html"


class TeamUpdateView(_WithActor, UpdateView):
    permission = MANAGE
    model = Team
    form_class = TeamForm
    action = structure.update_team
    template_name = "console/people_form.html"


class DepartmentTreeView(StaffView):
    """GET /settings/departments/: the whole tree; companies have dozens, not thousands."""

    permission = VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Department.objects.visible_to(self.actor).annotate(
            people=Count("users", filter=Q(users__is_active=True), distinct=True),
            team_count=Count("teams", distinct=True),
        )
        nodes = [(row, row.path.count("/") - 2) for row in rows]
        return render(request, "console/departments.html", {"nodes": nodes, **intro("departments")})


def _people(row: Department, viewer: Any) -> Any:
    """How many work in it, leading to them."""
    address = f"{reverse('console:user_list')}?department={row.pk}"
    return format_html('<a href="{}">{}</a>', address, row.users.active().count())


class _DepartmentPage:
    """Departments have a tree, not a list; the trail leads there."""

    list_url = reverse_lazy("console:department_list")
    list_label = _("Departments")


class DepartmentDetailView(_DepartmentPage, DetailView):
    permission = ""
    model = Department
    relations = ("parent", "head")
    headline = (
        Field("parent", _("Part of")),
        Field("head", _("Head"), "head.name"),
        Field("users", _("Users"), _people),
        Field("teams", _("Teams"), lambda row, viewer: ", ".join(map(str, row.teams.all())) or "--"),
    )
    verbs = (Verb(_("Edit"), "console:department_update", "edit", MANAGE, primary=True),)


class DepartmentCreateView(_DepartmentPage, _WithActor, CreateView):
    permission = MANAGE
    model = Department
    form_class = DepartmentForm
    action = structure.create_department
    title = _("New department")


class DepartmentUpdateView(_DepartmentPage, _WithActor, UpdateView):
    permission = MANAGE
    model = Department
    form_class = DepartmentForm
    action = structure.update_department
