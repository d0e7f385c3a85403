"""Making and revoking the keys of machines."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.access import actor_for, covers
from crm.accounts.models import Department, Role, Team, TeamMembership, User
from crm.activity.recording import record as record_activity
from crm.core import clock, sockets
from crm.core.actions import action
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line

from ..exceptions import BeyondOwnRights
from ..keys import HINT_CHARS, digest_of, new_secret
from ..models import ApiToken

MANAGE, OWN = "integrations.manage", "integrations.own_tokens"
#: Mail addresses of applications; the domain never exists (RFC 2606).
SERVICE_DOMAIN = "service.invalid"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A fresh token with its secret, which nobody can read again."""

    token: ApiToken
    secret: str


@action()
def make_token(
    *,
    actor: Actor,
    name: str,
    user: User | None = None,
    permissions: Sequence[str] | None = None,
    expires_at: dt.datetime | None = None,
) -> NewToken:
    """Makes a token: the actor's own, or of an application for those who manage integrations.

    user: whom it acts for, by default the actor. permissions: what it is narrowed to, None for all that the user may.
    expires_at: None for no end. Raises `NotAllowed`, `Invalid`, `NotFound` for a colleague's account, and
    `BeyondOwnRights` for an application that may more than the actor.
    """
    person = user or User.objects.filter(pk=actor.user_id or 0).first()
    if person is None or not person.is_active:
        raise NotFound
    if person.pk == actor.user_id:
        actor.require(OWN)
    else:
        actor.require(MANAGE)
        if not (person.is_service or actor.is_system):
            raise NotFound
        if not covers(actor, person):
            raise BeyondOwnRights(
                _("%(name)s may do more than you. Ask an administrator for its token.") % {"name": person.name}
            )
    label, wanted = _checked(name, person, permissions, expires_at)
    secret = new_secret()
    token = ApiToken.objects.create(
        user=person, name=label, digest=digest_of(secret), hint=secret[:HINT_CHARS], permissions=wanted,
        expires_at=expires_at, created_by_id=actor.user_id,
    )  # fmt: skip
    _tell(actor, "integrations.token_made", token)
    return NewToken(token, secret)


@action()
def revoke_token(*, actor: Actor, record: ApiToken) -> ApiToken:
    """Ends a token at once. Doing it again changes nothing. Raises `NotFound` for one outside the actor's set."""
    token: ApiToken | None = (
        ApiToken.objects.visible_to(actor).select_related("user").lock().filter(pk=record.pk).first()
    )
    if token is None:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        _tell(actor, "integrations.token_revoked", token)
    return token


@action()
def revoke_tokens_of(*, actor: Actor, user: User) -> int:
    """Ends every token of somebody who left. Returns how many there were."""
    found = list(ApiToken.objects.filter(user=user, revoked_at__isnull=True).select_related("user").lock())
    for token in found:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        _tell(actor, "integrations.token_revoked", token)
    return len(found)


@action(permission=MANAGE)
def add_application(
    *, actor: Actor, name: str, role: Role, department: Department | None = None, team: Team | None = None
) -> User:
    """Adds a service account: a user with one role that works through tokens alone and has no mailbox.

    department, team: what a narrower data scope of its role counts from. Raises `Invalid`, and `BeyondOwnRights` for a
    role that may more than the actor.
    """
    label = clean_line(name, 80)
    if not label:
        raise Invalid(fields={"name": _("Enter what it is called")})
    _require_covers(actor, role)
    user: User = User.objects.create_user(
        f"app-{secrets.token_hex(6)}@{SERVICE_DOMAIN}", name=label, is_service=True, department=department
    )
    user.roles.add(role)
    if team is not None:
        TeamMembership.objects.create(team=team, user=user)
    data = {"user": label, "role": dict(role.name)}
    record_activity(actor=actor, type="integrations.application_made", subject=user, data=data)
    return user


def _checked(
    name: str, person: User, permissions: Sequence[str] | None, expires_at: dt.datetime | None
) -> tuple[str, list[str] | None]:
    """The name and the permissions, cleaned. Raises `Invalid`."""
    wrong: dict[str, Any] = {}
    label = clean_line(name, 80)
    if not label:
        wrong["name"] = _("Enter what the token is for")
    if expires_at is not None and expires_at <= clock.now():
        wrong["expires_at"] = _("Enter a day to come")
    if permissions is not None:
        held = actor_for(person).grants.permissions
        if not permissions:
            wrong["permissions"] = _("Choose at least one right, or let it do all that you may")
        elif not set(permissions) <= held:
            wrong["permissions"] = _("A token cannot do more than its user")
    if wrong:
        raise Invalid(fields=wrong)
    return label, sorted(permissions) if permissions is not None else None


def _require_covers(actor: Actor, role: Role) -> None:
    """Nobody gives an application what they do not hold. Raises `BeyondOwnRights`."""
    if actor.is_system:
        return
    given = set(sockets.permissions.names if role.is_administrator else role.permissions) & sockets.permissions.names
    missing = given - actor.effective.grants.permissions
    modules = [module.key for module in sockets.permissions if module.scoped]
    wanted = {key: Scope.ALL if role.is_administrator else role.scope_for(key) for key in modules}
    if missing or any(scope > actor.scope(key) for key, scope in wanted.items()):
        raise BeyondOwnRights(
            _("The role %(role)s may do more than you. Choose another, or ask an administrator.") % {"role": role},
            fields={"role": _("This role may do more than you")},
        )


def _tell(actor: Actor, type: str, token: ApiToken) -> None:
    data = {"name": token.name, "user": token.user.name}
    record_activity(actor=actor, type=type, subject=token, anchors=[token.user], data=data)
