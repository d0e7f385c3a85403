"""The period of a board: whole days of the company's zone, and the one before it to compare with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import clock
from crm.core.errors import Invalid
from crm.core.metrics import Span, midnight

#: key → days up to and including today.
LENGTHS = {"today": 1, "7d": 7, "14d": 14, "30d": 30, "90d": 90, "365d": 365}
LABELS = {
    "today": gettext_lazy("Today"),
    "7d": gettext_lazy("Last 7 days"),
    "14d": gettext_lazy("Last 14 days"),
    "30d": gettext_lazy("Last 30 days"),
    "90d": gettext_lazy("Last 90 days"),
    "365d": gettext_lazy("Last 365 days"),
    "custom": gettext_lazy("Chosen days"),
}
DEFAULT = "14d"
MAX_DAYS = 366
#: Nothing is older, and no zone's rules reach further.
EARLIEST = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included, in a zone. key is one of `LABELS`."""

    key: str
    first: dt.date
    last: dt.date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def span(self) -> Span:
        """The moments from the first midnight to the one after the last day."""
        return Span(midnight(self.first, self.zone), midnight(self.last + dt.timedelta(days=1), self.zone), self.zone)

    @property
    def previous(self) -> Span:
        """As many days before it; while the last day runs, only up to the same time of day."""
        back = dt.timedelta(days=self.days)
        end = min(clock.now(), self.span.end)
        wall = end.astimezone(self.zone).replace(tzinfo=None, microsecond=0) - back
        start = midnight(self.first - back, self.zone)
        return Span(start, max(start, wall.replace(tzinfo=self.zone).astimezone(dt.UTC)), self.zone)

    @property
    def previous_days(self) -> tuple[dt.date, dt.date]:
        """First and last day of the period before."""
        back = dt.timedelta(days=self.days)
        return self.first - back, self.last - back


def period_from(params: Mapping[str, str], zone: ZoneInfo) -> Period:
    """The period that an address names. Raises `Invalid` with a sentence for one that cannot be read."""
    key = params.get("period") or DEFAULT
    if key == "custom":
        first, last = (_day(params.get(name, "")) for name in ("from", "to"))
        if last < first:
            raise Invalid(_("The last day must not be before the first."))
        if (last - first).days >= MAX_DAYS:
            raise Invalid(_("Choose up to %(days)s days.") % {"days": MAX_DAYS})
        return Period(key, first, last, zone)
    if key not in LENGTHS:
        raise Invalid(_("This period is not known."))
    return last_days(LENGTHS[key], zone, key)


def last_days(days: int, zone: ZoneInfo, key: str = DEFAULT) -> Period:
    """So many days, today included."""
    today = clock.today(zone)
    return Period(key, today - dt.timedelta(days=days - 1), today, zone)


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Choose the first and the last day.")) from None
    if not EARLIEST <= day <= clock.today() + dt.timedelta(days=MAX_DAYS):
        raise Invalid(_("Choose days from 2000 to a year from now."))
    return day
