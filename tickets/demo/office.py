"""Who was free at each moment of the demo's past, so that `assignment.choose` can decide as it does today."""

from __future__ import annotations

import datetime as dt
import heapq
from dataclasses import dataclass
from operator import attrgetter

from crm.accounts.choices import Availability
from crm.accounts.models import User
from crm.calendars.hours import Hours
from crm.core.demo import DemoContext

from ..actions.assignment import Candidate
from ..models import AgentProfile

#: Nobody is free: the queue is looked at again after this time.
_TRY_AGAIN = dt.timedelta(minutes=20)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass
class Agent:
    """An agent with the tickets that are theirs at the office's present moment."""

    user: User
    profile: AgentProfile
    hours: Hours
    skills: frozenset[int]
    open: int = 0
    last_at: dt.datetime = _NEVER
    _known: tuple[dt.datetime, dt.datetime, bool] = (_NEVER, _NEVER, False)

    def works(self, at: dt.datetime) -> bool:
        """Whether the agent is on shift; the answer is kept until it changes."""
        start, end, open_now = self._known
        if not start <= at < end:
            open_now = self.hours.is_open(at)
            until = self.hours.next_closing(at) if open_now else self.hours.next_opening(at)
            self._known = (at, until or at, open_now)
        return open_now


class Office:
    """Moves through time with `advance`; never backwards."""

    def __init__(self, context: DemoContext):
        staff = context.made["staff"]
        profiles = {
            profile.user_id: profile for profile in AgentProfile.objects.prefetch_related("skills").order_by("pk")
        }
        self.agents: dict[int, Agent] = {}
        self._teams: dict[int, list[Agent]] = {}
        for key, team in staff.teams.items():
            for member in staff.agents_of(key):
                profile = profiles[member.user.pk]
                agent = self.agents.setdefault(
                    member.user.pk,
                    Agent(
                        member.user,
                        profile,
                        context.made["hours"][member.user.pk],
                        frozenset(skill.pk for skill in profile.skills.all()),
                    ),
                )
                self._teams.setdefault(team.pk, []).append(agent)
        self._changes: list[tuple[dt.datetime, int, int]] = []
        self._recent = context.now - dt.timedelta(hours=8)

    def team(self, team_id: int) -> list[Agent]:
        """The agents of a team."""
        return self._teams[team_id]

    def advance(self, at: dt.datetime) -> None:
        """Work that began or ended by then counts."""
        while self._changes and self._changes[0][0] <= at:
            _at, user_id, change = heapq.heappop(self._changes)
            self.agents[user_id].open += change

    def consider(self, team_id: int, skill_id: int | None, at: dt.datetime) -> list[Candidate]:
        """What `assignment.consider` would have found, longest without a ticket first."""
        team = sorted(self._teams[team_id], key=attrgetter("last_at"))
        return [self._candidate(agent, skill_id, at) for agent in team]

    def next_try(self, team_id: int, at: dt.datetime) -> dt.datetime:
        """When somebody of the team may be free: soon while one is on shift, else as the next shift begins."""
        team = self._teams[team_id]
        if any(agent.works(at) for agent in team):
            return at + _TRY_AGAIN
        return min(agent.hours.next_opening(at) for agent in team)

    def give(self, user_id: int, at: dt.datetime) -> Agent:
        """The agent got a ticket."""
        agent = self.agents[user_id]
        agent.last_at = at
        return agent

    def occupy(self, user_id: int, start: dt.datetime, end: dt.datetime | None) -> None:
        """The agent has one more active ticket from start until end."""
        heapq.heappush(self._changes, (start, user_id, 1))
        if end is not None:
            heapq.heappush(self._changes, (end, user_id, -1))

    def _candidate(self, agent: Agent, skill_id: int | None, at: dt.datetime) -> Candidate:
        excluded = ""
        capacity = agent.profile.capacity
        if at > self._recent and agent.user.availability != Availability.AVAILABLE:
            excluded = "away"
        elif not agent.works(at):
            excluded = "off_shift"
        elif agent.open >= capacity:
            excluded = "full"
        return Candidate(
            user_id=agent.user.pk,
            name=agent.user.name,
            open=agent.open,
            capacity=capacity,
            load=round(agent.open / capacity, 3),
            seniority=agent.profile.seniority,
            has_skill=skill_id in agent.skills,
            excluded=excluded,
        )
