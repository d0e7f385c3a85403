"""Ways to narrow the task list."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Team, User
from crm.core import clock

from .choices import TaskKind
from .models import Task


class _Holders:
    """People and teams of one page, each read once whichever filter or chip asks first."""

    def __init__(self) -> None:
        self._people: list[tuple[str, Any]] | None = None
        self._teams: list[tuple[str, Any]] | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> _Holders:
        """Forms copy their fields and with them the source of their choices; what was read is kept."""
        return self

    def people(self) -> list[tuple[str, Any]]:
        if self._people is None:
            self._people = [(str(pk), name) for pk, name in User.objects.active().values_list("pk", "name")]
        return [("me", _("Me")), ("none", _("Nobody")), *self._people]

    def teams(self) -> list[tuple[str, Any]]:
        if self._teams is None:
            self._teams = [(str(team.pk), str(team)) for team in Team.objects.active()]
        return [("mine", _("My teams")), *self._teams]


class TaskFilters(df.FilterSet):
    """due: overdue, today (until midnight of the reader) or within seven days. state is what the views set."""

    state = df.ChoiceFilter(
        label=_("State"), choices=[("open", pgettext_lazy("task", "Open")), ("done", _("Done"))], method="by_state"
    )
    due = df.ChoiceFilter(
        label=_("Due"),
        choices=[
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("week", _("Within 7 days")),
            ("none", _("No deadline")),
        ],
        method="by_due",
    )
    assignee = df.MultipleChoiceFilter(label=_("Assignee"), choices=(), method="by_assignee")
    team = df.MultipleChoiceFilter(label=_("Team"), choices=(), method="by_team")
    what = df.MultipleChoiceFilter(label=_("Kind"), choices=TaskKind.choices)

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = _Holders()
        self.filters["assignee"].extra["choices"] = known.people
        self.filters["team"].extra["choices"] = known.teams

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        return rows.open() if value == "open" else rows.done()

    def by_due(self, rows: Any, name: str, value: str) -> Any:
        now = clock.now()
        if value == "overdue":
            return rows.overdue(now)
        if value == "none":
            return rows.filter(due_at__isnull=True)
        days = 1 if value == "today" else 7
        day = timezone.localtime(now).date() + dt.timedelta(days=days)
        end = timezone.make_aware(dt.datetime.combine(day, dt.time()))
        return rows.open().filter(due_at__gte=now, due_at__lte=end)

    def by_assignee(self, rows: Any, name: str, values: list[str]) -> Any:
        ids = {int(value) for value in values if value.isdigit()}
        if "me" in values and self.request.actor.user_id is not None:
            ids.add(self.request.actor.user_id)
        terms = Q(assignee__in=ids)
        return rows.filter(terms | Q(assignee__isnull=True) if "none" in values else terms)

    def by_team(self, rows: Any, name: str, values: list[str]) -> Any:
        ids = {int(value) for value in values if value.isdigit()}
        if "mine" in values:
            ids |= set(self.request.actor.grants.team_ids)
        return rows.filter(team__in=ids)
