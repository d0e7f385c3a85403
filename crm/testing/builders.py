"""Staff for tests: teams, and people with a seeded role who can be logged in and act."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from crm.accounts.access import actor_for
from crm.accounts.models import Department, Role, Team, TeamMembership, User
from crm.core.actor import Actor
from crm.core.translated import Translated

_numbers = itertools.count(1)


def make_department(name: str = "", parent: Department | None = None) -> Department:
    """A department with the same name in both languages."""
    name = name or f"Department {next(_numbers)}"
    return Department.objects.create(name=Translated({"en": name, "zh-hans": name}), parent=parent)


def make_team(name: str = "", chinese: str = "", *, department: Department | None = None) -> Team:
    """A team without members, in a department of its own unless one is given."""
    name = name or f"Team {next(_numbers)}"
    return Team.objects.create(
        name=Translated({"en": name, "zh-hans": chinese or name}), department=department or make_department()
    )


def make_user(role: str = "agent", *, name: str = "", teams: Iterable[Team] = (), supervises: bool = False) -> User:
    """A person with a seeded role (such as "agent", "supervisor", "auditor") in these teams."""
    number = next(_numbers)
    user = User.objects.create_user(f"user{number}@example.test", name=name or f"Person {number}")
    user.roles.add(Role.objects.get(key=role))
    for team in teams:
        TeamMembership.objects.create(team=team, user=user, is_supervisor=supervises)
    return user


def give_place(user: User) -> None:
    """Puts a user into a team and its department, as real staff are: what they may see then costs its queries."""
    team = make_team()
    TeamMembership.objects.create(team=team, user=user)
    User.objects.filter(pk=user.pk).update(department=team.department)


def staff(user: User) -> Actor:
    """The user as the one who acts, with the grants of this moment."""
    return actor_for(User.objects.get(pk=user.pk))
