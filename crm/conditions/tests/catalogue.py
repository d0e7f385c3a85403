"""Fields over people, declared for the tests alone."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import NullIf, TruncDate

from crm.accounts.models import Department, Role, Team, TeamMembership, User
from crm.conditions.registry import Catalogue, Field, Relation
from crm.core.sockets import permissions

#: Any declared permission will do.
HIDDEN = min(permissions.names)


def availability(_actor):
    return [("available", "Available"), ("away", "Away")]


def roles(_actor):
    return [(role.pk, str(role)) for role in Role.objects.all()]


def departments(_actor):
    return list(Department.objects.values_list("pk", "path"))


def first_team(user):
    return user.memberships.order_by("team_id").values_list("team_id", flat=True).first()


CATALOGUE = Catalogue.of(
    Field("user.name", "user", "Name", "text", "name"),
    Field(
        "user.job_title", "user", "Job title", "text", lambda: NullIf(F("job_title"), Value("none")),
        python=lambda user: None if user.job_title == "none" else user.job_title,
    ),
    Field("user.active", "user", "Active", "boolean", "is_active"),
    Field("user.epoch", "user", "Epoch", "number", "session_epoch"),
    Field("user.idle", "user", "Idle time", "duration", "session_epoch"),
    Field("user.seen", "user", "Last seen", "datetime", "last_seen_at"),
    Field("user.birthday", "user", "Birthday", "date", lambda: TruncDate("last_seen_at", tzinfo=dt.UTC),
          python=lambda user: user.last_seen_at and user.last_seen_at.date()),
    Field("user.availability", "user", "Availability", "choice", "availability", values=availability),
    Field("user.department", "user", "Department", "choice", "department_id", values=departments),
    Field("user.self", "user", "Person", "user", "id"),
    Field(
        "user.first_team", "user", "First team", "team",
        lambda: Subquery(
            TeamMembership.objects.filter(user=OuterRef("pk")).order_by("team_id").values("team_id")[:1]
        ),
        python=first_team,
    ),
    Field(
        "user.teams", "user", "Teams", "team", lambda: TeamMembership.objects.filter(user=OuterRef("pk")),
        many=True, member="team_id", python=lambda user: [row.team_id for row in user.memberships.all()],
    ),
    Field(
        "user.roles", "user", "Roles", "many_choice",
        lambda: User.roles.through.objects.filter(user=OuterRef("pk")),
        many=True, member="role_id", values=roles, python=lambda user: [role.pk for role in user.roles.all()],
    ),
    Field("user.phone", "user", "Phone", "text", "phone", permission=HIDDEN),
    Field("department.path", "department", "Path", "text", "path"),
    Field(
        "department.teams", "department", "Teams", "team",
        lambda: Team.objects.filter(department=OuterRef("pk")), many=True,
        python=lambda department: [team.pk for team in department.teams.all()],
    ),
    Relation("user.department_row", "user", "department", "department_id", label="Department"),
    Relation("department.parent", "department", "department", "parent_id", label="Parent"),
)  # fmt: skip
