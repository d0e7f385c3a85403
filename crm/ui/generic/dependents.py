"""What goes with a record when it is deleted, and what stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import router
from django.db.models import Model
from django.db.models.deletion import Collector, ProtectedError, RestrictedError


@dataclass(frozen=True, slots=True)
class Group:
    """So many records of one model."""

    label: Any
    count: int
    examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Dependents:
    """going: deleted with the record. blocking: must be moved or deleted first."""

    going: Sequence[Group]
    blocking: Sequence[Group]

    @property
    def blocked(self) -> bool:
        return bool(self.blocking)


def dependents_of(record: Model, *others: Model) -> Dependents:
    """Follows the foreign keys as a deletion would; counts, never loads what can be counted. others: of its model."""
    collector = Collector(using=router.db_for_write(type(record)), origin=record)
    try:
        collector.collect([record, *others])
    except (ProtectedError, RestrictedError) as error:
        objects = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", ())
        return Dependents((), _groups(objects))
    going = Counter({model: len(rows) for model, rows in collector.data.items()})
    going[type(record)] -= 1 + len(others)
    for rows in collector.fast_deletes:
        going[rows.model] += rows.count()
    return Dependents([Group(_label(model, count), count) for model, count in going.items() if count > 0], ())


def _groups(objects: Any) -> list[Group]:
    by_model: dict[type[Model], list[Model]] = {}
    for row in objects:
        by_model.setdefault(type(row), []).append(row)
    return [
        Group(_label(model, len(rows)), len(rows), [str(row) for row in rows[:5]]) for model, rows in by_model.items()
    ]


def _label(model: type[Model], count: int) -> Any:
    return model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
