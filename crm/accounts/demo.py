"""The demo company's departments, teams and staff."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from pypinyin import lazy_pinyin

from crm.core.demo import PASSWORD, STAFF_HOST, DemoContext
from crm.core.sockets import DemoStep, demo
from crm.core.translated import Translated

from .choices import Availability
from .demo_data.staff import DEPARTMENTS, FIRST, GIVEN, LAST, ROUND_THE_CLOCK, STAFF, SURNAMES, TEAMS, Person
from .models import Department, Role, Team, TeamMembership, User

#: One agent more for each so many tickets a year, as a growing desk would hire.
TICKETS_PER_AGENT = 800
_EXTRA_PATTERNS = ("day", "early", "late", "day", "weekend")
_ZONES = {"london": "Europe/London", "vancouver": "America/Vancouver"}


@dataclass
class Member:
    """A user with what later steps need. pattern: key of a shift pattern."""

    user: User
    person: Person

    @property
    def is_agent(self) -> bool:
        return self.person.role in ("agent", "senior_agent")


@dataclass
class Staff:
    """Everybody, as `context.made["staff"]`."""

    departments: dict[str, Department]
    teams: dict[str, Team]
    members: list[Member] = field(default_factory=list)

    def in_role(self, *roles: str) -> list[User]:
        """The users of some roles."""
        return [member.user for member in self.members if member.person.role in roles]

    def agents_of(self, team: str) -> list[Member]:
        """Those who answer tickets of a team."""
        return [member for member in self.members if member.is_agent and team in member.person.teams]


def make_staff(context: DemoContext) -> None:
    """Departments, teams, users, roles and memberships. One hash of the one password serves all."""
    staff = Staff(_departments(), {})
    for key, (english, chinese, department) in TEAMS.items():
        staff.teams[key] = Team.objects.create(
            name=Translated({"en": english, "zh-hans": chinese}), department=staff.departments[department]
        )
    people = [*STAFF, *_extra(context)]
    roles = {role.key: role for role in Role.objects.filter(key__isnull=False)}
    password = make_password(PASSWORD)
    for number, person in enumerate(people):
        user = _user(person, staff, password, context.now, number)
        user.roles.add(roles[person.role])
        staff.members.append(Member(user, person))
    TeamMembership.objects.bulk_create(
        TeamMembership(team=staff.teams[team], user=member.user, is_supervisor=team in member.person.leads)
        for member in staff.members
        for team in member.person.teams
    )
    context.made["staff"] = staff


def _departments() -> dict[str, Department]:
    rows: dict[str, Department] = {}
    for key, (english, chinese, parent) in DEPARTMENTS.items():
        rows[key] = Department.objects.create(
            name=Translated({"en": english, "zh-hans": chinese}), parent=rows.get(parent)
        )
    return rows


def _user(person: Person, staff: Staff, password: str, now: dt.datetime, number: int) -> User:
    seen = now if number % 3 else now - dt.timedelta(hours=2 + number % 20)
    user = User(
        email=f"{person.email}@{STAFF_HOST}",
        name=person.name,
        job_title=person.title,
        department=staff.departments[person.department],
        language=person.language,
        timezone=_ZONES.get(person.pattern.partition("_")[0], "Asia/Shanghai"),
        password=password,
        availability=Availability.AWAY if number % 11 == 10 else Availability.AVAILABLE,
        last_seen_at=seen,
        created_at=now - dt.timedelta(days=500 - number % 90),
    )
    user.save()
    return user


def _extra(context: DemoContext) -> list[Person]:
    """More agents for a larger desk, spread over the teams."""
    rng = context.rng("accounts.staff")
    base = sum(person.role in ("agent", "senior_agent") for person in STAFF)
    taken = {person.email for person in STAFF}
    people: list[Person] = []
    teams = (*ROUND_THE_CLOCK, "care")
    for number in range(max(0, context.tickets // TICKETS_PER_AGENT - base)):
        chinese = number % 2 == 0
        name, email = person_name(rng, chinese)
        while email in taken:
            name, email = person_name(rng, chinese)
        taken.add(email)
        senior = number % 5 == 0
        title = (
            ("高级客服专员" if senior else "客服专员") if chinese else ("Senior specialist" if senior else "Specialist")
        )
        people.append(
            Person(
                email, name, "zh-hans" if chinese else "en", title, "senior_agent" if senior else "agent", "service",
                (teams[number % len(teams)],), _EXTRA_PATTERNS[number // len(teams) % len(_EXTRA_PATTERNS)],
            )
        )  # fmt: skip
    return people


def person_name(rng: random.Random, chinese: bool) -> tuple[str, str]:
    """A made-up name and the mail name that goes with it, such as ("王伟", "wang.wei")."""
    if chinese:
        surname, given = rng.choice(SURNAMES), rng.choice(GIVEN)
        return f"{surname}{given}", f"{''.join(lazy_pinyin(surname))}.{''.join(lazy_pinyin(given))}"
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return f"{first} {last}", f"{first}.{last}".lower()


demo.register(DemoStep("accounts.staff", "Staff and teams", make_staff, order=10))
