"""Who calls: `Authorization: Bearer <token>`, never a session, so that no page can call on its reader's behalf."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication

from crm.core.actor import Actor

from ..exceptions import NotSignedIn
from ..keys import actor_of, note_use, token_of
from ..models import ApiToken


class TokenAuthentication(BaseAuthentication):
    """Raises `NotSignedIn` without a token that works. `request.auth` is the token, `request.actor` who it acts as."""

    def authenticate(self, request: Any) -> tuple[Any, ApiToken]:
        scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        token = token_of(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise NotSignedIn
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


def caller(request: Any) -> Actor:
    """The actor of an authenticated call."""
    return actor_of(request.auth)
