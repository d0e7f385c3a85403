"""Who acts and how far they see. Every read and every write takes an `Actor`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from .errors import NotAllowed


class ActorKind(IntEnum):
    """The kinds of actor; the numbers are stored on activity rows and never change."""

    SYSTEM = 0
    STAFF = 1
    CONTACT = 2
    GUEST = 3
    TOKEN = 4


class Scope(IntEnum):
    """How much of a module's data a role opens, widest last, so that `max` merges roles."""

    NONE = 0
    OWN = 1
    TEAM = 2
    DEPARTMENT = 3
    ALL = 4


@dataclass(frozen=True, slots=True)
class Grants:
    """What one actor may do, resolved once a request.

    permissions: names such as ``tickets.reply``. scopes: module → Scope.
    department_ids: the actor's department and all below it. department_team_ids: teams of those.
    """

    permissions: frozenset[str] = frozenset()
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    team_ids: tuple[int, ...] = ()
    department_ids: tuple[int, ...] = ()
    department_team_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """An identity with its grants. Build staff with `accounts.access.actor_for(user)`.

    id is the row of that kind (user, contact, token) or None for system and guests.
    on_behalf_of narrows a system actor to its author's rights, as rules need; a token always acts for a user.
    """

    kind: ActorKind
    id: int | None
    label: str
    grants: Grants = Grants()
    on_behalf_of: Actor | None = None

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff acts, by hand or through a token of theirs."""
        return self.person.kind == ActorKind.STAFF

    @property
    def person(self) -> Actor:
        """Who answers for the deed: the user behind a token, else the actor itself. Authors of texts are persons."""
        return self.on_behalf_of if self.kind == ActorKind.TOKEN and self.on_behalf_of is not None else self

    @property
    def is_system(self) -> bool:
        return self.kind == ActorKind.SYSTEM

    @property
    def sees_all(self) -> bool:
        """The system for nobody: every row is in its set. With an author behind it the author's set counts."""
        return self.is_system and self.on_behalf_of is None

    @property
    def user_id(self) -> int | None:
        """The staff user behind the deed, or None."""
        return self.person.id if self.is_staff else None

    def can(self, permission: str) -> bool:
        """Whether the actor holds the permission. Raises `KeyError` for a name nobody declared."""
        from .sockets import permissions

        permissions.check_name(permission)
        if self.on_behalf_of is not None:
            return self.on_behalf_of.can(permission)
        return self.is_system or permission in self.grants.permissions

    def require(self, permission: str) -> None:
        """Raises `NotAllowed` naming the permission when the actor lacks it."""
        if not self.can(permission):
            raise NotAllowed(permission)

    def scope(self, module: str) -> Scope:
        """How much of the module's data the actor sees."""
        if self.on_behalf_of is not None:
            return self.on_behalf_of.scope(module)
        return Scope.ALL if self.is_system else self.grants.scopes.get(module, Scope.NONE)

    @property
    def effective(self) -> Actor:
        """The actor whose grants count: the author behind a rule, else itself."""
        return self.on_behalf_of.effective if self.on_behalf_of is not None else self

    @classmethod
    def system(cls, label: str = "system", on_behalf_of: Actor | None = None) -> Actor:
        """A deed of the product itself; bounded by `on_behalf_of` where a person wrote the rule."""
        return cls(ActorKind.SYSTEM, None, label, on_behalf_of=on_behalf_of)

    @classmethod
    def guest(cls, label: str = "guest") -> Actor:
        """Somebody not signed in."""
        return cls(ActorKind.GUEST, None, label)

    @classmethod
    def token(cls, token_id: int, label: str, on_behalf_of: Actor) -> Actor:
        """A machine that acts within a user's rights, narrowed to what its token may."""
        return cls(ActorKind.TOKEN, token_id, label, on_behalf_of=on_behalf_of)

    @classmethod
    def contact(cls, contact_id: int, label: str) -> Actor:
        """A person at a customer, proved by a token."""
        return cls(ActorKind.CONTACT, contact_id, label)
