"""Secrets at rest: text that the product must read again, such as a mailbox password, encrypted in the database.

Fernet (AES-128-CBC with HMAC-SHA256), under a key derived by HKDF from `SECRET_KEY`. A changed `SECRET_KEY` still
opens what was stored while the old one stands in `SECRET_KEY_FALLBACKS`.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from .errors import DomainError


class SecretUnreadable(DomainError):
    """The text was encrypted under a key that the settings no longer name, or was changed."""

    status = 409
    code = "secret_unreadable"
    default = _("A stored secret can no longer be read, because the server's secret key has changed. Enter it again.")


def encrypt(text: str) -> str:
    """A token of letters, digits, - and _ that only `decrypt` turns back; different at every call."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text behind a token of `encrypt`. Raises `SecretUnreadable`."""
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def _cipher() -> MultiFernet:
    """The present key first: it encrypts; those before it only decrypt."""
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"crm.core.secrets").derive(force_bytes(secret))
    return base64.urlsafe_b64encode(derived)
