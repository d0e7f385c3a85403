"""Storing one row of settings: checked as a whole, written, and told with what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from crm.core.actor import Actor
from crm.core.errors import Invalid

from .recording import record as record_activity

Row = TypeVar("Row", bound=models.Model)


def store_row(actor: Actor, model: type[Row], record: Row | None, values: Mapping[str, Any], *, type: str) -> Row:
    """Makes or changes a row inside its action; type: of the activity that tells of it. Raises `Invalid`."""
    manager = model._default_manager
    row = manager.select_for_update(no_key=True).get(pk=record.pk) if record is not None else model()
    many = {field.name for field in model._meta.many_to_many}
    before = {name: getattr(row, name, None) for name in values if name not in many and row.pk}
    for name, value in values.items():
        if name not in many:
            setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    row.save()
    for name in many & set(values):
        getattr(row, name).set(values[name])
    pairs = {name: [_plain(old), _plain(getattr(row, name))] for name, old in before.items()}
    what = f"{model._meta.verbose_name} {row}"
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    record_activity(actor=actor, type=type, subject=row, data={"what": what, "changes": changes})
    return row


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | dict | type(None)) else str(value)
