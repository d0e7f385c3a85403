"""Custom fields and tags as condition fields, `<kind>.custom_<key>` and `<kind>.tags`.

Custom fields that are not listed stay known to stored conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field, Provider, fields, providers

from .answers import condition_type
from .catalogue import Snapshot, current
from .choices import FieldType
from .expressions import Answers, answer
from .models import CustomField
from .registry import COLUMN, CustomKind, custom_kinds
from .tags import TagKind, tag_kinds, taggings, tags_of_kind
from .values import from_json

#: Behind the record's own fields.
ORDER = 100


def condition_fields() -> Mapping[str, Field]:
    """Key → condition field of every custom field now; the same objects until one changes."""
    return current().built(_fields)


def _fields(snapshot: Snapshot) -> dict[str, Field]:
    found = [_field(kind, entry) for kind in custom_kinds for entry in snapshot.of(kind.key) if condition_type(entry)]
    return {entry.key: entry for entry in found}


def _field(kind: CustomKind, entry: CustomField) -> Field:
    many = entry.type == FieldType.MANY_CHOICE
    return Field(
        f"{kind.key}.{COLUMN}_{entry.key}",
        kind.key,
        entry.name,
        condition_type(entry),  # type: ignore[arg-type]
        partial(Answers, entry.key) if many else partial(answer, entry),
        values=(lambda _actor: list(entry.choices(all=True))) if entry.has_options else None,
        permission=kind.permission,
        many=many,
        python=partial(_read, entry),
        help=entry.help,
        order=ORDER + entry.order,
        offered=entry.is_active and entry.is_listed,
    )


def _read(entry: CustomField, record: Any) -> Any:
    return from_json(entry.type, getattr(record, COLUMN).get(entry.key))


providers.register(Provider("custom_fields", condition_fields))


def _tag_field(kind: TagKind) -> Field:
    return Field(
        f"{kind.key}.tags", kind.key, _("Tags"), "tag", lambda: taggings(kind.key, OuterRef("pk")),
        values=lambda _actor: list(tags_of_kind(kind.key).values_list("pk", "name")),
        permission=kind.view, many=True, member="tag_id", order=ORDER - 1, watches=("fields.tagged", "fields.untagged"),
        python=lambda record: list(taggings(kind.key, [record.pk]).values_list("tag_id", flat=True)),
    )  # fmt: skip


for declared in tag_kinds:
    fields.register(_tag_field(declared))
