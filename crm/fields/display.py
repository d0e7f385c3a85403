"""Answers as people read them, on pages, in mails and in spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import listed

from .catalogue import current
from .choices import FieldType
from .forms import form_field
from .models import CustomField
from .registry import COLUMN, custom_kinds
from .values import from_json, to_json

#: What people put between several answers in one cell.
_SEPARATORS = re.compile("[,;\n、，；]")


def shown(field: CustomField, stored: Any, language: str | None = None) -> str:
    """A stored answer in words, "" for none. language: by default the active one."""
    if language is not None:
        with translation.override(language):
            return shown(field, stored)
    value = from_json(field.type, stored)
    if value is None or value == []:
        return ""
    if field.type == FieldType.CHOICE:
        return field.option_label(value)
    if field.type == FieldType.MANY_CHOICE:
        return joined([field.option_label(each) for each in value])
    if field.type == FieldType.PHOTO:
        return joined(value)
    if field.type == FieldType.BOOLEAN:
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if field.type == FieldType.DATE:
        return date_format(value, "SHORT_DATE_FORMAT")
    if field.type == FieldType.NUMBER:
        return number_format(plain_number(value), force_grouping=True)
    return str(value)


def rows(record: Any, viewer: Actor | None = None, language: str | None = None) -> list[tuple[str, str]]:
    """(label, text) of every answer of a record, in the order of the fields.

    viewer: staff see all; anybody else, and None, what is not for staff only. Fields that were switched off are
    shown while they hold an answer.
    """
    entry = custom_kinds.of_model(type(record))
    answers: Mapping[str, Any] = getattr(record, COLUMN) if entry else {}
    if entry is None or not answers:
        return []
    staff = viewer is not None and (viewer.is_staff or viewer.is_system)
    return answers_shown(entry.key, answers, staff=staff, language=language)


def answers_shown(
    kind: str, answers: Mapping[str, Any], *, staff: bool = True, language: str | None = None
) -> list[tuple[str, str]]:
    """(label, text) of stored answers of a kind, such as those that an approval keeps. staff: see `rows`."""
    found = []
    for field in current().of(kind):
        text = shown(field, answers.get(field.key), language) if staff or not field.is_staff_only else ""
        if text:
            found.append((field.name.in_language(language or translation.get_language() or "en"), text))
    return found


def to_cell(field: CustomField, stored: Any) -> Any:
    """An answer for a spreadsheet: dates and numbers as such, everything else as text; None for none."""
    value = from_json(field.type, stored)
    if field.type == FieldType.PHOTO:
        return "\n".join(value) or None
    if field.type == FieldType.NUMBER and value is not None:
        return int(value) if value == value.to_integral_value() else value
    return value if field.type == FieldType.DATE else shown(field, stored) or None


def from_cell(field: CustomField, cell: Any) -> Any:
    """The stored form of a spreadsheet cell, None for an empty one. Options are known by value or by any label.

    Raises `Invalid` with a sentence that says what to do.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    raw: Any = cell
    if field.type == FieldType.CHOICE:
        raw = _value_of(field, str(cell))
    elif field.type == FieldType.PHOTO:
        raw = str(cell).split("\n")
    elif field.type == FieldType.MANY_CHOICE:
        raw = [_value_of(field, part) for part in _SEPARATORS.split(str(cell)) if part.strip()]
    elif field.type == FieldType.BOOLEAN:
        raw = {"是": "true", "否": "false"}.get(str(cell).strip(), str(cell).strip())
    elif field.type not in {FieldType.DATE, FieldType.NUMBER}:
        raw = str(cell)
    elif hasattr(cell, "date"):
        raw = cell.date()
    try:
        return to_json(field.type, form_field(field).clean(raw))
    except ValidationError as error:
        raise Invalid(_("%(field)s: %(problem)s") % {"field": field, "problem": error.messages[0]}) from None


def joined(parts: list[str]) -> str:
    """Several answers as one text."""
    return listed(parts)


def plain_number(value: Decimal) -> Any:
    """A number without an exponent or needless zeros."""
    return int(value) if value == value.to_integral_value() else value


def _value_of(field: CustomField, text: str) -> str:
    """The option whose value or label, in any language, is that text; the text itself when there is none."""
    wanted = text.strip().casefold()
    for value, label in field.choices(all=True):
        if wanted in {value.casefold(), *(each.casefold() for each in label.values())}:
            return value
    return text
