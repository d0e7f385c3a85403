"""Who is signed in to the portal on this request. The cookie holds a random token, the database its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from crm.core import clock
from crm.core.models import Brand

from ..choices import IdentityKind, PortalReach, Source
from ..models import Identity, PortalSession, PortalSettings

COOKIE = "portal"
#: Names the code that was asked for in this browser, until it is used.
ASKED_COOKIE = "portal_code"
#: How a customer comes in by the words of somebody whom nobody knows.
OPEN_TO_STRANGERS = frozenset({Source.WEB_FORM, Source.EMAIL})
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}", re.ASCII)
_SALT = "customers.portal.code"


def settings_of(brand: Brand) -> PortalSettings:
    """The brand's portal, the defaults where nobody changed anything."""
    return PortalSettings.objects.filter(brand=brand).first() or PortalSettings(brand=brand)


def is_on() -> bool:
    """Whether customers may sign in at all."""
    return not PortalSettings.objects.filter(brand__is_default=True, is_on=False).exists()


def hash_token(token: str) -> str:
    """What is stored of a cookie: its 160 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_code(key: str, code: str) -> str:
    """What is stored of a code: six digits are guessed in no time without the secret key of this installation."""
    return salted_hmac(_SALT, f"{key}:{code}", algorithm="sha256").hexdigest()


def is_code(code_hash: str, key: str, code: str) -> bool:
    """Whether it is the code; takes the same time where none was made."""
    return hmac.compare_digest(code_hash or "-" * 64, hash_code(key, code))


def identity_at(kind: str, value: str) -> Identity | None:
    """The address of a person who may sign in: alive, a customer and no colleague, not shut out.

    Not one that a stranger may have put beside theirs (`is_doubtful`).
    """
    rows = Identity.objects.select_related("contact__customer__brand", "contact__portal_access")
    found: Identity | None = rows.filter(
        kind=kind, value=value, contact__deleted_at__isnull=True, contact__customer__deleted_at__isnull=True,
        contact__customer__is_internal=False,
    ).exclude(contact__portal_access__reach=PortalReach.OFF).first()  # fmt: skip
    if found is None or kind not in {IdentityKind.EMAIL, IdentityKind.PHONE} or is_doubtful(found):
        return None
    return found


def is_doubtful(identity: Identity) -> bool:
    """Whether whoever reads what is sent there need not be the contact. At most one query.

    A public form makes a contact of the addresses that somebody typed, who may have typed another's beside their own.
    The first that is proved decides whose contact it is; that person adds the others in the portal, with a code.
    """
    if identity.verified_at is not None or identity.contact.customer.source not in OPEN_TO_STRANGERS:
        return False
    return Identity.objects.filter(contact=identity.contact_id, verified_at__isnull=False).exists()


def session_at(token: str, now: dt.datetime) -> PortalSession | None:
    """The session behind a cookie, while its person may be signed in. One query."""
    if not _TOKEN.fullmatch(token):
        return None
    rows = PortalSession.objects.select_related("contact__customer__brand", "contact__portal_access", "identity")
    found: PortalSession | None = rows.filter(
        token_hash=hash_token(token), expires_at__gt=now, identity__deleted_at__isnull=True,
        contact__deleted_at__isnull=True, contact__customer__deleted_at__isnull=True,
    ).exclude(contact__portal_access__reach=PortalReach.OFF).first()  # fmt: skip
    return found


def visit_of(request: HttpRequest) -> PortalSession | None:
    """The contact's session, None for anybody else and while the portal is off."""
    token = request.COOKIES.get(COOKIE, "")
    found = session_at(token, clock.now()) if token else None
    return found if found is not None and settings_of(found.contact.customer.brand).is_on else None


def keep_cookie(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    """Sets a cookie that only the server reads and other sites do not send along with their forms."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def drop_cookie(response: HttpResponse, name: str) -> None:
    """Takes it back."""
    response.delete_cookie(name, path="/", samesite="Lax")
