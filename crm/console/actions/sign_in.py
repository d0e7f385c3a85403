"""Signing in and out, with a trace of every try."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand


@action()
def check_sign_in(*, actor: Actor, email: str, password: str, address: str) -> User | None:
    """The active user with that address and password, or None, which is recorded. An unknown address takes as long.

    Signing in is done only after every further step: the caller then says so by `record_sign_in`.
    address: where the try came from.
    """
    email = email.strip().lower()
    user = authenticate(None, username=email, password=password)
    if isinstance(user, User):
        return user
    known = User.objects.filter(email=email).first()
    record(
        actor=actor,
        type="console.sign_in_failed",
        subject=known or Brand.default(),
        data={"email": _loggable(email), "address": address},
    )
    return None


@action()
def record_sign_in(*, actor: Actor, user: User, address: str) -> None:
    """Notes that a person signed in; actor: that person."""
    record(actor=actor, type="console.signed_in", subject=user, data={"address": address})


@action()
def record_sign_out(*, actor: Actor, user: User) -> None:
    """Notes that a person signed out."""
    record(actor=actor, type="console.signed_out", subject=user)


def _loggable(email: str) -> str:
    """What was typed as an address, unless it is none: it may be a password in the wrong field."""
    try:
        validate_email(email)
    except ValidationError:
        return "--"
    return email[:200]
