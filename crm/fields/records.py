"""Answers of a record that exists: read into a form, checked and put back by the action that owns the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.translated import Translated, in_all_languages, listed

from .catalogue import fields_of
from .choices import FieldType
from .forms import PREFIX, Asked, clean_answers
from .models import CustomField
from .registry import COLUMN, custom_kinds


def editable(kind: str) -> list[CustomField]:
    """The fields that staff correct on a record's form; photos are files of its conversation."""
    return [entry for entry in fields_of(kind) if entry.type != FieldType.PHOTO]


def custom_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of an action's values that belong to custom fields, by their keys."""
    return {name.removeprefix(PREFIX): value for name, value in values.items() if name.startswith(PREFIX)}


def store_answers(record: Any, answers: Mapping[str, Any]) -> dict[CustomField, list[Any]]:
    """Checks answers and puts them on the record, which the caller has locked and then saves.

    answers: field key → stored form or text, None to take an answer away; what is not named stays. Returns
    field → [before, after] of what differs. Raises `Invalid` whose `fields` are named as in forms.
    """
    kind = custom_kinds.of_model(type(record))
    known = {entry.key: entry for entry in fields_of(kind.key)} if kind else {}
    if unknown := set(answers) - set(known):
        raise Invalid(fields={PREFIX + key: _("This field cannot be set") for key in unknown})
    present: dict[str, Any] = getattr(record, COLUMN)
    asked = [Asked(known[key]) for key in answers]
    found, errors = clean_answers(asked, answers, present=present)
    if errors:
        raise Invalid(fields={PREFIX + key: texts[0] for key, texts in errors.items()})
    changes = {known[key]: [present.get(key), found.get(key)] for key in answers if present.get(key) != found.get(key)}
    if changes:
        after = {**present, **{entry.key: pair[1] for entry, pair in changes.items()}}
        setattr(record, COLUMN, {key: value for key, value in after.items() if value is not None})
    return changes


def told(changes: Mapping[CustomField, list[Any]]) -> dict[str, list[Any]]:
    """What `store_answers` gave, as the `changes` of an activity: "custom_" and the key → [before, after]."""
    return {PREFIX + entry.key: pair for entry, pair in changes.items()}


def answers_for(kind: str, record: Any) -> dict[str, Any]:
    """A record's answers as values for a record of another kind that is made of it.

    Taken over is what the other kind asks too, under the same key and as the same type, and could be answered so.
    """
    own = custom_kinds.of_model(type(record))
    types = {entry.key: entry.type for entry in fields_of(own.key)} if own else {}
    asked = [Asked(entry) for entry in editable(kind) if types.get(entry.key) == entry.type]
    found, _errors = clean_answers(asked, getattr(record, COLUMN))
    return {PREFIX + key: value for key, value in found.items()}


def in_words(fields: Sequence[CustomField]) -> Translated:
    """The names of fields in each language, for the sentence of an activity."""
    return listed(entry.name for entry in fields)


def changed_in_words(model: type[Model], columns: Iterable[str], answered: Iterable[CustomField]) -> Translated:
    """What changed, by the names that people read: columns of the model, then custom fields."""
    fields = [model._meta.get_field(name) for name in columns]
    labels = [in_all_languages(field.verbose_name) for field in fields]  # type: ignore[union-attr]
    return listed([*labels, *(entry.name for entry in answered)])
