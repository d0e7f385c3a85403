"""From a user to an `Actor`: roles merged, scopes widest, departments and teams resolved."""

from __future__ import annotations

from collections.abc import Iterable

from crm.core.actor import Actor, ActorKind, Grants, Scope
from crm.core.sockets import permissions

from .models import Department, Role, Team, TeamMembership, User


def grants_for(user: User) -> Grants:
    """What the user's roles add up to. Four queries."""
    roles = list(user.roles.all())
    if any(role.is_administrator for role in roles):
        granted, scopes = permissions.names, {module.key: Scope.ALL for module in permissions}
    else:
        granted = frozenset(name for role in roles for name in role.permissions) & permissions.names
        scopes = _widest(roles)
    team_ids = tuple(TeamMembership.objects.filter(user=user).values_list("team_id", flat=True))
    department_ids, department_team_ids = _department(user)
    return Grants(granted, scopes, team_ids, department_ids, department_team_ids)


def actor_for(user: User) -> Actor:
    """The staff actor of a user; one that is not active holds nothing."""
    grants = grants_for(user) if user.is_active else Grants()
    return Actor(ActorKind.STAFF, user.pk, user.name, grants)


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


def _department(user: User) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if user.department_id is None:
        return (), ()
    below = list(Department.objects.below(user.department).values_list("pk", flat=True))
    teams = Team.objects.filter(department_id__in=below).values_list("pk", flat=True)
    return tuple(below), tuple(teams)
