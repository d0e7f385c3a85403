"""Legal states of the platform, made by its own actions."""

from __future__ import annotations

import itertools
from typing import Any

from django.core.cache import cache
from django.test import Client

from crm.accounts.access import actor_for
from crm.accounts.models import Department, Role, Team, User
from crm.console.actions import staff as staff_actions
from crm.console.actions import structure
from crm.console.actions.passwords import set_password
from crm.core.actor import Actor
from crm.core.translated import Translated

PASSWORD = "correct horse battery"
SYSTEM = Actor.system()
_numbers = itertools.count(1)


def both(english: str, chinese: str = "") -> Translated:
    return Translated({"en": english, "zh-hans": chinese or english})


def make_user(*roles: str, password: str = PASSWORD, **values: Any) -> User:
    """An active user with a password and seeded roles by key."""
    number = next(_numbers)
    values = {"name": f"User {number}", "email": f"user{number}@yunfan.example", **values}
    values["roles"] = list(Role.objects.filter(key__in=roles))
    user = staff_actions.invite_user(actor=SYSTEM, values=values, send_mail=False)
    return set_password(actor=SYSTEM, user=user, password=password)


def make_actor(*roles: str) -> Actor:
    return actor_for(make_user(*roles))


def make_department(parent: Department | None = None) -> Department:
    return structure.create_department(
        actor=SYSTEM, values={"name": both(f"Department {next(_numbers)}"), "parent": parent}
    )


def make_team(*members: User, supervisors: tuple[User, ...] = (), **values: Any) -> Team:
    values = {"name": both(f"Team {next(_numbers)}"), "members": members, "supervisors": supervisors, **values}
    values.setdefault("department", None)
    values["department"] = values["department"] or make_department()
    return structure.create_team(actor=SYSTEM, values=values)


def signed_in(user: User) -> Client:
    cache.clear()
    client = Client()
    client.force_login(user)
    return client
