"""Filters of the listed custom fields, beside those that a list's filterset declares.

Each asks what the condition language asks: a list and a rule mean the same by "contains" and "up to".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import django_filters as df
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.conditions.operators import operators_for
from crm.conditions.registry import CATALOGUE
from crm.fields.choices import FieldType
from crm.fields.forms import PREFIX
from crm.fields.models import CustomField
from crm.fields.tags import tag_kinds, tags_of_kind

from ..lists import custom_fields_of
from .choices import ReadOnce

#: A key holds no "__", so these names meet no other field's.
FROM, TO = "__from", "__to"


class _Asks:
    """What a filter adds to a filter of django-filter: `ask(value)` is the condition."""

    def __init__(self, ask: Callable[[Any], Any], **kwargs: Any):
        super().__init__(**kwargs)
        self._ask = ask

    def filter(self, rows: Any, value: Any) -> Any:
        return rows if value in (None, "", []) else rows.filter(self._ask(value))


class _Text(_Asks, df.CharFilter):
    pass


class _Several(_Asks, df.MultipleChoiceFilter):
    pass


class _YesOrNo(_Asks, df.ChoiceFilter):
    pass


class _Number(_Asks, df.NumberFilter):
    pass


class _Date(_Asks, df.DateFilter):
    pass


def custom_filters(key: str) -> dict[str, Any]:
    """Name → filter of every listed custom field of the list's records; made anew for each filterset."""
    found: dict[str, Any] = {}
    for entry in custom_fields_of(key):
        if entry.type != FieldType.PHOTO:
            found |= _filters(key, entry)
    return found | _tag_filter(key)


def _tag_filter(key: str) -> dict[str, Any]:
    if key not in tag_kinds:
        return {}
    field: Any = CATALOGUE.field(f"{key}.tags")

    def ask(values: list[str]) -> Any:
        ids = [int(value) for value in values if value.isdigit()]
        return operators_for(field)["any_of"].compile(field, field.expression(), ids, None)

    choices = ReadOnce(lambda: [(str(pk), name) for pk, name in tags_of_kind(key).values_list("pk", "name")])
    return {"tags": _Several(ask, label=_("Tags"), choices=choices)}


def _filters(kind: str, entry: CustomField) -> dict[str, Any]:
    name, label = PREFIX + entry.key, str(entry.name)
    if entry.has_options:
        choices = [(value, str(text)) for value, text in entry.choices(all=True)]
        return {name: _Several(_ask(kind, entry, "any_of"), label=label, choices=choices)}
    if entry.type == FieldType.BOOLEAN:
        choices = [("True", pgettext("answer", "Yes")), ("False", pgettext("answer", "No"))]
        holds = _ask(kind, entry, "is")
        return {name: _YesOrNo(lambda word: holds(word == "True"), label=label, choices=choices)}
    starts = _("%(field)s: from") % {"field": label}
    ends = _("%(field)s: up to") % {"field": label}
    if entry.type == FieldType.NUMBER:
        return {
            name + FROM: _Number(_ask(kind, entry, "at_least"), label=starts),
            name + TO: _Number(_ask(kind, entry, "at_most"), label=ends),
        }
    if entry.type == FieldType.DATE:
        between = _ask(kind, entry, "between")
        day = {"widget": forms.DateInput(attrs={"type": "date"})}
        return {
            name + FROM: _Date(lambda first: between((first, dt.date.max)), label=starts, **day),
            name + TO: _Date(lambda last: between((dt.date.min, last)), label=ends, **day),
        }
    return {name: _Text(_ask(kind, entry, "contains"), label=label)}


def _ask(kind: str, entry: CustomField, operator: str) -> Callable[[Any], Any]:
    """Value → the condition that the field's operator makes of it."""
    field: Any = CATALOGUE.field(f"{kind}.{PREFIX}{entry.key}")
    return lambda value: operators_for(field)[operator].compile(field, field.expression(), value, None)
