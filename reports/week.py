"""A member of staff's own week beside that of their teams, for the home page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import TeamMembership
from crm.core import clock, metrics
from crm.core.actor import Actor
from crm.core.metrics import Figure, Measure, Only, Span, Unit, measures

from .board import company_zone
from .cards.base import Cell, figure_cell
from .words import decimal

KEYS = (
    "tickets.first_response_median_business", "tickets.sla_met", "tickets.resolved", "tickets.satisfaction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A measure with the reader's figure and the team's."""

    label: str
    hint: str
    me: Cell
    team: Cell


def week_of(actor: Actor) -> list[Row]:
    """Monday to now in the company's zone: own figures and those of the own teams; counts are means per member.

    Empty for somebody in no team. Eight queries.
    """
    teams = actor.grants.team_ids
    if not teams or actor.user_id is None:
        return []
    zone = company_zone()
    today = clock.today(zone)
    monday = today - dt.timedelta(days=today.weekday())
    span = Span(metrics.midnight(monday, zone), metrics.midnight(monday + dt.timedelta(days=7), zone), zone)
    members = TeamMembership.objects.filter(team__in=teams, user__is_active=True, user__agent_profile__isnull=False)
    people = members.values("user").distinct().count()
    mine, ours = {"assignee": [actor.user_id]}, {"team": list(teams)}
    wanted = [measures[key] for key in KEYS]
    own, team = (metrics.figures(wanted, actor, span, only) for only in (mine, ours))
    return [
        Row(
            str(measure.label),
            str(measure.definition),
            _cell(measure, own[measure.key], span, mine),
            _cell(measure, team[measure.key], span, ours, people),
        )
        for measure in wanted
    ]


def _cell(measure: Measure, figure: Figure, span: Span, only: Only, people: int = 0) -> Cell:
    url = metrics.address(measure, span, only)
    if people and measure.unit == Unit.COUNT:
        return Cell(decimal((figure.value or 0) / people), url if figure.base else "")
    return figure_cell(measure, figure, url)


def context(actor: Actor) -> dict[str, Any]:
    """What the home slot shows."""
    return {"rows": week_of(actor), "about_team": _("Team: figures of all tickets of your teams; counts per agent.")}
