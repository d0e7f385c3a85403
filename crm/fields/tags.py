"""Tags: which kinds of records take them, and which tags there are.

Fill `<app>/fields.py`: tag_kinds.register(TagKind("ticket", view="tickets.view", change="tickets.update"))

The block on the record's page, the column, the filter, the condition field and the bulk actions follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, Kind, kinds

from .models import Tag, Tagging

#: The annotation that lists read their column from.
NAMES = "tag_names"


@dataclass(frozen=True, slots=True)
class TagKind:
    """A kind of record with tags. key: its Kind key. view, change: permissions to see tags and to put them on."""

    key: str
    view: str
    change: str
    order: int = 50

    @property
    def kind(self) -> Kind:
        found: Kind = kinds[self.key]
        return found


tag_kinds: Registry[TagKind] = Registry("tag kinds")
ALL_REGISTRIES.append(tag_kinds)


def tags_of_kind(key: str) -> QuerySet[Tag]:
    """Every tag that records of a Kind key may carry, by name."""
    return Tag.objects.filter(kind=kinds[key].code).order_by("name_key")


def taggings(key: str, record_ids: Sequence[int] | OuterRef) -> Any:
    """Tags on records of a Kind key; an `OuterRef` correlates."""
    one = isinstance(record_ids, OuterRef)
    return Tagging.objects.filter(kind=kinds[key].code, **{"object_id" if one else "object_id__in": record_ids})


def tags_on(key: str, record_id: int) -> list[Tag]:
    """The tags of one record, by name."""
    return list(Tag.objects.filter(taggings__kind=kinds[key].code, taggings__object_id=record_id).order_by("name_key"))


def with_names(key: str, rows: Any) -> Any:
    """Rows of a list with their tags' names in one array each, without a further query."""
    if key not in tag_kinds:
        return rows
    names = taggings(key, OuterRef("pk")).order_by("tag__name_key").values("tag__name")
    return rows.annotate(**{NAMES: ArraySubquery(names)})
