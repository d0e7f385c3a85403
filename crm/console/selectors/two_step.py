"""How far a person is with two-step verification."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crm.accounts.models import RecoveryCode, TwoStep, User
from crm.core.errors import NotFound
from crm.core.models import Brand
from crm.core.secrets import decrypt

from ..authenticator import setup_address


@dataclass(frozen=True, slots=True)
class TwoStepState:
    """enabled_at: None while it is off. required: a role asks for it. codes_left: unused recovery codes."""

    enabled_at: dt.datetime | None
    required: bool
    codes_left: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What an app needs: the secret in groups of four to type, and the address to scan."""

    secret: str
    address: str


def two_step_state(user: User) -> TwoStepState:
    """The state of one person, for their own page. Three queries."""
    row = TwoStep.objects.filter(user=user, confirmed_at__isnull=False).first()
    left = RecoveryCode.objects.filter(user=user, used_at__isnull=True).count() if row else 0
    return TwoStepState(row.confirmed_at if row else None, is_required(user), left)


def is_required(user: User) -> bool:
    """Whether one of the person's roles asks for a second step."""
    return user.roles.filter(requires_two_step=True).exists()


def confirmed(user: User) -> TwoStep | None:
    """The person's authenticator, once it has proved that it knows the secret."""
    return TwoStep.objects.filter(user=user, confirmed_at__isnull=False).first()


def setup_of(user: User) -> Setup:
    """What the app must learn. Raises `NotFound` unless a set-up has begun and is not finished."""
    row = TwoStep.objects.filter(user=user, confirmed_at__isnull=True).first()
    if row is None:
        raise NotFound
    secret = decrypt(row.secret)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return Setup(groups, setup_address(secret, email=user.email, company=str(Brand.default().name)))
