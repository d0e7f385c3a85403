"""Membership follows what happens: a deed marks its customers, and a sweep looks at whoever was marked.

A condition's fields say which deeds may change them (`Field.watches`). The subscriber notes one narrow row for each
segment that watches the deed's type and each customer the deed is about; it asks nothing. Every few seconds the sweep
takes what is due, asks all those segments about all those customers together, and writes what differs. Moments at
which time alone makes a difference are rows of the same table with a later `due_at`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import kinds

from ..choices import MemberSource
from ..models import Contact, Customer, Segment, SegmentChange, SegmentCheck
from .membership import Settled, Verdict, asking, dependents_of, forget_changes, look, note_looks, settle, tell
from .rights import every_watched_type

#: Looks that one transaction takes, and transactions that one run makes.
BATCH, BATCHES = 1000, 20


class WatchedTypes(Sequence[str]):
    """The types of deeds that some field of a customer watches, read once all apps have declared their fields."""

    def __init__(self) -> None:
        self._types: list[str] | None = None

    def _read(self) -> list[str]:
        if self._types is None:
            self._types = every_watched_type()
        return self._types

    def __getitem__(self, index: Any) -> Any:
        return self._read()[index]

    def __len__(self) -> int:
        return len(self._read())


def follow(activity: Activity) -> None:
    """Marks the customers of a deed for every segment that watches its type."""
    segments = list(Segment.objects.followed().filter(watches__contains=[activity.key]).values_list("pk", flat=True))
    if segments:
        mark(segments, customers_of(activity))


def follow_many(activities: Sequence[Activity]) -> None:
    """The same for many deeds: those of one type are marked together."""
    watching: dict[str, list[int]] = {}
    for key in sorted({activity.key for activity in activities}):
        found = Segment.objects.followed().filter(watches__contains=[key])
        watching[key] = list(found.values_list("pk", flat=True))
    for key, segments in watching.items():
        if segments:
            mark(segments, {pk for activity in activities if activity.key == key for pk in customers_of(activity)})


def mark(segments: Collection[int], customers: Collection[int]) -> None:
    """Notes that these segments are to look at these customers; customers erased since are left out."""
    known = Customer.all_objects.filter(pk__in=customers).values_list("pk", flat=True)
    now = clock.now()
    SegmentCheck.objects.bulk_create(
        SegmentCheck(segment_id=segment, customer_id=pk, due_at=now) for pk in known for segment in segments
    )


def customers_of(activity: Activity) -> set[int]:
    """Ids of the customers that a deed is about: its subject, or those that its subject belongs to."""
    kind = kinds.by_code(activity.kind)
    if kind is None:
        return set()
    if kind.key == "customer":
        return {activity.object_id, *activity.data.get("others", [])}
    model = apps.get_model(kind.model)
    row = model._base_manager.filter(pk=activity.object_id).first()
    return set(_of(row)) if row is not None else set()


def _of(row: Any) -> Iterator[int]:
    """Through a key to a customer or a contact, or through a kind and an id, as tasks have them."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname) if field.is_relation else None
        if value is None:
            continue
        if issubclass(field.related_model, Customer):
            yield value
        elif issubclass(field.related_model, Contact):
            yield from Contact.all_objects.filter(pk=value).values_list("customer_id", flat=True)
    if hasattr(row, "kind") and hasattr(row, "object_id"):
        about = kinds.by_code(row.kind) if isinstance(row.kind, int) else None
        if about is not None and about.key == "customer":
            yield row.object_id
        elif about is not None and (record := _record(about.model, row.object_id)) is not None:
            yield from _of(record)


def _record(model: str, pk: int) -> Model | None:
    found: Model | None = apps.get_model(model)._base_manager.filter(pk=pk).first()
    return found


def look_at_due() -> int:
    """Takes the looks that are due and settles them. Returns how many there were."""
    done = 0
    for _batch in range(BATCHES):
        taken = _batch_of_looks()
        done += taken
        if taken < BATCH:
            break
    return done


def _batch_of_looks() -> int:
    """One transaction: the marks are gone exactly when what they led to is stored."""
    with transaction.atomic():
        now = clock.now()
        due = SegmentCheck.objects.filter(due_at__lte=now).order_by("due_at", "pk")
        rows = list(due.select_for_update(skip_locked=True)[:BATCH])
        if not rows:
            return 0
        pairs: dict[int, dict[int, bool]] = defaultdict(dict)
        for row in rows:
            pairs[row.segment_id][row.customer_id] = row.by_time and pairs[row.segment_id].get(row.customer_id, True)
        SegmentCheck.objects.filter(pk__in=[row.pk for row in rows]).delete()
        segments = list(Segment.objects.followed().filter(pk__in=pairs).select_related("owner").lock())
        asked = asking(segments)
        verdicts = look(asked, sorted({pk for found in pairs.values() for pk in found}), now)
        computing = set(SegmentChange.objects.filter(segment__in=pairs).values_list("segment", flat=True).distinct())
        for one in asked:
            wanted = pairs[one.segment.pk]
            own = {pk: verdicts.get((one.segment.pk, pk), Verdict(False, None)) for pk in wanted}
            if one.segment.pk in computing:
                forget_changes(one.segment, own)
            _write(one.segment, own, wanted, now)
    return len(rows)


def _write(segment: Segment, verdicts: dict[int, Verdict], by_time: dict[int, bool], now: dt.datetime) -> None:
    entered: list[int] = []
    left: list[int] = []
    for timed, source in ((False, MemberSource.DEED), (True, MemberSource.TIME)):
        ids = [pk for pk in verdicts if by_time[pk] is timed]
        if not ids:
            continue
        inside = [pk for pk in ids if verdicts[pk].belongs]
        settled = settle(segment, inside, [pk for pk in ids if not verdicts[pk].belongs], source, now)
        entered += settled.entered
        left += settled.left
    note_looks(segment, verdicts, now)
    settled = Settled(entered, left)
    tell(Actor.system("segments"), segment, settled)
    if settled:
        mark(list(dependents_of(segment.pk).values_list("pk", flat=True)), [*entered, *left])
