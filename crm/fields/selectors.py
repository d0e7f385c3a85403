"""How much custom fields are used."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Func, IntegerField, JSONField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import DataContains, HasKey
from django.db.models.functions import Coalesce

from .models import CustomField
from .registry import COLUMN, CustomKind, custom_kinds

#: Records are counted so far; one more says "and more".
COUNT_CAP = 1000


def with_usage(fields: QuerySet[CustomField]) -> QuerySet[CustomField]:
    """Each field says under `usage` how many records answer it, at most `COUNT_CAP` + 1. No further query."""
    counted = [When(kind=entry.kind.code, then=Coalesce(Subquery(_count_of(entry)), 0)) for entry in custom_kinds]
    return fields.annotate(usage=Case(*counted, default=Value(0), output_field=IntegerField()))


def usage(field: CustomField) -> int:
    """How many records answer the field, at most `COUNT_CAP` + 1; those in the recycle bin count too."""
    answered = _records(field)
    return answered.filter(HasKey(F(COLUMN), field.key))[: COUNT_CAP + 1].count() if answered is not None else 0


def options_in_use(field: CustomField, values: list[str]) -> set[str]:
    """Which of these option values some record answers. One query a value."""
    rows = _records(field)
    if rows is None:
        return set()
    return {value for value in values if rows.filter(_answers(field.key, value)).exists()}


def _answers(key: str, value: str) -> Q:
    return Q(DataContains(F(COLUMN), Value({key: value}, JSONField()))) | Q(
        DataContains(F(COLUMN), Value({key: [value]}, JSONField()))
    )


def _records(field: CustomField) -> QuerySet[Any] | None:
    kind = custom_kinds.by_code(field.kind)
    return kind.model._base_manager.order_by() if kind else None


def _count_of(kind: CustomKind) -> QuerySet[Any]:
    found = kind.model._base_manager.order_by().filter(HasKey(F(COLUMN), OuterRef("key")))
    counted = Func(Value(1), function="COUNT", output_field=IntegerField())
    return found.annotate(answered=counted).values("answered")
