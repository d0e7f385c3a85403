"""Whether somebody may claim one more from a pool, by the pool's rules."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.db.models import Model

from crm.accounts.models import User
from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import Brand

from ..choices.leads import SpanEnd, SpanStart
from ..exceptions.leads import DailyLimitReached, PoolIsFull, TooSoon
from ..models import OwnerSpan, Pool


def may_claim(actor: Actor, pool_id: int) -> bool:
    """Whether the actor is a member of the pool, or sets pools up."""
    return actor.can("leads.manage") or Pool.objects.of(actor).filter(pk=pool_id).exists()


def check_claim(user: User, record: Model, pool: Pool, held: int) -> None:
    """held: how many of the pool count against the person now. Raises `DailyLimitReached`, `PoolIsFull`, `TooSoon`."""
    spans = OwnerSpan.objects.filter(kind=kind_of(record).code, user=user)
    if pool.daily_limit is not None:
        claims = spans.filter(pool=pool, start=SpanStart.CLAIMED, started_at__gte=_midnight())
        if claims.count() >= pool.daily_limit:
            raise DailyLimitReached
    if pool.capacity is not None and held >= pool.capacity:
        raise PoolIsFull
    if pool.wait_days:
        since = clock.now() - dt.timedelta(days=pool.wait_days)
        own = spans.filter(object_id=record.pk, end__in=(SpanEnd.RELEASED, SpanEnd.RETURNED), ended_at__gt=since)
        if own.exists():
            raise TooSoon


def _midnight() -> dt.datetime:
    """When the company's day began."""
    zone = zoneinfo.ZoneInfo(Brand.default().timezone)
    return clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
