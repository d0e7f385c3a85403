"""Who is in a segment: what its condition says about customers, and the rows that follow from it.

Everything here that writes stays of a segment runs under the lock of its row (`locked`), which see `SegmentMember`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet

from crm.activity.recording import record
from crm.conditions.language import Condition
from crm.conditions.moments import next_change
from crm.core.actor import Actor, Scope
from crm.core.errors import NotFound

from ..choices import MemberSource
from ..models import Customer, Segment, SegmentChange, SegmentCheck, SegmentMember
from .rights import Unkept, author_of, company_time, condition_of, reach_of

#: Up to this many changes at once are told one by one on the customers' timelines; more are one deed.
FEW = 50
#: How far ahead moments are noted at which time will make a difference. The nightly computing notes the next ones.
HORIZON = dt.timedelta(hours=48)
#: Segments asked in one query.
TOGETHER = 10


@dataclass(frozen=True, slots=True)
class Asking:
    """A segment with its condition and its author, checked."""

    segment: Segment
    author: Actor
    condition: Condition

    @classmethod
    def of(cls, segment: Segment) -> Asking:
        """Raises `Unkept`."""
        author = author_of(segment.owner)
        return cls(segment, author, condition_of(segment, author))

    @property
    def reach(self) -> QuerySet[Any]:
        """The customers that it may hold."""
        return reach_of(self.author)

    def matching(self, now: dt.datetime | None = None) -> QuerySet[Any]:
        """The customers that belong to it now."""
        return self.condition.filter(self.reach, now)

    @property
    def sees_all(self) -> bool:
        return self.author.can("customers.view") and self.author.scope("customers") == Scope.ALL


class Verdict(NamedTuple):
    """What one look at a customer found. next_at: when time alone may change it."""

    belongs: bool
    next_at: dt.datetime | None


class Settled(NamedTuple):
    """Customers who came and who went."""

    entered: list[int]
    left: list[int]

    def __bool__(self) -> bool:
        return bool(self.entered or self.left)


def locked(segment_id: int) -> Segment:
    """The segment, locked until the transaction ends. Raises `NotFound` when it is gone."""
    row = Segment.objects.lock().filter(pk=segment_id).first()
    if row is None:
        raise NotFound
    return row


def asking(segments: Iterable[Segment]) -> list[Asking]:
    """Those that can be asked; of the others it is noted why not. Each owner's rights are read once."""
    found, authors = [], {}
    for segment in segments:
        try:
            if segment.owner_id not in authors:
                authors[segment.owner_id] = author_of(segment.owner)
            author = authors[segment.owner_id]
            found.append(Asking(segment, author, condition_of(segment, author)))
        except Unkept as unkept:
            Segment.objects.filter(pk=segment.pk).update(failure=unkept.failure)
    return found


def look(asked: Collection[Asking], customer_ids: Collection[int], now: dt.datetime) -> dict[tuple[int, int], Verdict]:
    """(segment id, customer id) → verdict, for every pair; a customer who is gone belongs to none.

    One query for `TOGETHER` segments, whatever the number of customers.
    """
    verdicts: dict[tuple[int, int], Verdict] = {}
    ordered = list(asked)
    with company_time():
        for start in range(0, len(ordered), TOGETHER):
            verdicts |= _look(ordered[start : start + TOGETHER], customer_ids, now)
    return verdicts


def _look(asked: list[Asking], customer_ids: Collection[int], now: dt.datetime) -> dict[tuple[int, int], Verdict]:
    rows = Customer.objects.external().filter(pk__in=customer_ids)
    names = ["pk"]
    for i, one in enumerate(asked):
        rows = one.condition.annotate(rows, f"is_{i}", now)
        rows = rows.annotate(**{f"next_{i}": next_change(one.condition, now)})
        names += [f"is_{i}", f"next_{i}"]
        if not one.sees_all:
            rows = rows.annotate(**{f"reached_{i}": Exists(one.reach.order_by().filter(pk=OuterRef("pk")))})
            names.append(f"reached_{i}")
    verdicts = {}
    for row in rows.order_by().values(*names):
        for i, one in enumerate(asked):
            reached = row.get(f"reached_{i}", True)
            verdicts[one.segment.pk, row["pk"]] = Verdict(row[f"is_{i}"] and reached, row[f"next_{i}"])
    return verdicts


def settle(
    segment: Segment, inside: Collection[int], outside: Collection[int], source: MemberSource, now: dt.datetime
) -> Settled:
    """Makes the stays what was found for these customers. The caller holds the segment's lock."""
    stays = SegmentMember.objects.filter(segment=segment).current()
    current = set(stays.filter(customer__in=[*inside, *outside]).values_list("customer_id", flat=True))
    entered, left = sorted(set(inside) - current), sorted(set(outside) & current)
    SegmentMember.objects.bulk_create(
        SegmentMember(segment=segment, customer_id=pk, entered_at=now, source=source) for pk in entered
    )
    if left:
        stays.filter(customer__in=left).update(left_at=now)
    if entered or left:
        Segment.objects.filter(pk=segment.pk).update(size=F("size") + len(entered) - len(left))
    return Settled(entered, left)


def tell(actor: Actor, segment: Segment, settled: Settled) -> None:
    """One activity for each customer when there are few, one for all of them when there are many."""
    if not settled:
        return
    count = len(settled.entered) + len(settled.left)
    if count > FEW:
        size = SegmentMember.objects.filter(segment=segment).current().count()
        data = {"name": segment.name, "entered": len(settled.entered), "left": len(settled.left), "size": size}
        record(actor=actor, type="segments.computed", subject=segment, data=data)
        return
    rows = Customer.all_objects.in_bulk([*settled.entered, *settled.left])
    for type_key, ids in (("segments.entered", settled.entered), ("segments.left", settled.left)):
        for pk in ids:
            customer = rows[pk]
            data = {"name": segment.name, "customer": customer.name, "customer_id": pk}
            record(actor=actor, type=type_key, subject=segment, anchors=[customer], data=data)


def dependents_of(segment_id: int) -> QuerySet[Any]:
    """The dynamic segments whose condition names this one."""
    return Segment.objects.followed().filter(uses__contains=[segment_id])


def note_times(segment: Segment, moments: Iterable[tuple[int, dt.datetime]]) -> None:
    """Notes (customer id, moment) at which time will make a difference."""
    SegmentCheck.objects.bulk_create(
        [SegmentCheck(segment=segment, customer_id=pk, due_at=at, by_time=True) for pk, at in moments], batch_size=5000
    )


def note_looks(segment: Segment, verdicts: dict[int, Verdict], now: dt.datetime) -> None:
    """Notes when time will make a difference next: customer id → verdict of a fresh look."""
    if segment.is_timely:
        SegmentCheck.objects.filter(segment=segment, customer__in=verdicts, by_time=True).delete()
        limit = now + HORIZON
        note_times(segment, [(pk, it.next_at) for pk, it in verdicts.items() if it.next_at and it.next_at <= limit])


def forget_changes(segment: Segment, customer_ids: Collection[int]) -> None:
    """What a computing that still runs has found about these customers is older than a look just now."""
    SegmentChange.objects.filter(segment=segment, customer__in=customer_ids).delete()
