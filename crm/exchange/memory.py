"""What an undo remembers of a record: its values as JSON, and whether they still are what the import left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.core.errors import Conflict


def image(record: Model, fields: Iterable[str]) -> dict[str, Any]:
    """Field → value as JSON, as the database has it; a record it points at is its id. Empty for one that is gone."""
    return images([record], fields).get(record.pk, {})


def images(records: Collection[Model], fields: Iterable[str]) -> dict[int, dict[str, Any]]:
    """Id → image of records of one model, in one look; those that are gone are left out."""
    if not records:
        return {}
    model = type(next(iter(records)))
    columns = {field.name: field.attname for field in model._meta.concrete_fields}
    wanted = {name: columns[name] for name in fields}
    rows = model._base_manager.filter(pk__in=[record.pk for record in records])
    return {row.pk: {name: plain(getattr(row, column)) for name, column in wanted.items()} for row in rows}


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, dt.date | Decimal):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value


def values_of(model: type[Model], kept: Mapping[str, Any]) -> dict[str, Any]:
    """An image as values for an action: records for ids, dates and decimals for texts."""
    found = {}
    for name, value in kept.items():
        field: Any = model._meta.get_field(name)
        if field.is_relation:
            found[name] = field.related_model._base_manager.filter(pk=value).first() if value is not None else None
        else:
            found[name] = field.to_python(value)
    return found


def require_same(record: Model, kept: Mapping[str, Any]) -> None:
    """Raises `Conflict` when somebody changed the record since."""
    if image(record, kept) != dict(kept):
        raise Conflict(_("Somebody changed it since"))
