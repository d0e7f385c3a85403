"""Answers as they are kept: plain JSON in `record.custom`.

text, long_text, room, order_number, device: a string · choice: the option's value · many_choice: a list of them ·
boolean: true or false · date: "2026-03-31" · number: a JSON number of at most 15 digits (which a float keeps
exactly) · photo: the names of the files. A question nobody answered has no key.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.text import clean_line, clean_text

from .choices import MAX_LENGTH, TEXT_TYPES, FieldType

MAX_DIGITS, MAX_DECIMALS = 15, 6
MAX_PHOTOS = 10
YEARS = range(1900, 2201)
_ORDER_NUMBER = re.compile(r"[^\W_][\w./#-]*")
_HAS_SIGN = re.compile(r"[^\W_]")


def normalise(type: str, raw: str) -> str:
    """A text answer as it is stored, the one place that decides.

    Rooms, order numbers and devices: full-width letters and digits become ordinary ones; order numbers have no
    blanks; order numbers and devices are upper-case, so that "sn-12a" and "SN-12A" are one.
    """
    if type == FieldType.LONG_TEXT:
        return clean_text(raw)
    if type == FieldType.TEXT:
        return clean_line(raw)
    text = clean_line(unicodedata.normalize("NFKC", raw))
    if type == FieldType.ORDER_NUMBER:
        text = text.replace(" ", "").lstrip("#")
    return clean_line(text if type == FieldType.ROOM else text.upper())


def checked_text(type: str, raw: Any) -> str:
    """A normalised text of a text type, "" for nothing. Raises `Invalid` with what to do."""
    if not isinstance(raw, str):
        raise Invalid(_("Enter a text."))
    limit = MAX_LENGTH[FieldType(type)]
    if len(raw) > limit * 4:
        raise Invalid(_("Enter at most %(limit)s characters.") % {"limit": limit})
    text = normalise(type, raw)
    if len(text) > limit:
        raise Invalid(_("Enter at most %(limit)s characters.") % {"limit": limit})
    if text and type == FieldType.ORDER_NUMBER and not _ORDER_NUMBER.fullmatch(text):
        raise Invalid(_("Enter the order number as your confirmation shows it: letters, digits and - . / only."))
    if text and type == FieldType.ROOM and not _HAS_SIGN.search(text):
        raise Invalid(_("Enter the room as its door shows it, such as 1208 or B-204."))
    if text and type == FieldType.DEVICE and not _HAS_SIGN.search(text):
        raise Invalid(_("Enter the name or serial number on the device's label."))
    return text


def checked_number(raw: Any) -> Decimal:
    """A number of at most 15 digits, 6 of them decimals. Raises `Invalid`."""
    wrong = Invalid(_("Enter a number, such as 3 or 12.5."))
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise wrong
    try:
        text = unicodedata.normalize("NFKC", str(raw)).strip() if not isinstance(raw, str) or len(raw) <= 60 else ""
        number = Decimal(text.replace(",", "") if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text) else text)
    except (InvalidOperation, ValueError):  # ValueError: an integer of thousands of digits
        raise wrong from None
    if not number.is_finite():
        raise wrong
    if abs(number) >= 10**MAX_DIGITS:
        raise Invalid(_("Enter a number of at most %(digits)s digits.") % {"digits": MAX_DIGITS})
    number = number.normalize(Context(prec=100))
    digits, exponent = number.as_tuple().digits, int(number.as_tuple().exponent)
    if -exponent > MAX_DECIMALS or len(digits) + max(exponent, 0) > MAX_DIGITS:
        raise Invalid(
            _("Enter a number of at most %(digits)s digits, %(decimals)s of them after the point.")
            % {"digits": MAX_DIGITS, "decimals": MAX_DECIMALS}
        )
    return number


def checked_date(raw: Any) -> dt.date:
    """A day between 1900 and 2200. Raises `Invalid`."""
    day = raw if isinstance(raw, dt.date) else None
    if isinstance(raw, str):
        try:
            day = parse_date(raw.strip().replace("/", "-"))
        except ValueError:
            day = None
    if day is None or isinstance(day, dt.datetime) or day.year not in YEARS:
        raise Invalid(_("Enter a date as year-month-day, such as 2026-03-31."))
    return day


def to_json(type: str, value: Any) -> Any:
    """A cleaned Python value as it is stored; None for no answer."""
    if value is None or value == "" or value == []:
        return None
    if type == FieldType.DATE:
        return value.isoformat()
    if type == FieldType.NUMBER:
        return int(value) if value == value.to_integral_value() else float(value)
    return list(dict.fromkeys(value)) if isinstance(value, list) else value


def from_json(type: str, stored: Any) -> Any:
    """The Python value of a stored answer: date, Decimal, bool, str or list; None for none or one that is broken."""
    if type == FieldType.NUMBER:
        right = isinstance(stored, int | float) and not isinstance(stored, bool)
        return Decimal(repr(stored)) if right else None
    if type == FieldType.DATE:
        try:
            return dt.date.fromisoformat(stored) if isinstance(stored, str) else None
        except ValueError:
            return None
    if type == FieldType.BOOLEAN:
        return stored if isinstance(stored, bool) else None
    if type in {FieldType.MANY_CHOICE, FieldType.PHOTO}:
        return [entry for entry in stored if isinstance(entry, str)] if isinstance(stored, list) else []
    if type in TEXT_TYPES or type == FieldType.CHOICE:
        return stored if isinstance(stored, str) and stored else None
    return None
