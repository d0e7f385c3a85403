"""Indexes that make a custom field fast: built and dropped beside running work, never inside a request."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import F, Index, OrderBy

from crm.jobs.models import Job

from . import catalogue
from .expressions import sort_key
from .models import CustomField
from .registry import custom_kinds


def indexes_of(field: CustomField) -> list[Index]:
    """One for each direction, since rows without an answer come last both ways; the first also finds answers."""
    key = sort_key(field)
    return [
        Index(key, F("id"), name=f"custom_{field.pk}_up"),
        Index(
            OrderBy(key, descending=True, nulls_last=True),
            OrderBy(F("id"), descending=True),
            name=f"custom_{field.pk}_down",
        ),
    ]


def build_or_drop(job: Job) -> bool:
    """The step of the job: brings the indexes of a field in line with what is asked. Safe to run twice."""
    field = CustomField.objects.filter(pk=job.params["field_id"]).first()
    kind = custom_kinds.by_code(field.kind) if field else None
    if field is None or kind is None:
        return True
    if not field.wants_index:
        _set_ready(field, False)
    if not field.index_ready:
        for index in indexes_of(field):
            _drop(kind.model, index)  # also what an interrupted run left behind, which is broken
            if field.wants_index:
                _build(kind.model, index)
    if field.wants_index:
        _set_ready(field, True)
    job.done = job.total = 1
    return True


def _build(model: Any, index: Index) -> None:
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(model, index, concurrently=True)  # type: ignore[call-arg]


def _drop(model: Any, index: Index) -> None:
    with connection.schema_editor(atomic=False) as editor:
        editor.remove_index(model, index, concurrently=True)  # type: ignore[call-arg]


def _set_ready(field: CustomField, ready: bool) -> None:
    """A fact about the database, no deed of anybody: lists sort by the field from now on, or no longer."""
    if field.index_ready != ready:
        CustomField.objects.filter(pk=field.pk).update(index_ready=ready)
        catalogue.changed()
        field.index_ready = ready
