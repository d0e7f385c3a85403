"""Records with plain fields, one or hundreds: locked, checked, written and looked at together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from crm.core import clock
from crm.core.errors import Invalid, NotFound
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers
from crm.fields.registry import COLUMN

Row = TypeVar("Row", bound=models.Model)


def locked_rows(model: type[Row], records: Sequence[Row | None]) -> dict[int, Row]:
    """Id → record, fresh and locked in the order of ids. Raises `NotFound` when one is gone."""
    wanted = {record.pk for record in records if record is not None}
    if not wanted:
        return {}
    rows = model._default_manager.select_for_update(no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=wanted)}
    if len(found) < len(wanted):
        raise NotFound
    return found


def set_values(row: models.Model, values: Mapping[str, Any]) -> set[str]:
    """Puts columns and answers to custom fields ("custom_" and the key) on a record; the columns it set.

    Raises `Invalid`.
    """
    columns = {name for name in values if not name.startswith(PREFIX)}
    for name in columns:
        setattr(row, name, values[name])
    if answers := custom_values(values):
        store_answers(row, answers)
        columns.add(COLUMN)
    return columns


def require_valid(rows: Sequence[models.Model]) -> None:
    """Checks the fields of every row; of one row by itself also what the database holds already. Raises `Invalid`.

    Among many a value that must be unique is left to the database, which refuses them all; then fewer are tried.
    """
    for row in rows:
        related = [field.name for field in row._meta.concrete_fields if field.is_relation]
        try:
            if len(rows) == 1:
                row.full_clean()
            else:
                row.clean_fields(exclude=related)
                row.clean()
        except ValidationError as error:
            raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None


def write_rows(model: type[Row], rows: Sequence[Row], columns: Iterable[str]) -> None:
    """Inserts the new ones and stores these columns of the others: two statements, however many they are.

    Whatever `save` fills in by itself is filled in before.
    """
    fresh = [row for row in rows if row._state.adding]
    known = [row for row in rows if not row._state.adding]
    if fresh:
        model._default_manager.bulk_create(fresh)
    if known:
        for row in known:
            row.updated_at = clock.now()  # type: ignore[attr-defined]
        model._default_manager.bulk_update(known, {*columns, "updated_at"})
