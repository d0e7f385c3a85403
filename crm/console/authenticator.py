"""Codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, steps of 30 seconds), and recovery codes."""

from __future__ import annotations

import hashlib
import io
import secrets

import pyotp
import segno
from pyotp.utils import strings_equal

from crm.core import clock

STEP_SECONDS = 30
#: A phone's clock may be this many steps off, either way.
SKEW_STEPS = 1
RECOVERY_CODES = 10
#: Without i, l, o, 0 and 1, which look alike on paper. Sixteen of them carry 79 random bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def new_secret() -> str:
    """160 random bits in base 32, as authenticator apps take them."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, *, after: int) -> int | None:
    """The step whose code this is, if it lies near enough to now and later than `after`; else None."""
    totp, typed = pyotp.TOTP(secret), "".join(code.split())
    present = int(clock.now().timestamp()) // STEP_SECONDS
    steps = range(present - SKEW_STEPS, present + SKEW_STEPS + 1)
    found = [step for step in steps if strings_equal(totp.generate_otp(step), typed)]
    return max((step for step in found if step > after), default=None)


def setup_address(secret: str, *, email: str, company: str) -> str:
    """The otpauth:// address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=company)


def picture(text: str) -> bytes:
    """A QR code as SVG, dark on white in every theme, since scanners want it so."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", scale=5, border=4, dark="#000", light="#fff")
    return buffer.getvalue()


def new_recovery_codes() -> list[str]:
    """Ten codes such as "k7pm-2xqa-9rth-cw4z"."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _letter in range(_GROUP_LENGTH)) for _group in range(_GROUPS))
        for _code in range(RECOVERY_CODES)
    ]


def recovery_hash(user_id: int, code: str) -> str:
    """What is stored of a recovery code; spaces, dashes and capitals do not matter."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(f"{user_id}:{plain}".encode()).hexdigest()
