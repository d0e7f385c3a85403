"""The socket of what needs a segment, such as a campaign: it is listed on its page and keeps it from deletion.

Fill `<app>/segment_users.py`:

    segment_users.register(SegmentUser("campaigns", _("Campaigns"), lambda segment_id: Campaign.objects.filter(…)))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BooleanField, F, Func, QuerySet, Value

from crm.core.actor import Actor
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, Text
from crm.ui.generic.cells import url_of


@dataclass(frozen=True, slots=True)
class SegmentUser:
    """What may need segments. rows(segment id): the records that do, a queryset that knows `visible_to`."""

    key: str
    label: Text
    rows: Callable[[int], QuerySet[Any]]
    order: int = 50


segment_users: Registry[SegmentUser] = Registry("segment users", survives=True)
ALL_REGISTRIES.append(segment_users)


class Use(NamedTuple):
    """Records of one kind that need a segment. records: with their address, those the viewer may open; hidden: how many
    they may not."""

    label: Text
    records: list[tuple[Any, str]]
    hidden: int


def uses_of(segment_id: int, viewer: Actor | None = None) -> list[Use]:
    """What needs the segment, without kinds of which nothing does. One query a kind, two with a viewer."""
    found = []
    for user in segment_users:
        rows = list(user.rows(segment_id)[:200])
        if not rows:
            continue
        seen = rows
        if viewer is not None:
            visible = user.rows(segment_id).visible_to(viewer).values_list("pk", flat=True)  # type: ignore[attr-defined]
            ids = set(visible[:200])
            seen = [row for row in rows if row.pk in ids]
        found.append(Use(user.label, [(row, url_of(row)) for row in seen], len(rows) - len(seen)))
    return found


def naming(rows: QuerySet[Any], column: str, segment_id: int) -> QuerySet[Any]:
    """Rows whose condition, a JSON column, asks whether somebody is in the segment, through any relation."""
    path = f'$.** ? (@.field like_regex "(^customer|[.]customer)[.]segments$" && @.value[*] == {int(segment_id)})'
    asked = Func(F(column), Value(path), function="jsonb_path_exists", output_field=BooleanField())
    return rows.annotate(names_segment=asked).filter(names_segment=True)
