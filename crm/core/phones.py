"""Phone numbers as people read them. Stored numbers are E.164, such as +8613812345678."""

from __future__ import annotations

import phonenumbers

#: A number typed without a country code is read as this country's.
DEFAULT_REGION = "CN"


def e164(raw: str, region: str = DEFAULT_REGION) -> str:
    """The stored form of what somebody typed; "" when no number can look like that."""
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
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


def country_of(value: str) -> int | None:
    """The calling code of an E.164 number, such as 86; None when it cannot be one."""
    try:
        return phonenumbers.parse(value, None).country_code
    except phonenumbers.NumberParseException:
        return None
