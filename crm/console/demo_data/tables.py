"""The tables of the product as a graph: who points at whom, by foreign key or by a stored kind and id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from crm.core.sockets import clock_kinds, kinds

#: Rows that belong to the running of the product, not to anybody's data.
_APART = frozenset(
    {
        "jobs_job", "jobs_idempotencykey", "core_demorun", "core_ratebucket", "auth_permission", "auth_group",
        "auth_group_permissions", "django_content_type", "files_blob",
    }
)  # fmt: skip
#: What hangs on a message goes with it, although the column could be emptied.
_GOES_ALONG = frozenset({"related"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its numeric key. is_record: people know its rows by name, so a real one is never taken along."""

    name: str
    key: str
    is_record: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A column of `child` that holds a key of `parent`.

    way: "part" goes with it, "holds" keeps it, "clears" lets go. is_snapshot: of the audit trail.
    """

    child: str
    column: str
    parent: str
    way: str
    is_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """Two columns that name any record: a stored kind and an id. codes: number of the kind → table."""

    child: str
    kind: str
    column: str
    codes: dict[int, str]


def _models(*, apart: bool = False) -> Iterator[Any]:
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if (
            meta.managed
            and not meta.proxy
            and (meta.db_table in _APART) == apart
            and not meta.db_table.startswith("pghistory")
        ):
            key = meta.pk.remote_field.model._meta.pk if meta.pk.remote_field else meta.pk
            if isinstance(key, models.AutoField | models.BigAutoField):
                yield model


@cache
def tables() -> tuple[Table, ...]:
    """Every table whose rows a demo may make."""
    named = {kind.model.lower() for kind in kinds if kind.url_name}
    return tuple(Table(m._meta.db_table, m._meta.pk.column, m._meta.label_lower in named) for m in _models())


@cache
def links() -> tuple[Link, ...]:
    """Every foreign key between them. Of an audit snapshot only the one to its own record counts."""
    known = {table.name for table in tables()}
    found = []
    for model in _models():
        for entry in model._meta.concrete_fields:
            parent = entry.related_model._meta.db_table if entry.remote_field else ""
            is_snapshot = hasattr(model, "pgh_label")
            if parent not in known or (is_snapshot and not _is_subject(model, entry)):
                continue
            way = "part" if is_snapshot else _way(entry)
            found.append(Link(model._meta.db_table, entry.column, parent, way, is_snapshot))
    # What belongs to the running of the product stays, and lets go of what leaves: a job loses its owner.
    for model in _models(apart=True):
        for entry in model._meta.concrete_fields:
            parent = entry.related_model._meta.db_table if entry.remote_field else ""
            if parent in known and _way(entry) == "clears":
                found.append(Link(model._meta.db_table, entry.column, parent, "clears"))
    return tuple(found)


def _is_subject(model: Any, entry: Any) -> bool:
    """Whether the column names what a snapshot is of; one of two joined rows is of both."""
    has_own = any(field.name == "pgh_obj" for field in model._meta.concrete_fields)
    return bool(entry.name == "pgh_obj" if has_own else entry.name != "pgh_context")


def _way(entry: Any) -> str:
    if entry.name in _GOES_ALONG or entry.remote_field.on_delete is models.CASCADE:
        return "part"
    return "clears" if entry.remote_field.on_delete is models.SET_NULL else "holds"


@cache
def pointers() -> tuple[Pointer, ...]:
    """Every pair of columns that names a record of any kind."""
    by_kind = {kind.code: apps.get_model(kind.model)._meta.db_table for kind in kinds}
    by_clock = {kind.code: apps.get_model(kinds[kind.on].model)._meta.db_table for kind in clock_kinds}
    found = []
    for model in _models():
        columns = {entry.name: entry for entry in model._meta.concrete_fields}
        for kind, column in (("kind", "object_id"), ("subject_kind", "object_id"), ("subject_kind", "subject_id")):
            if isinstance(columns.get(kind), models.IntegerField) and column in columns:
                codes = by_clock if model._meta.label == "calendars.Clock" else by_kind
                found.append(Pointer(model._meta.db_table, kind, column, codes))
    return tuple(found)


def on_activity() -> list[tuple[str, str]]:
    """Tables that hold the id of an activity, which is no foreign key."""
    return [
        (model._meta.db_table, entry.column)
        for model in _models()
        for entry in model._meta.concrete_fields
        if entry.name == "activity_id"
    ]
