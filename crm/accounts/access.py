"""From a user to an `Actor`: roles merged, scopes widest, departments and teams resolved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Value

from crm.core.actor import Actor, ActorKind, Grants, Scope
from crm.core.sockets import permissions

from .models import Department, Role, Team, TeamMembership, User


def grants_for(user: User) -> Grants:
    """What the user's roles add up to. Two queries: roles, and places in teams and departments."""
    roles = list(user.roles.all())
    if any(role.is_administrator for role in roles):
        granted, scopes = permissions.names, {module.key: Scope.ALL for module in permissions}
    else:
        granted = frozenset(name for role in roles for name in role.permissions) & permissions.names
        scopes = _widest(roles)
    return Grants(granted, scopes, *_places(user))


def actor_for(user: User) -> Actor:
    """The staff actor of a user; one that is not active holds nothing."""
    grants = grants_for(user) if user.is_active else Grants()
    return Actor(ActorKind.STAFF, user.pk, user.name, grants)


def covers(actor: Actor, user: User) -> bool:
    """Whether the actor holds all that the user does, active or not: acting as them would open nothing new."""
    if actor.user_id == user.pk or (actor.is_system and actor.on_behalf_of is None):
        return True
    theirs = grants_for(user)
    held = actor.effective.grants.permissions
    return theirs.permissions <= held and all(scope <= actor.scope(key) for key, scope in theirs.scopes.items())


def users_who_can(permission: str, *, team_id: int | None = None) -> list[User]:
    """Active users holding a permission, of one team when given; for notifications and pickers."""
    permissions.check_name(permission)
    users = User.objects.active().prefetch_related("roles")
    if team_id is not None:
        users = users.filter(memberships__team_id=team_id)
    return [user for user in users if _holds(user.roles.all(), permission)]


def _holds(roles: Iterable[Role], permission: str) -> bool:
    return any(role.is_administrator or permission in role.permissions for role in roles)


def _widest(roles: Iterable[Role]) -> dict[str, Scope]:
    scopes: dict[str, Scope] = {}
    for role in roles:
        for module in role.scopes:
            if f"{module}.view" in role.permissions:
                scopes[module] = max(scopes.get(module, Scope.NONE), role.scope_for(module))
    return scopes


def _places(user: User) -> tuple[tuple[int, ...], ...]:
    """Ids of the user's teams, of their department with all below it, and of the teams of those. One query."""
    rows = TeamMembership.objects.filter(user=user).values_list(Value("team"), "team_id")
    if user.department_id is not None:
        # An id stands between slashes once in the path of its department and in those below, and in no other.
        below = f"/{user.department_id}/"
        departments = Department.objects.filter(path__contains=below).order_by()
        teams = Team.objects.filter(department__path__contains=below).order_by()
        rows = rows.union(
            departments.values_list(Value("department"), "pk"),
            teams.values_list(Value("department_team"), "pk"),
            all=True,
        )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, pk in rows:
        found[place].append(pk)
    return tuple(tuple(sorted(found[place])) for place in ("team", "department", "department_team"))
