"""Who held a record, from when to when: opened and closed by whatever verb changes the holder."""

from __future__ import annotations

import datetime as dt

from django.db.models import Model

from crm.accounts.models import User
from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.text import clean_line

from ..choices.leads import SpanEnd, SpanStart
from ..models import OwnerSpan, Pool
from ..querysets.leads import OwnerSpanQuerySet

REASON_LENGTH = 200


def spans_of(record: Model) -> OwnerSpanQuerySet:
    """Every stay of a record with somebody."""
    return OwnerSpan.objects.filter(kind=kind_of(record).code, object_id=record.pk)


def open_span(record: Model, user: User, start: SpanStart, pool: Pool | None, at: dt.datetime | None = None) -> None:
    """Begins a stay of a locked record nobody holds."""
    code = kind_of(record).code
    OwnerSpan.objects.create(
        kind=code, object_id=record.pk, user=user, pool=pool, started_at=at or clock.now(), start=start
    )


def end_span(record: Model, end: SpanEnd, reason: str = "") -> None:
    """Closes the running stay of a locked record, if any."""
    spans_of(record).running().update(ended_at=clock.now(), end=end, reason=clean_line(reason, REASON_LENGTH))


def announce(record: Model, due: dt.datetime) -> bool:
    """Notes that the holder is told of a return at that moment. False when that was said already."""
    span = spans_of(record).running().select_for_update(no_key=True).first()
    if span is None or span.warned_for == due:
        return False
    span.warned_for = due
    span.save(update_fields=["warned_for"])
    return True


def days_until(due: dt.datetime) -> int:
    """Whole days, at least one."""
    return max(1, round((due - clock.now()) / dt.timedelta(days=1)))
