"""One-time links to set a password: for people who were invited and for people who forgot."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from crm.accounts.models import User


class PasswordLinkTokens(PasswordResetTokenGenerator):
    """Dies by age (`PASSWORD_RESET_TIMEOUT`), use, sign-in, a new address, suspension or ended sessions."""

    key_salt = "crm.console.links"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_epoch}{user.is_active}"


tokens = PasswordLinkTokens()


def password_link(user: User) -> str:
    """The absolute address where this person sets a password, once."""
    path = reverse(
        "console:password_set",
        kwargs={"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": tokens.make_token(user)},
    )
    return f"{settings.BASE_URL}{path}"


def link_hours() -> int:
    """How long a link lives, in hours."""
    return settings.PASSWORD_RESET_TIMEOUT // 3600
