"""How sure an open deal is: the three categories of the forecast, by win probability in per cent."""

from __future__ import annotations

from django.db.models import Q

from .choices.opportunities import ForecastCategory

#: The probability from which a deal counts in a category; below BEST it is pipeline.
COMMIT, BEST = 80, 40


def in_category(value: str) -> Q:
    """The condition of an open deal of the category; the rows carry `chance` (`with_chance`)."""
    is_open = Q(won_at__isnull=True, lost_at__isnull=True)
    if value == ForecastCategory.COMMIT:
        return is_open & Q(chance_now__gte=COMMIT)
    if value == ForecastCategory.BEST:
        return is_open & Q(chance_now__gte=BEST, chance_now__lt=COMMIT)
    return is_open & Q(chance_now__lt=BEST)
