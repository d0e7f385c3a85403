"""What a reader asked the board for: whose tickets, which days, which teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm.accounts.models import Team
from crm.core import metrics
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid
from crm.core.metrics import Figure, Measure, Only, Span, Trend
from crm.core.models import Brand

from . import words
from .periods import DEFAULT, LENGTHS, Period, last_days, period_from

KNOWN = {"period", "from", "to", "team", "complete", "format"}


@dataclass(frozen=True, slots=True)
class Board:
    """A question to every card. teams: those the reader may choose; team_ids: the chosen ones, empty for all."""

    viewer: Actor
    period: Period
    teams: tuple[Team, ...]
    team_ids: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return self.period.span

    @property
    def only(self) -> Only:
        """The part of the records that the team filter leaves."""
        return {"team": self.team_ids} if self.team_ids else {}

    @property
    def query(self) -> str:
        """The address's query string for this question."""
        pairs: list[tuple[str, Any]] = [("period", self.period.key)]
        if self.period.key == "custom":
            pairs += [("from", self.period.first.isoformat()), ("to", self.period.last.isoformat())]
        return urlencode([*pairs, *(("team", team_id) for team_id in self.team_ids)])

    @property
    def days_text(self) -> str:
        return words.days_text(self.period.first, self.period.last)

    @property
    def previous_text(self) -> str:
        """The days compared with."""
        return words.days_text(*self.period.previous_days)

    @property
    def teams_text(self) -> str:
        """The scope in words."""
        chosen = [str(team.name) for team in self.teams if team.pk in self.team_ids]
        return ", ".join(chosen) if chosen else _("all teams you may see")

    @property
    def zone_name(self) -> str:
        return words.zone_name(self.period.zone)

    def figures(self, keys: Iterable[str], span: Span | None = None) -> dict[str, Figure]:
        """Figures of the measures with those keys."""
        return metrics.figures(measures_of(keys), self.viewer, span or self.span, self.only)

    def by_day(self, keys: Iterable[str]) -> dict[Any, dict[str, Figure]]:
        return metrics.by_day(measures_of(keys), self.viewer, self.span, self.only)

    def trend(self, keys: Iterable[str]) -> Trend:
        """The period altogether, day by day, and the one before it."""
        return metrics.trend(measures_of(keys), self.viewer, self.span, self.period.previous, self.only)

    def by_part(self, keys: Iterable[str], *parts: str) -> dict[tuple[Any, ...], dict[str, Figure]]:
        return metrics.by_part(measures_of(keys), self.viewer, self.span, parts, self.only)

    def address(self, key: str, span: Span | None = None, **parts: Any) -> str:
        """The list behind a figure; `status="new"` narrows it to that part."""
        only = {**self.only, **{part: [value] for part, value in parts.items()}}
        return metrics.address(metrics.measures[key], span or self.span, only)


def measures_of(keys: Iterable[str]) -> list[Measure]:
    """Declared measures, in that order."""
    return [metrics.measures[key] for key in keys]


def company_zone() -> ZoneInfo:
    """The zone in which the company counts its days."""
    return ZoneInfo(Brand.default().timezone)


def teams_for(viewer: Actor) -> tuple[Team, ...]:
    """The active teams whose tickets the viewer may see."""
    teams = Team.objects.visible_to(viewer).active()
    scope = viewer.scope("tickets")
    if scope < Scope.ALL:
        grants = viewer.effective.grants
        own = set(grants.team_ids) if scope >= Scope.TEAM else set()
        teams = teams.filter(pk__in=own | set(grants.department_team_ids if scope >= Scope.DEPARTMENT else ()))
    return tuple(teams)


def board_from(params: QueryDict, viewer: Actor) -> Board:
    """The board of an address. What cannot be read is left out and named in `notices`. Two queries."""
    zone, notices = company_zone(), []
    try:
        period = period_from(params, zone)
    except Invalid as error:
        notices.append(_("%(problem)s The last 14 days are shown.") % {"problem": error.message})
        period = last_days(LENGTHS[DEFAULT], zone)
    teams = teams_for(viewer)
    wanted = params.getlist("team")
    chosen = tuple(team.pk for team in teams if str(team.pk) in wanted)
    if len(set(wanted) - {""}) > len(chosen):
        notices.append(_("A team of this address is not one whose tickets you may see, and was left out."))
    if set(params) - KNOWN:
        notices.append(_("Some parts of this address are not known and were ignored."))
    return Board(viewer, period, teams, chosen, tuple(notices))
