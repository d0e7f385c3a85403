"""Filters of the platform's lists; each is in the address."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, Team, User
from crm.jobs.choices import JobState
from crm.jobs.models import Job
from crm.messaging.choices import MailState
from crm.messaging.models import OutgoingMail


def _departments(request: Any) -> QuerySet[Department]:
    return Department.objects.visible_to(request.actor)


def _teams(request: Any) -> QuerySet[Team]:
    return Team.objects.visible_to(request.actor)


class UserFilter(df.FilterSet):
    team = df.ModelChoiceFilter(label=_("Team"), queryset=_teams, method="in_team")
    department = df.ModelChoiceFilter(label=_("Department"), queryset=_departments, method="below")
    active = df.BooleanFilter(field_name="is_active", label=_("Active"))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def in_team(self, rows: QuerySet[Any], _name: str, team: Team) -> QuerySet[Any]:
        return rows.filter(pk__in=team.memberships.values("user_id"))

    def below(self, rows: QuerySet[Any], _name: str, department: Department) -> QuerySet[Any]:
        return rows.filter(department__in=Department.objects.below(department))


class TeamFilter(df.FilterSet):
    department = df.ModelChoiceFilter(label=_("Department"), queryset=_departments)
    active = df.BooleanFilter(field_name="is_active", label=_("Active"))

    class Meta:
        model = Team
        fields: tuple[str, ...] = ()


class JobFilter(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=JobState.choices)

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()


class MailFilter(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=MailState.choices)
    complained = df.BooleanFilter(
        field_name="complained_at", lookup_expr="isnull", exclude=True, label=_("Called spam")
    )

    class Meta:
        model = OutgoingMail
        fields: tuple[str, ...] = ()
