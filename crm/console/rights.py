"""Two rules about rights: nobody gives what they do not hold, and an administrator always remains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from crm.accounts.models import Role, User
from crm.core.actor import Actor, Scope
from crm.core.sockets import permissions

from .exceptions import BeyondOwnRights, LastAdministrator


def holds_everything(actor: Actor) -> bool:
    """Whether the actor is the system or an administrator."""
    return actor.is_system or (
        all(actor.grants.scopes.get(module.key) == Scope.ALL for module in permissions)
        and permissions.names <= actor.grants.permissions
    )


def missing_rights(actor: Actor, names: Iterable[str], scopes: Mapping[str, int]) -> list[str]:
    """Labels of those rights and scopes that go beyond the actor's own."""
    if actor.is_system:
        return []
    known = [name for name in names if name in permissions.names]
    missing = [str(permissions.label(name)) for name in known if name not in actor.grants.permissions]
    wider = [key for key, scope in scopes.items() if key in permissions and scope > actor.scope(key)]
    return missing + [_("data scope of %(module)s") % {"module": permissions[key].label} for key in wider]


def require_covers(actor: Actor, roles: Iterable[Role]) -> None:
    """Raises `BeyondOwnRights` unless the actor holds all that these roles give."""
    for role in roles:
        if role.is_administrator:
            if not holds_everything(actor):
                raise BeyondOwnRights(_("Only an administrator can do this with the role %(role)s.") % {"role": role})
            continue
        require_rights(actor, role.permissions, role.scopes)


def require_rights(actor: Actor, names: Iterable[str], scopes: Mapping[str, int]) -> None:
    """Raises `BeyondOwnRights` naming what the actor does not hold."""
    missing = missing_rights(actor, names, scopes)
    if missing:
        raise BeyondOwnRights(
            _("You do not hold these rights yourself, so you cannot give them: %(rights)s. Ask an administrator.")
            % {"rights": ", ".join(missing[:5])}
        )


def lock_administration() -> None:
    """One at a time among those who may take an administrator away; call before reading who is one."""
    list(Role.objects.filter(is_administrator=True).lock())


def require_an_administrator() -> None:
    """Raises `LastAdministrator` when no active administrator with a password is left; call after the change."""
    left = User.objects.active().filter(roles__is_administrator=True).exclude(password__startswith="!")
    if not left.exists():
        raise LastAdministrator


def is_administrator(user: User) -> bool:
    """Whether the user holds an administrator role."""
    return user.roles.filter(is_administrator=True).exists()
