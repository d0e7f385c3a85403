"""Who saw which record, newest first, by keyset."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Max, QuerySet

from crm.accounts.models import User
from crm.activity.models import Sight, Sighting
from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.ui.generic.cells import url_of

from .audit import LAST_DAY, PAGE, midnight

#: How many people a record's own page names.
SEEN_BY = 20


@dataclass(frozen=True, slots=True)
class SightingRow:
    """A line. name and url are empty where the viewer may not see the record, or it is gone."""

    at: dt.datetime
    who: Any
    how: Any
    kind: Any
    object_id: int
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SightingPage:
    """A page of lines. before: the cursor of the next one, None at the end."""

    rows: Sequence[SightingRow]
    before: int | None


def sightings(viewer: Actor, filters: Mapping[str, Any], before: int | None = None) -> SightingPage:
    """A page. filters: q, actor, kind, object, since, until. Raises `NotAllowed`."""
    rows = _filtered(viewer, filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    people = User.objects.in_bulk([row.user_id for row in shown])
    records = _records(viewer, shown)
    lines = [_line(row, people.get(row.user_id), records.get((row.kind, row.object_id))) for row in shown]
    return SightingPage(lines, shown[-1].pk if len(found) > PAGE else None)


def seen_by(viewer: Actor, record: Any) -> list[dict[str, Any]]:
    """The people who opened the record, each with the last time, the latest first. Needs `console.view_audit`."""
    viewer.require("console.view_audit")
    rows = Sighting.objects.filter(kind=kind_of(record).code, object_id=record.pk)
    latest = list(rows.values("user_id").annotate(last=Max("at"), how=Max("how")).order_by("-last")[:SEEN_BY])
    people = User.objects.in_bulk([row["user_id"] for row in latest])
    return [
        {"user": people[row["user_id"]], "at": row["last"], "in_full": row["how"] == Sight.REVEALED}
        for row in latest
        if row["user_id"] in people
    ]


def _filtered(viewer: Actor, filters: Mapping[str, Any]) -> QuerySet[Sighting]:
    viewer.require("console.view_audit")
    rows = Sighting.objects.all()
    if filters.get("actor"):
        rows = rows.filter(user_id=filters["actor"].pk)
    if filters.get("q"):
        rows = rows.filter(user_id__in=User.objects.filter(name__icontains=filters["q"]).values("pk"))
    if filters.get("kind"):
        rows = rows.filter(kind=kinds[filters["kind"]].code)
    if filters.get("object"):
        rows = rows.filter(object_id=filters["object"])
    if filters.get("since"):
        rows = rows.filter(at__gte=midnight(filters["since"]))
    if filters.get("until"):
        rows = rows.filter(at__lt=midnight(min(filters["until"], LAST_DAY) + dt.timedelta(days=1)))
    return rows


def _records(viewer: Actor, rows: Iterable[Sighting]) -> dict[tuple[int, int], Any]:
    """The records that the viewer may see; one query a kind."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.kind].add(row.object_id)
    found = {}
    for code, ids in wanted.items():
        if (entry := kinds.by_code(code)) is not None:
            visible = apps.get_model(entry.model).objects.visible_to(viewer)  # type: ignore[attr-defined]
            found.update({(code, pk): record for pk, record in visible.in_bulk(ids).items()})
    return found


def _line(row: Sighting, user: User | None, record: Any) -> SightingRow:
    kind = kinds.by_code(row.kind)
    return SightingRow(
        at=row.at,
        who=user,
        how=row.get_how_display(),
        kind=kind.label if kind else row.kind,
        object_id=row.object_id,
        name=str(record) if record is not None else "",
        url=url_of(record) if record is not None else "",
    )
