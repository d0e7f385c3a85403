"""The recycle bin: what was deleted, of every kind whose deletion the viewer may do."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.sockets import Kind, Recyclable, kinds, recyclables

#: How long a deleted record can come back; docs/retention.md.
KEEP = dt.timedelta(days=30)
PAGE = 50


@dataclass(frozen=True, slots=True)
class BinRow:
    """A deleted record. token: how a form names it. days_left: whole days until it goes for good."""

    record: Any
    kind: Kind
    deleted_by: User | None
    days_left: int

    @property
    def token(self) -> str:
        return f"{self.kind.key}:{self.record.pk}"

    @property
    def label(self) -> str:
        """The number people write, else the name."""
        return str(getattr(self.record, "label", "") or self.record)


@dataclass(frozen=True, slots=True)
class BinPage:
    """A page of rows, latest deletion first. before: where the next page begins, None at the end."""

    rows: Sequence[BinRow]
    before: dt.datetime | None


def kinds_for(viewer: Actor) -> list[Recyclable]:
    """The kinds whose records the viewer may delete, in the order of their labels."""
    return sorted(
        (entry for entry in recyclables if viewer.can(entry.permission)), key=lambda entry: str(kinds[entry.key].label)
    )


def bin_page(viewer: Actor, filters: Mapping[str, Any], before: dt.datetime | None = None) -> BinPage:
    """A page of the bin. filters: kind, q (words of the record), deleted_by (a user). One query a kind, and one."""
    wanted = [entry for entry in kinds_for(viewer) if filters.get("kind") in {None, "", entry.key}]
    parts = (_latest(entry, viewer, filters, before) for entry in wanted)
    merged = heapq.merge(*parts, key=lambda pair: pair[1].deleted_at, reverse=True)
    found = list(itertools.islice(merged, PAGE + 1))
    shown = found[:PAGE]
    return BinPage(_rows(shown), shown[-1][1].deleted_at if len(found) > PAGE else None)


def find(viewer: Actor, tokens: Iterable[str]) -> list[BinRow]:
    """Deleted records by token, in the order asked for, each once; what is not in the viewer's bin is left out."""
    found = []
    for token in dict.fromkeys(tokens):
        key, _colon, number = token.partition(":")
        entry = recyclables.get(key)
        if entry is None or not viewer.can(entry.permission) or not (number.isascii() and number.isdigit()):
            continue
        record = entry.deleted(viewer).filter(pk=int(number)).first() if len(number) < 19 else None
        if record is not None:
            found.append((entry, record))
    return _rows(found)


def find_one(viewer: Actor, key: str, pk: int) -> BinRow:
    """One deleted record. Raises `NotFound`."""
    rows = find(viewer, [f"{key}:{pk}"])
    if not rows:
        raise NotFound
    return rows[0]


def _latest(
    entry: Recyclable, viewer: Actor, filters: Mapping[str, Any], before: dt.datetime | None
) -> Iterator[tuple[Recyclable, Any]]:
    rows = entry.deleted(viewer)
    if filters.get("q"):
        rows = rows.matching(filters["q"])
    if filters.get("deleted_by"):
        rows = rows.filter(deleted_by_id=filters["deleted_by"].pk)
    if before is not None:
        rows = rows.filter(deleted_at__lt=before)
    return ((entry, row) for row in rows.order_by("-deleted_at", "-pk")[: PAGE + 1])


def _rows(found: Sequence[tuple[Recyclable, Any]]) -> list[BinRow]:
    people = User.objects.in_bulk({record.deleted_by_id for _entry, record in found if record.deleted_by_id})
    now = clock.now()
    return [
        BinRow(record, kinds[entry.key], people.get(record.deleted_by_id), _days(record.deleted_at + KEEP - now))
        for entry, record in found
    ]


def _days(left: dt.timedelta) -> int:
    return max(0, math.ceil(left / dt.timedelta(days=1)))
