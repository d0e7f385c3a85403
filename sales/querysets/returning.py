"""When what is held goes back to its pool, in the database's words."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, Func, OuterRef, Q, Subquery

#: Rows of which a running pool says when they go back.
COUNTED = Q(pool__is_active=True) & (Q(pool__idle_days__isnull=False) | Q(pool__convert_days__isnull=False))


class Later(Func):
    """A moment and a number of days → that much later; NULL without a number."""

    template = "(%(expressions)s * INTERVAL '1 day')"
    arg_joiner = " + "
    output_field = DateTimeField()


def latest(*moments: Any) -> Func:
    """The last of several moments, those that are missing left out."""
    return Func(*moments, function="GREATEST", output_field=DateTimeField())


def due_moment(touched: Any, worked: Any, taken: Any) -> Func:
    """When a row with a `pool` goes back: the earlier of days without follow-up and days without conversion.

    Never before the protection ends, which counts from when it was taken.
    """
    from ..models import Pool

    pool = Pool.objects.filter(pk=OuterRef("pool_id"))
    idle = Later(touched, Subquery(pool.values("idle_days")))
    late = Later(worked, Subquery(pool.values("convert_days")))
    first = Func(idle, late, function="LEAST", output_field=DateTimeField())
    return latest(first, Later(taken, Subquery(pool.values("protect_days"))))
