"""Normal forms of mail addresses and phone numbers, the keys that customers are recognised by."""

from __future__ import annotations

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crm.core.text import clean_line

from .exceptions import BadEmail, BadPhone

#: A number typed without a country code is read as this country's.
DEFAULT_REGION = "CN"


def normal_email(raw: str) -> str:
    """Lower case, cleaned. Raises `BadEmail`."""
    value = clean_line(raw).lower()
    try:
        validate_email(value)
    except ValidationError:
        raise BadEmail from None
    if len(value) > 254:
        raise BadEmail
    return value


def normal_phone(raw: str, region: str = DEFAULT_REGION) -> str:
    """E.164, such as +8613812345678. Raises `BadPhone`."""
    try:
        number = phonenumbers.parse(clean_line(raw, 60), region)
    except phonenumbers.NumberParseException:
        raise BadPhone from None
    if not phonenumbers.is_possible_number(number):
        raise BadPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(value: str) -> str:
    """138 1234 5678 for China, the international form otherwise."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    national = str(number.national_number)
    if number.country_code == 86 and len(national) == 11:
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def masked_phone(value: str) -> str:
    """138 **** 5678: enough to recognise, too little to dial."""
    shown = shown_phone(value)
    digits = [i for i, char in enumerate(shown) if char.isdigit()]
    hidden = set(digits[-8:-4])
    return "".join("*" if i in hidden else char for i, char in enumerate(shown))


def masked_email(value: str) -> str:
    """At most three letters, never more than half of the name, and the host."""
    local, _at, host = value.partition("@")
    return f"{local[: min(3, len(local) // 2)]}***@{host}"
