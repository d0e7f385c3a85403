"""The secrets of tokens: made once, kept as a digest, looked up by it.

A secret has 240 random bits, so a plain SHA-256 is enough; there is nothing to guess that stretching would slow down.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from crm.accounts.access import actor_for
from crm.core import clock
from crm.core.actor import Actor, ActorKind, Grants

from .models import ApiToken

PREFIX = "crm_"
HINT_CHARS = 10
#: How exactly "last used" is known.
USED_EVERY = dt.timedelta(minutes=1)


def new_secret() -> str:
    """What a person copies into the other system."""
    return PREFIX + secrets.token_urlsafe(30)


def digest_of(secret: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str) -> ApiToken | None:
    """The token with that secret, when it still opens the door."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    return ApiToken.objects.live().select_related("user").filter(digest=digest_of(secret)).first()


def actor_of(token: ApiToken) -> Actor:
    """The actor of a token: its user's present rights, narrowed to what the token may. Two queries."""
    person = actor_for(token.user)
    if token.permissions is not None:
        person = Actor(ActorKind.STAFF, person.id, person.label, _narrowed(person.grants, set(token.permissions)))
    return Actor.token(token.pk, f"{person.label} · {token.name}", person)


def note_use(token: ApiToken) -> None:
    """Keeps when it was last used, to the minute; this writes once a minute at most."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _narrowed(grants: Grants, wanted: set[str]) -> Grants:
    allowed = grants.permissions & wanted
    scopes = {module: scope for module, scope in grants.scopes.items() if f"{module}.view" in allowed}
    return Grants(allowed, scopes, grants.team_ids, grants.department_ids, grants.department_team_ids)
