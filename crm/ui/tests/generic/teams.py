"""A throw-away set of pages over `accounts.Team`, declared as an app would: what the suites run against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import django_filters
from django import forms
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, Team
from crm.core import sockets
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotReady
from crm.core.sockets import Fact, Panel
from crm.testing.declarations import declared
from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, BulkAction, Column, Empty, ListPage, bulk_actions, lists
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, UpdateView

MANAGE = "console.manage_structure"


@action(permission=MANAGE)
def create_team(*, actor: Actor, values: dict[str, Any]) -> Team:
    return Team.objects.create(**values)


@action(permission=MANAGE)
def update_team(*, actor: Actor, record: Team, values: dict[str, Any]) -> Team:
    team = Team.objects.lock().get(pk=record.pk)
    for name, value in values.items():
        setattr(team, name, value)
    team.save(update_fields=list(values))
    return team


@action(permission=MANAGE)
def delete_team(*, actor: Actor, record: Team) -> None:
    record.delete()


@action(permission=MANAGE)
def switch_team(*, actor: Actor, record: Team, is_active: bool = False) -> None:
    if "locked" in str(record):
        raise NotReady("This team is locked.")
    Team.objects.filter(pk=record.pk).update(is_active=is_active)


class TeamFilters(django_filters.FilterSet):
    department = django_filters.ModelMultipleChoiceFilter(label=_("Department"), queryset=Department.objects.all())
    is_active = django_filters.BooleanFilter(label=_("Active"))
    created_at = django_filters.DateFromToRangeFilter(label=_("Created"))


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ("name", "department", "is_active")

    def clean_name(self) -> Any:
        if "taken" in str(self.cleaned_data["name"]):
            raise forms.ValidationError("This name is taken.")
        return self.cleaned_data["name"]


class SwitchForm(forms.Form):
    is_active = forms.BooleanField(label=_("Active"), required=False)


TEAMS = ListPage(
    key="team",
    model=Team,
    label=_("Teams"),
    permission=MANAGE,
    url_name="console:team_list",
    columns=[
        Column("name", _("Name"), cell=cells.link("name"), css="subj cut", on_card=True, locked=True),
        Column("department", _("Department"), cell="department.name"),
        Column(
            "created",
            _("Created"),
            cell=cells.moment("created_at"),
            sort="created_at",
            export=lambda r, v: r.created_at,
        ),
        Column("active", _("Active"), cell="is_active", sort="is_active", default=False),
        Column("secret", _("Secret"), cell="pk", sort="pk", permission="console.view_audit"),
    ],
    filterset=TeamFilters,
    quick_filters=["is_active"],
    search=lambda rows, text, actor: rows.filter(name__en__icontains=text),
    default_sort="-created",
    prepare=lambda rows, actor: rows.select_related("department"),
    date_jump="created",
    views=[
        BuiltinView("all", _("All teams")),
        BuiltinView("active", _("Active teams"), {"is_active": "true"}),
    ],
    empty=Empty(_("No teams yet"), _("A team answers requests of one kind.")),
    create_url_name="console:team_create",
    create_permission=MANAGE,
)

SWITCH = BulkAction(
    "switch", "team", _("Switch"), lambda actor, team, values: switch_team(actor=actor, record=team, **values),
    permission=MANAGE, form=SwitchForm,
)  # fmt: skip


def _broken(actor: Actor, team: Team) -> dict[str, Any]:
    raise RuntimeError("the panel's data is gone")


PANELS = [
    Panel(
        "test.members",
        "team",
        _("Members"),
        "ui/generic/partials/_options.html",
        lambda a, t: {"options": []},
    ),
    Panel("test.broken", "team", _("Broken"), "ui/generic/partials/_options.html", _broken, place="tab"),
    Panel(
        "test.secret",
        "team",
        _("Secret"),
        "ui/generic/partials/_options.html",
        lambda a, t: {},
        permission="console.view_audit",
    ),
]
FACT = Fact("test.fact", "team", _("Note"), "warning", lambda actor, team: "Needs a supervisor")


class TeamList(ListView):
    permission, page = MANAGE, "team"


class TeamDetail(DetailView):
    permission, model = MANAGE, Team
    headline = (Field("department", _("Department")),)
    fields = (Field("is_active", _("Active")),)
    verbs = (Verb(_("Edit"), "console:team_update", permission=MANAGE),)


class TeamCreate(CreateView):
    permission, model, form_class, action = MANAGE, Team, TeamForm, create_team


class TeamUpdate(UpdateView):
    permission, model, form_class, action = MANAGE, Team, TeamForm, update_team


class TeamDelete(DeleteView):
    permission, model, action = MANAGE, Team, delete_team


class TeamSwitch(ActionView):
    permission, model, action, form_class = MANAGE, Team, switch_team, SwitchForm
    done = _("%(name)s is switched.")


_console = (
    [
        path("accounts/login/", TeamList.as_view(), name="login"),
        path("teams/", TeamList.as_view(), name="team_list"),
        path("teams/new/", TeamCreate.as_view(), name="team_create"),
        path("teams/<int:pk>/", TeamDetail.as_view(), name="team_detail"),
        path("teams/<int:pk>/edit/", TeamUpdate.as_view(), name="team_update"),
        path("teams/<int:pk>/delete/", TeamDelete.as_view(), name="team_delete"),
        path("teams/<int:pk>/switch/", TeamSwitch.as_view(), name="team_switch"),
    ],
    "console",
)
urlpatterns = [
    path("", include(_console)),
    path("", include("crm.ui.urls")),
    path("files/", include("crm.files.urls")),
]
handler404 = "crm.ui.views.errors.not_found"


@contextmanager
def team_pages() -> Iterator[None]:
    """The declarations above, for the block."""
    with ExitStack() as stack:
        stack.enter_context(declared(lists, TEAMS))
        stack.enter_context(declared(bulk_actions, SWITCH))
        stack.enter_context(declared(sockets.panels, *PANELS))
        stack.enter_context(declared(sockets.facts, FACT))
        for registry in (
            sockets.nav,
            sockets.commands,
            sockets.shell_slots,
        ):  # what upper apps put into the frame
            stack.enter_context(mock.patch.object(registry, "_entries", {}))
        yield


def make_team(name: str = "Hardware", **fields: Any) -> Team:
    """A team in a department of its own."""
    if not name:
        raise Invalid("A team needs a name.")
    department = fields.pop("department", None) or Department.objects.create(name={"en": "Service"})
    return Team.objects.get(pk=Team.objects.create(name={"en": name}, department=department, **fields).pk)
