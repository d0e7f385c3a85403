"""Who is there, and how full their hands are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import TeamMembership
from crm.accounts.selectors import presence_of
from crm.core.actor import Scope
from crm.core.metrics import Figure, measures
from tickets.models import AgentProfile

from ..board import Board
from ..words import whole
from .base import Card, Cell, Column, Content, count_cell, subtitle, text_cell

LOAD = ("tickets.load", "tickets.open", "tickets.breached")
PRESENCE = {
    "available": (gettext_lazy("Available"), "success"),
    "away": (gettext_lazy("Away"), "warning"),
    "offline": (gettext_lazy("Offline"), "neutral"),
}


def agents_of(board: Board) -> list[Any]:
    """Active agents of the chosen teams, or of all whose tickets the viewer may see."""
    profiles = AgentProfile.objects.visible_to(board.viewer).filter(user__is_active=True).select_related("user")
    if board.team_ids or board.viewer.scope("tickets") < Scope.ALL:
        teams = board.team_ids or [team.pk for team in board.teams]
        profiles = profiles.filter(user__in=_members(teams))
    return list(profiles.order_by("user__sort_key", "pk"))


def _members(team_ids: Any) -> Any:
    return TeamMembership.objects.filter(team__in=team_ids).values("user")


def build_agents(board: Board) -> Content:
    """Load against capacity, presence, and overdue work of each agent. Two queries."""
    profiles = agents_of(board)
    found = board.by_part(LOAD, "assignee")
    none = {key: Figure(0) for key in LOAD}
    figures = {profile.pk: found.get((profile.user_id,), none) for profile in profiles}
    profiles.sort(key=lambda profile: -_fill(profile, figures[profile.pk]))
    rows, present, full = [], 0, 0
    for profile in profiles:
        presence = presence_of(profile.user)
        label, tone = PRESENCE[presence]
        present += presence == "available"
        full += _fill(profile, figures[profile.pk]) >= 1
        cells = [
            count_cell(figures[profile.pk][key].base, board.address(key, assignee=profile.user_id)) for key in LOAD
        ]
        rows.append(
            [
                text_cell(profile.user.name), Cell(str(label), raw=presence, badge=tone), cells[0],
                Cell(whole(profile.capacity), raw=profile.capacity),
                Cell(f"{round(_fill(profile, figures[profile.pk]) * 100)}%"), cells[1], cells[2],
            ]
        )  # fmt: skip
    finding = ""
    if profiles:
        finding = _("%(present)s of %(all)s agents are available; %(full)s have no room left.") % {
            "present": whole(present), "all": whole(len(profiles)), "full": whole(full),
        }  # fmt: skip
    loads = [figures[profile.pk]["tickets.load"].base for profile in profiles]
    links = [board.address("tickets.load", assignee=profile.user_id) for profile in profiles]
    names = [_("Open with us"), _("Room left")]
    chart = {
        "kind": "hbar-stacked",
        "labels": [profile.user.name for profile in profiles],
        "series": [
            {"name": names[0], "values": loads, "links": links},
            {"name": names[1], "tone": "muted", "links": links,
             "values": [max(0, profile.capacity - load) for profile, load in zip(profiles, loads, strict=True)]},
        ],
        "description": finding,
    }  # fmt: skip
    columns = [
        Column(_("Agent")), Column(_("Presence")), Column(_("Open with us")), Column(_("Capacity")),
        Column(_("Load")), Column(_("All open")), Column(_("Overdue")),
    ]  # fmt: skip
    about = measures["tickets.load"].definition
    legend = [(1, names[0]), (7, names[1])]
    return Content(subtitle(board, about, live=True), finding, columns, rows, chart, legend, table_first=True)


def _fill(profile: Any, figures: dict[str, Figure]) -> float:
    return figures["tickets.load"].base / profile.capacity


agents = Card("agents", gettext_lazy("Who has room for more?"), build_agents, place="wide")
