"""Normal forms of mail addresses and phone numbers, the keys that customers are recognised by."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crm.core.phones import DEFAULT_REGION, e164, masked_phone, shown_phone
from crm.core.text import clean_line, masked_email

from ..exceptions import BadChatId, BadEmail, BadPhone

__all__ = ["masked_email", "masked_phone", "normal_email", "normal_phone", "shown_phone"]


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
    value = e164(clean_line(raw, 60), region)
    if not value:
        raise BadPhone
    return value


def normal_chat(raw: str) -> str:
    """A chat id as its service shows it. Raises `BadChatId`."""
    value = clean_line(raw)
    if not value or " " in value or len(value) > 100:
        raise BadChatId
    return value


def masked_place(value: str) -> str:
    """The beginning of a postal address, which tells the region: names, numbers and streets stand behind it."""
    return f"{value[: min(6, len(value) // 3)]}***" if value else ""


def masked_chat(value: str) -> str:
    """The first and last two signs."""
    return f"{value[:2]}***{value[-2:]}" if len(value) > 5 else "***"
