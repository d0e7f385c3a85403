"""When a report is mailed: wall time in a reader's zone, whatever the clocks do there."""

from __future__ import annotations

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from .choices import Frequency
from .models import MailedReport

_DAY = dt.timedelta(days=1)


def next_moment(mail: MailedReport, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """The first moment (UTC) later than `after`.

    A time that a change of the clocks skips is the same distance after the change; one that comes twice is the first.
    """
    day = after.astimezone(zone).date() - _DAY
    while True:
        day += _DAY
        at = dt.datetime.combine(day, mail.at, zone).astimezone(dt.UTC)
        if at > after and _is_day(mail, day):
            return at


def _is_day(mail: MailedReport, day: dt.date) -> bool:
    if mail.frequency == Frequency.WEEKLY:
        return day.weekday() == mail.weekday
    if mail.frequency == Frequency.MONTHLY:
        return day.day == min(mail.day, calendar.monthrange(day.year, day.month)[1])
    return True
