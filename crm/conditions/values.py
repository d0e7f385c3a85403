"""Values of a condition: from JSON or a form to Python, checked, and back to JSON that stays the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.core.errors import Invalid
from crm.core.text import clean_line

from .registry import Field

MAX_TEXT = 200
MAX_SEVERAL = 100
MAX_COUNT = 1_000_000
MAX_NUMBER = Decimal(10) ** 15
YEARS = range(1900, 2201)

UNITS = {
    "minutes": (60, gettext_lazy("minutes")),
    "hours": (3600, gettext_lazy("hours")),
    "days": (86400, gettext_lazy("days")),
    "weeks": (604800, gettext_lazy("weeks")),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a person says it: 7 days."""

    n: int
    unit: str

    @property
    def seconds(self) -> int:
        return self.n * UNITS[self.unit][0]

    @property
    def delta(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.seconds)

    def __str__(self) -> str:
        return {
            "minutes": ngettext("%(count)s minute", "%(count)s minutes", self.n),
            "hours": ngettext("%(count)s hour", "%(count)s hours", self.n),
            "days": ngettext("%(count)s day", "%(count)s days", self.n),
            "weeks": ngettext("%(count)s week", "%(count)s weeks", self.n),
        }[self.unit] % {"count": self.n}


def units_for(field_type: str) -> dict[str, Any]:
    """Unit → label that spans of a field of that type may use; a date has no hours."""
    return {key: label for key, (_n, label) in UNITS.items() if field_type != "date" or key in {"days", "weeks"}}


def read_argument(takes: str, field: Field, raw: Any, options: Mapping[str, tuple[Any, Any]] | None) -> Any:
    """The checked argument of an operator that `takes` it. Raises `Invalid` with a sentence for the person.

    options: what may be picked, or None to take a stored value as it is.
    """
    if takes == "nothing":
        return None
    if takes == "count":
        return _count(raw)
    if takes == "span":
        return _span(raw, field.type)
    if takes == "one":
        return _one(field, raw, options)
    if not isinstance(raw, list | tuple) or not raw:
        raise Invalid(_("Choose at least one value."))
    if takes == "range":
        if len(raw) != 2:
            raise Invalid(_("Enter both ends of the range."))
        first, second = (_one(field, entry, options) for entry in raw)
        if _order(first) > _order(second):
            raise Invalid(_("The first value must not be after the second."))
        return first, second
    if len(raw) > MAX_SEVERAL:
        raise Invalid(_("Choose at most %(limit)s values.") % {"limit": MAX_SEVERAL})
    return tuple(dict.fromkeys(_one(field, entry, options) for entry in raw))


def to_json(argument: Any) -> Any:
    """The argument as it is stored; `read_argument` gives the same one back."""
    if isinstance(argument, tuple):
        return [to_json(entry) for entry in argument]
    if isinstance(argument, Span):
        return {"n": argument.n, "unit": argument.unit}
    if isinstance(argument, Decimal):
        return int(argument) if argument == argument.to_integral_value() else str(argument)
    if isinstance(argument, dt.datetime | dt.date):
        return argument.isoformat()
    return argument


def _order(value: Any) -> Any:
    return value.seconds if isinstance(value, Span) else value


def _one(field: Field, raw: Any, options: Mapping[str, tuple[Any, Any]] | None) -> Any:
    if field.has_options:
        return _option(raw, options)
    return _READERS[field.type](raw, field.type)


def _option(raw: Any, options: Mapping[str, tuple[Any, Any]] | None) -> Any:
    if isinstance(raw, bool) or not isinstance(raw, str | int) or raw == "":
        raise Invalid(_("Choose a value."))
    if options is None:
        return raw
    try:
        return options[str(raw)][0]
    except (KeyError, ValueError):  # ValueError: an integer of thousands of digits
        raise Invalid(_("Choose one of the listed values.")) from None


def _text(raw: Any, _type: str) -> str:
    if not isinstance(raw, str):
        raise Invalid(_("Enter a text."))
    if len(raw) > MAX_TEXT:
        raise Invalid(_("Enter at most %(limit)s characters.") % {"limit": MAX_TEXT})
    if not (text := clean_line(raw)):
        raise Invalid(_("Enter a text."))
    return text


def _number(raw: Any, _type: str) -> Decimal:
    try:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float) or len(text := str(raw).strip()) > 40:
            raise InvalidOperation
        number = Decimal(text)
    except (InvalidOperation, ValueError):
        raise Invalid(_("Enter a number.")) from None
    if not number.is_finite() or abs(number) >= MAX_NUMBER or number.as_tuple().exponent < -9:  # type: ignore[operator]
        raise Invalid(_("Enter a number of at most 15 digits and 9 decimals."))
    return number


def _boolean(raw: Any, _type: str) -> bool:
    if raw in ("true", "false"):
        return bool(raw == "true")
    if not isinstance(raw, bool):
        raise Invalid(_("Choose yes or no."))
    return raw


def _date(raw: Any, _type: str) -> dt.date:
    try:
        value = parse_date(raw) if isinstance(raw, str) else None
    except ValueError:
        value = None
    if value is None or value.year not in YEARS:
        raise Invalid(_("Enter a date."))
    return value


def _datetime(raw: Any, _type: str) -> dt.datetime:
    """A moment in UTC; one without a zone is read in the active time zone."""
    try:
        value = parse_datetime(raw) if isinstance(raw, str) else None
    except ValueError:
        value = None
    if value is None or value.year not in YEARS:
        raise Invalid(_("Enter a date and time."))
    return (timezone.make_aware(value) if timezone.is_naive(value) else value).astimezone(dt.UTC)


def _span(raw: Any, field_type: str) -> Span:
    if not isinstance(raw, Mapping) or raw.get("unit") not in tuple(units_for(field_type)):
        raise Invalid(_("Enter a number and choose a unit of time."))
    n = _whole(raw.get("n"))
    if n is None or not 1 <= n <= 10_000:
        raise Invalid(_("Enter a whole number from 1 to 10,000."))
    return Span(n, raw["unit"])


def _count(raw: Any) -> int:
    n = _whole(raw)
    if n is None or not 0 <= n <= MAX_COUNT:
        raise Invalid(_("Enter a whole number."))
    return n


def _whole(raw: Any) -> int | None:
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) <= 9:
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


_READERS = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "duration": _span,
}
