"""/tasks/calendar/: one's own days, or a team's."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

from crm.accounts.models import Team, User
from crm.core import clock
from crm.core.text import row_id
from crm.ui.views.generic.base import StaffView

from ..calendar import calendar

#: A team's calendar shows so many people at most.
MOST_PEOPLE = 30


class CalendarView(StaffView):
    """GET /tasks/calendar/?view=week&day=2026-11-23&team=3. Days of the reader's zone; weeks begin on Monday."""

    permission = "planner.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        self.today = clock.today(timezone.get_current_timezone())
        self.day = self._asked_day() or self.today
        self.layout = "day" if request.GET.get("view") == "day" else "week"
        teams = list(Team.objects.active().filter(pk__in=self.actor.grants.team_ids))
        asked = row_id(request.GET.get("team", ""))
        self.team = next((team for team in teams if team.pk == asked), None)
        count = 1 if self.layout == "day" else 7
        first = self.day if count == 1 else self.day - dt.timedelta(days=self.day.weekday())
        last = first + dt.timedelta(days=count - 1)
        found = calendar(self.actor, self._people(), first, count)
        values = {
            "view": self, "calendar": found, "first": first, "last": last, "is_week": count == 7,
            "span": date_format(first) if count == 1
            else _t("%(first)s to %(last)s") % {"first": date_format(first), "last": date_format(last)},
            "before_url": self.url(day=first - dt.timedelta(days=count)),
            "after_url": self.url(day=first + dt.timedelta(days=count)), "today_url": self.url(day=self.today),
            "layouts": [
                {"label": pgettext("calendar", "Week"), "url": self.url(view="week"), "is_current": count == 7},
                {"label": pgettext("calendar", "Day"), "url": self.url(view="day"), "is_current": count == 1},
            ],
            "people": [
                {"label": _t("Mine"), "url": self.url(team=""), "is_current": self.team is None},
                *({"label": team, "url": self.url(team=team.pk), "is_current": team == self.team} for team in teams),
            ],
            "day_urls": {day.date: self.url(view="day", day=day.date) for day in found.days},
            "may_work": self.actor.can("planner.work"),
        }  # fmt: skip
        return render(request, "planner/calendar.html", values)

    def url(self, **changes: Any) -> str:
        """This page with other parameters."""
        now = {"view": self.layout, "day": self.day, "team": self.team.pk if self.team else ""}
        return f"{self.request.path}?{urlencode({k: v for k, v in {**now, **changes}.items() if v != ''})}"

    def _people(self) -> list[User]:
        rows = User.objects.active()
        if self.team is not None:
            return list(rows.filter(memberships__team=self.team).order_by("sort_key")[:MOST_PEOPLE])
        return list(rows.filter(pk=self.actor.user_id or 0))

    def _asked_day(self) -> dt.date | None:
        try:
            day = parse_date(self.request.GET.get("day", "")[:10])
        except ValueError:
            return None
        return day if day is not None and 1970 < day.year < 2200 else None
