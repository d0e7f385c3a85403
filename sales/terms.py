"""Months and quarters that targets and the forecast are about."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.core import clock
from crm.core.metrics import midnight
from crm.core.models import Brand

from .choices.targets import Period
from .filters.opportunities import months_around


class Term(NamedTuple):
    """A month or quarter: from its first day up to, not including, the first day after it."""

    period: Period
    start: dt.date
    end: dt.date

    @classmethod
    def around(cls, day: dt.date, period: Period) -> Term:
        """The one that holds a day."""
        return cls(period, *months_around(day, period.months))

    @property
    def before(self) -> Term:
        return Term.around(self.start - dt.timedelta(days=1), self.period)

    @property
    def after(self) -> Term:
        return Term.around(self.end, self.period)

    @property
    def label(self) -> str:
        """2026, Q4 2026, or Nov 2026."""
        if self.period == Period.QUARTER:
            return _("Q%(number)s %(year)s") % {"number": (self.start.month + 2) // 3, "year": self.start.year}
        if self.period == Period.YEAR:
            return str(self.start.year)
        return date_format(self.start, "YEAR_MONTH_FORMAT")

    def months(self) -> list[dt.date]:
        """The first day of each of its months."""
        return [dt.date(self.start.year, self.start.month + number, 1) for number in range(self.period.months)]

    def moments(self, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
        """When it begins and when it is over where the company is."""
        return midnight(self.start, zone), midnight(self.end, zone)


def terms_of(year: int, period: Period) -> list[Term]:
    """Every month or quarter of a year, or the year itself."""
    return [Term.around(dt.date(year, month, 1), period) for month in range(1, 13, period.months)]


def company_zone() -> ZoneInfo:
    """Where the company's days and weeks begin. One query."""
    return ZoneInfo(Brand.default().timezone)


def company_today() -> dt.date:
    """The company's calendar day. One query."""
    return clock.today(company_zone())
