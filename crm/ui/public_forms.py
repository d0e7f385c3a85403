"""What protects a form that strangers fill without a puzzle: a signed age, a form key, a trap and clean fields.

The limits an hour are `core.limits`; the form counts them where it knows who sends it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core import signing
from django.core.validators import MaxLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.core.text import clean_line
from crm.core.tokens import new_token

#: A form older than this gets a new key: its uploads are gone by then, and a harvested key is worthless.
FORM_VALID = dt.timedelta(hours=24)
#: A field no person sees; what fills it is a machine. Its name is none that browsers complete.
TRAP = "second_subject"
_SALT = "crm.ui.public_form"
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class TooYoung(Exception):
    """The form came back faster than a person types."""


class TooOld(Exception):
    """The form's key is unknown, forged or older than `FORM_VALID`."""


def stamp(form_key: str) -> str:
    """The signed moment at which the form with that key was handed out."""
    return signing.TimestampSigner(salt=_SALT).sign(form_key).removeprefix(f"{form_key}:")


def check_age(form_key: str, signed: str, *, min_seconds: int) -> None:
    """Raises `TooYoung` or `TooOld` unless a person may have filled the form since it was handed out."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        signer.unsign(f"{form_key}:{signed}", max_age=FORM_VALID)
    except signing.BadSignature:
        raise TooOld from None
    if min_seconds:
        try:
            signer.unsign(f"{form_key}:{signed}", max_age=min_seconds)
        except signing.SignatureExpired:
            return
        raise TooYoung


def known_key(raw: str) -> str:
    """The form's key when it is well-formed, else a new one."""
    return raw if _KEY.fullmatch(raw) else new_token()


class CleanField(forms.CharField):
    """Text without what a reader cannot see. Too much of it is an error, never cut."""

    def __init__(self, *, limit: int, clean: Callable[[str], str] = clean_line, **kwargs: Any):
        self.clean_with = clean
        super().__init__(**kwargs)
        message = format_lazy(_("{label} must be {limit} characters or fewer"), label=self.label, limit=f"{limit:,}")
        self.validators.append(MaxLengthValidator(limit, message))

    def to_python(self, value: Any) -> str:
        return self.clean_with(super().to_python(value) or "")
