"""When a deal stands still: it has been in its stage longer than deals usually are there."""

from __future__ import annotations

import datetime as dt

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value

from crm.core import clock

from .models import Opportunity

_DAY = dt.timedelta(days=1)
#: Past this share of the usual days a deal is not only late, but in danger.
DANGER = 1.5


def days_in_stage(deal: Opportunity, now: dt.datetime | None = None) -> int:
    """Whole calendar days since it came into its stage."""
    return max(0, ((now or clock.now()) - deal.stage_entered_at).days)


def staleness(deal: Opportunity, now: dt.datetime | None = None) -> str:
    """ "" while it moves, "caution" past the usual days of its stage, "danger" past half as long again."""
    usual = deal.stage.expected_days
    if not deal.is_open or not usual:
        return ""
    stayed = (now or clock.now()) - deal.stage_entered_at
    if stayed > usual * DANGER * _DAY:
        return "danger"
    return "caution" if stayed > usual * _DAY else ""


def stale_terms() -> Q:
    """The condition of an open deal past the usual days of its stage."""
    usual = ExpressionWrapper(F("stage__expected_days") * Value(_DAY), output_field=DurationField())
    limit = ExpressionWrapper(Value(clock.now()) - usual, output_field=DateTimeField())
    is_open = Q(won_at__isnull=True, lost_at__isnull=True)
    return is_open & Q(stage__expected_days__gt=0, stage_entered_at__lt=limit)
