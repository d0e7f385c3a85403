"""People with and without a department, with none to three teams, with and without every nullable value."""

from __future__ import annotations

import datetime as dt

from crm.accounts.models import Department, Role, Team, User
from crm.core import clock
from crm.core.actor import Actor, ActorKind, Grants
from crm.core.translated import Translated

NAMES = ("Ada Lovelace", "ada", "王静", "O'Brien 100%", "a_b\\c", "ÉMILE", "ß straße", "none", "Zhou\tMin", "🙂 ada")


def staff(*permissions: str, user_id: int = 1) -> Actor:
    """A member of staff holding just those permissions."""
    return Actor(ActorKind.STAFF, user_id, "Tester", Grants(frozenset(permissions)))


def people(count: int = 20) -> list[User]:
    """`count` users over two departments and three teams."""
    root = Department.objects.create(name=Translated({"en": "Root"}))
    child = Department.objects.create(name=Translated({"en": "Child"}), parent=root)
    teams = [Team.objects.create(name=Translated({"en": f"Team {n}"}), department=child) for n in range(3)]
    roles = [Role.objects.create(name=Translated({"en": f"Role {n}"})) for n in range(3)]
    made = []
    for n in range(count):
        user = User.objects.create_user(
            f"p{n}@example.test",
            name=NAMES[n % len(NAMES)],
            job_title=("", "none", "Agent", "agent of 100%")[n % 4],
            department=(None, root, child)[n % 3],
            is_active=n % 5 != 0,
            session_epoch=(0, -3, 60, 7200, 86400)[n % 5],
            last_seen_at=None if n % 4 == 0 else clock.now() - dt.timedelta(hours=11 * (n - 6)),
            availability=("available", "away")[n % 2],
            phone=str(n),
        )
        for team in teams[: n % 4]:
            team.members.add(user)
        user.roles.set(roles[3 - (n // 4) % 4 :])
        made.append(user)
    return made
