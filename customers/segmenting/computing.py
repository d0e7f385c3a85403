"""Computing a whole segment: a job looks at all customers, part by part, and then changes the stays at once.

Until the end nothing changes, so a computing that is stopped, or whose worker dies, leaves the members as they were.
While it runs, deeds are followed as ever; a fresh look at a customer outdoes what the job found earlier.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.conditions.moments import next_change
from crm.core import clock
from crm.core.actor import Actor
from crm.jobs import runners
from crm.jobs.choices import JobState
from crm.jobs.models import Job

from ..choices import SegmentKind
from ..models import Customer, Segment, SegmentChange, SegmentCheck, SegmentMember
from .membership import HORIZON, Asking, dependents_of, locked, note_times
from .rights import Unkept, company_time

KIND = "segments.compute"
#: Customers that one step looks at.
PART = 20_000
#: For how long it stays known who was in a segment and left.
KEPT = dt.timedelta(days=730)
#: Arrays and the partial unique index keep these steady, whatever the planner thinks of tables that grow in a minute.
_NOTE = """
INSERT INTO customers_segmentchange (segment_id, customer_id, enters)
SELECT %(segment)s, found, %(enters)s FROM unnest(%(ids)s::bigint[]) found ON CONFLICT DO NOTHING
"""
_ENTER = """
INSERT INTO customers_segmentmember (segment_id, customer_id, entered_at, source)
SELECT c.segment_id, c.customer_id, %(now)s, 'computed' FROM customers_segmentchange c
WHERE c.segment_id = %(segment)s AND c.enters ORDER BY c.customer_id
ON CONFLICT (segment_id, customer_id) WHERE left_at IS NULL DO NOTHING
"""
_LEAVE = """
UPDATE customers_segmentmember SET left_at = %(now)s
WHERE segment_id = %(segment)s AND left_at IS NULL AND customer_id = ANY(%(ids)s)
"""


def begin(segment: Segment, owner_id: int | None) -> Job:
    """Starts computing; one that still runs is stopped. The caller holds the segment's lock."""
    stop(segment)
    nightly = Job.objects.filter(pk=segment.job_id or 0, owner=None, state=JobState.DONE)
    nightly.delete()  # nobody asked for it, and its numbers are in the segment's history
    job = runners.start(
        kind=KIND, label=_("Members of %(name)s") % {"name": segment.name}, owner_id=owner_id,
        params={"v": 1, "segment": segment.pk, "phase": "look"}, total=Customer.objects.external().count(),
    )  # fmt: skip
    segment.job = job
    Segment.objects.filter(pk=segment.pk).update(job=job)
    return job


def stop(segment: Segment) -> None:
    """Stops a computing that waits or runs; what it found so far is forgotten."""
    running = Job.objects.filter(pk=segment.job_id or 0, state__in=(JobState.WAITING, JobState.RUNNING))
    running.update(state=JobState.CANCELLED, finished_at=clock.now())
    SegmentChange.objects.filter(segment=segment).delete()


def step(job: Job) -> bool:
    """One part of the work; True when all is done, or when a later computing has taken over."""
    segment_id = job.params["segment"]
    if job.params["phase"] == "after":
        return _start_dependents(segment_id, job.owner_id)
    with transaction.atomic():
        segment = Segment.objects.lock().select_related("owner").filter(pk=segment_id, job=job).first()
        if segment is None:
            return True
        try:
            asked = Asking.of(segment)
        except Unkept as unkept:
            Segment.objects.filter(pk=segment.pk).update(failure=unkept.failure)
            return True
        if job.params["phase"] == "look":
            _look_at_part(asked, job)
            return False
        changed = _change(segment, job)
        job.params = {**job.params, "phase": "after"}
        return not changed


def _look_at_part(asked: Asking, job: Job) -> None:
    """Compares the next customers by id with the stays, and notes what differs."""
    if job.cursor == 0:
        SegmentChange.objects.filter(segment=asked.segment).delete()  # of a worker that died
    everybody = Customer.objects.external().filter(pk__gt=job.cursor).order_by("pk").values_list("pk", flat=True)
    ids = list(everybody[:PART])
    span: dict[str, Any] = {"gt": job.cursor} | ({"lte": ids[-1]} if len(ids) == PART else {})
    now = clock.now()
    with company_time():
        found = set(asked.matching(now).filter(**_within("pk", span)).order_by().values_list("pk", flat=True))
        if asked.segment.is_timely:
            _note_part(asked, span, now)
    stays = SegmentMember.objects.filter(segment=asked.segment, **_within("customer_id", span)).current()
    current = set(stays.values_list("customer_id", flat=True))
    with connection.cursor() as cursor:
        for enters, different in ((True, found - current), (False, current - found)):
            values = {"segment": asked.segment.pk, "enters": enters, "ids": sorted(different)}
            cursor.execute(_NOTE, values)
    job.done += len(ids)
    if len(ids) == PART:
        job.cursor = ids[-1]
    else:
        job.params = {**job.params, "phase": "change"}


def _note_part(asked: Asking, span: dict[str, Any], now: Any) -> None:
    """Notes when time will make a difference to these customers, for as far as the next nightly computing."""
    noted = SegmentCheck.objects.filter(segment=asked.segment, by_time=True, due_at__gt=now)
    noted.filter(**_within("customer_id", span)).delete()
    rows = asked.reach.filter(**_within("pk", span)).annotate(turns_at=next_change(asked.condition, now))
    note_times(asked.segment, rows.filter(turns_at__lte=now + HORIZON).order_by().values_list("pk", "turns_at"))


def _within(column: str, span: dict[str, Any]) -> dict[str, Any]:
    return {f"{column}__{lookup}": value for lookup, value in span.items()}


def _change(segment: Segment, job: Job) -> bool:
    """Makes all that was found true, and says so in one activity. Whether anything changed."""
    now = clock.now()
    values: dict[str, Any] = {"segment": segment.pk, "now": now}
    leaving = SegmentChange.objects.filter(segment=segment, enters=False).order_by("customer")
    ids = list(leaving.values_list("customer_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, values)
        entered, left = cursor.rowcount, 0
        for start in range(0, len(ids), PART):
            cursor.execute(_LEAVE, {**values, "ids": ids[start : start + PART]})
            left += cursor.rowcount
    SegmentChange.objects.filter(segment=segment).delete()
    is_first = segment.computed_at is None
    size = SegmentMember.objects.filter(segment=segment).current().count()
    Segment.objects.filter(pk=segment.pk).update(size=size, computed_at=now, failure="")
    job.result = {"entered": entered, "left": left, "size": size}
    if entered or left or is_first:
        data = {"name": segment.name, "entered": entered, "left": left, "size": size}
        record(actor=Actor.system("segments"), type="segments.computed", subject=segment, data=data)
    return bool(entered or left)


def _start_dependents(segment_id: int, owner_id: int | None) -> bool:
    """Segments that name this one are computed anew."""
    for pk in dependents_of(segment_id).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            begin(locked(pk), owner_id)
    return True


def compute_all() -> int:
    """Every night: each dynamic segment, also one that failed; static ones are counted, old stays forgotten.

    Segments that name others are computed again after those, when anything changed there.
    """
    begun = _count_static() + _forget()
    for pk in Segment.objects.dynamic().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            segment = Segment.objects.lock().select_related("job").get(pk=pk)
            if segment.job is None or segment.job.state not in {JobState.WAITING, JobState.RUNNING}:
                begin(segment, None)
                begun += 1
    return begun


def _count_static() -> int:
    """Picked customers who were deleted since are no longer counted."""
    rows = Segment.objects.filter(kind=SegmentKind.STATIC).order_by("pk")
    for pk, size in rows.values_list("pk", "size"):
        stays = SegmentMember.objects.filter(segment=pk, customer__deleted_at__isnull=True).current().count()
        if stays != size:
            Segment.objects.filter(pk=pk).update(size=stays)
    return len(rows)


def _forget() -> int:
    """Stays that ended long ago, a part of them each night."""
    old = SegmentMember.objects.filter(left_at__lt=clock.now() - KEPT).order_by("left_at").values("pk")[:PART]
    gone, _by_model = SegmentMember.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return gone


def compute_now(segment: Segment) -> Segment:
    """Computes a segment to the end in this process, for demo data and measuring. Returns it as it is then."""
    with transaction.atomic():
        row = locked(segment.pk)
        job = Job.objects.filter(pk=row.job_id or 0, state=JobState.WAITING).first() or begin(row, None)
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=clock.now())
    while not step(job):
        job.save(update_fields=runners.PROGRESS)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=clock.now(), done=F("total"))
    return Segment.objects.select_related("job", "owner").get(pk=segment.pk)
