"""Ready `parse` functions for columns: what people write in cells, as values. Each raises `Invalid` with what to do."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.core.errors import Invalid

from .declarations import Reading

Parse = Callable[[str, Reading], Any]
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_CUT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_SEPARATORS = re.compile(r"[;；、\n]|(?<=\S)\s*[,，]\s*(?=\S)")
_YES = {"yes", "y", "true", "1", "是", "√", "✓", "真", "有", "启用"}
_NO = {"no", "n", "false", "0", "否", "×", "假", "无", "停用"}
#: What a spreadsheet shows where a formula failed.
BROKEN = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


def text(limit: int) -> Parse:
    """One line of at most so many signs; longer is refused, never cut."""

    def parse(cell: str, reading: Reading) -> str:
        line = " ".join(cell.split())
        if len(line) > limit:
            raise Invalid(_("Too long: %(count)s signs, at most %(limit)s") % {"count": len(line), "limit": limit})
        return line

    return parse


def long_text(limit: int) -> Parse:
    """Lines stay lines."""

    def parse(cell: str, reading: Reading) -> str:
        if len(cell) > limit:
            raise Invalid(_("Too long: %(count)s signs, at most %(limit)s") % {"count": len(cell), "limit": limit})
        return cell

    return parse


def several(normal: Callable[[str], Any]) -> Parse:
    """Several values between ; 、 or commas, each in its normal form."""

    def parse(cell: str, reading: Reading) -> list[Any]:
        parts = [part.strip() for part in _SEPARATORS.split(cell) if part.strip()]
        return list(dict.fromkeys(normal(_whole(part)) for part in parts))

    return parse


def through(normal: Callable[[str], Any]) -> Parse:
    """By a function that raises a `DomainError`."""
    return lambda cell, reading: normal(_whole(cell))


def unless_masked(parse: Parse) -> Parse:
    """A cell that an export masked, such as 138****5678, is an empty one: it says nothing anew."""
    return lambda cell, reading: None if "***" in cell else parse(cell, reading)


def choice(choices: type[TextChoices], more: Mapping[str, str] | None = None) -> Parse:
    """By the value or its label in any language; more: other words → value."""

    @functools.cache
    def known() -> dict[str, str]:
        words = {word.casefold(): value for word, value in (more or {}).items()}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                words |= {str(label).casefold(): value for value, label in choices.choices}
        return words | {value.casefold(): value for value in choices.values}

    def parse(cell: str, reading: Reading) -> str:
        wanted = unicodedata.normalize("NFKC", cell).strip().casefold()
        if wanted not in known():
            labels = ", ".join(str(label) for label in choices.labels)
            raise Invalid(_("Not in the list. Write one of: %(labels)s") % {"labels": labels})
        return known()[wanted]

    return parse


def yes_no(cell: str, reading: Reading) -> bool:
    """Yes or no, 是 or 否."""
    word = cell.strip().casefold()
    if word in _YES | _NO:
        return word in _YES
    raise Invalid(_("Write yes or no"))


def number(*, digits: int, decimals: int, least: Decimal | None = Decimal(0)) -> Parse:
    """A decimal with thousands separators, a currency sign or % around it. least: the smallest that is taken."""

    def parse(cell: str, reading: Reading) -> Decimal:
        bare = unicodedata.normalize("NFKC", cell).replace(" ", "").strip("¥￥$€£元%")
        bare = bare.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare) else bare
        try:
            if not re.fullmatch(r"-?\d{1,20}(\.\d{1,12})?", bare):
                raise InvalidOperation
            value = Decimal(bare)
        except InvalidOperation:
            raise Invalid(_("Write a number, such as 1280 or 1,280.50")) from None
        if least is not None and value < least:
            raise Invalid(_("Write a number of at least %(least)s") % {"least": least})
        if abs(value) >= Decimal(10) ** (digits - decimals) or value != round(value, decimals):
            raise Invalid(_("At most %(digits)s digits, %(decimals)s of them after the point")
                          % {"digits": digits, "decimals": decimals})  # fmt: skip
        return value

    return parse


def whole(least: int, most: int) -> Parse:
    """A whole number in a range."""

    def parse(cell: str, reading: Reading) -> int:
        bare = unicodedata.normalize("NFKC", cell).strip()
        if not re.fullmatch(r"-?\d{1,9}", bare) or not least <= int(bare) <= most:
            raise Invalid(_("Write a whole number from %(least)s to %(most)s") % {"least": least, "most": most})
        return int(bare)

    return parse


def day(cell: str, reading: Reading) -> dt.date:
    """2026-12-31, 2026/12/31, 20261231, 2026年12月31日; with the year last as the import says. A time is left out."""
    bare = unicodedata.normalize("NFKC", cell).strip()
    if re.fullmatch(r"(19|20|21)\d{6}", bare):
        bare = f"{bare[:4]}-{bare[4:6]}-{bare[6:]}"
    if match := _YEAR_FIRST.match(bare):
        year, month, of_month = (int(part) for part in match.groups())
    elif match := _YEAR_LAST.match(bare):
        first, second, year = (int(part) for part in match.groups())
        of_month, month = (first, second) if reading.day_first else (second, first)
    else:
        raise Invalid(_("Write a date as year-month-day, such as 2026-03-31"))
    try:
        found = dt.date(year, month, of_month)
    except ValueError:
        raise Invalid(_("There is no such day. Look at month and day, or choose the other order of dates")) from None
    if not 1900 <= found.year <= 2200:
        raise Invalid(_("The year lies outside 1900 to 2200"))
    return found


def moment(cell: str, reading: Reading) -> dt.datetime:
    """A day and, if it is there, a time, in the importer's zone."""
    found, time = day(cell, reading), dt.time()
    if match := _TIME.search(cell):
        hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            time = dt.time(hour, minute, second)
        except ValueError:
            raise Invalid(_("There is no such time. Write it as 14:05")) from None
    return timezone.make_aware(dt.datetime.combine(found, time))


def _whole(cell: str) -> str:
    """Refuses a long number that a spreadsheet shortened to 1.38E+10: its digits are gone."""
    if _CUT.fullmatch(cell.strip()):
        raise Invalid(_("The spreadsheet cut this number. Format the column as text and enter it again"))
    return cell
