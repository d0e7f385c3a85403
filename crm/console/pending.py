"""Somebody between the two steps: the password was right, the second step is still to come."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from crm.accounts.models import TwoStep, User
from crm.core import clock

#: How long the second step may take.
PENDING_SECONDS = 600
DEVICE_DAYS = 30
_KEY = "sign_in.pending"
_SALT = "crm.console.device"


@dataclass(frozen=True, slots=True)
class Pending:
    """target: where the person wanted to go."""

    user: User
    target: str


def remember(request: HttpRequest, user: User, target: str) -> None:
    """Notes in a fresh session that this browser proved the password."""
    request.session.cycle_key()
    request.session[_KEY] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "at": clock.now().timestamp(),
        "target": target,
    }


def pending(request: HttpRequest) -> Pending | None:
    """Who is on the way in; None after ten minutes, or once password, sessions or account have changed."""
    found = request.session.get(_KEY)
    if not found or clock.now().timestamp() - found["at"] > PENDING_SECONDS:
        return None
    user = User.objects.active().filter(pk=found["user"]).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), found["proof"]):
        return None
    return Pending(user, found["target"])


def forget(request: HttpRequest) -> None:
    """The second step is done, or given up."""
    request.session.pop(_KEY, None)


def trust_device(request: HttpRequest, response: HttpResponse, user: User, row: TwoStep) -> None:
    """Leaves a signed cookie, so that this browser is not asked again for thirty days."""
    seconds = DEVICE_DAYS * 86400
    value = signing.dumps({"proof": _proof(user, row), "until": clock.now().timestamp() + seconds}, salt=_SALT)
    response.set_cookie(
        _cookie(user), value, max_age=seconds, secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def is_trusted(request: HttpRequest, user: User, row: TwoStep) -> bool:
    """Whether this browser need not be asked: never after a new password, ended sessions or a new authenticator."""
    try:
        found = signing.loads(request.COOKIES.get(_cookie(user), ""), salt=_SALT)
    except signing.BadSignature:
        return False
    return found["until"] > clock.now().timestamp() and constant_time_compare(found["proof"], _proof(user, row))


def _cookie(user: User) -> str:
    return f"known_device_{user.pk}"


def _proof(user: User, row: TwoStep) -> str:
    moment = row.confirmed_at.timestamp() if row.confirmed_at else 0
    return salted_hmac(_SALT, f"{user.get_session_auth_hash()}:{row.pk}:{moment}", algorithm="sha256").hexdigest()
