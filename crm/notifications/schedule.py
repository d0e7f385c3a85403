"""When mail may come: quiet time and the hour of the digest, as wall time in a person's zone.

A wall time that a change of the clocks skips is the same distance after the change; one that comes twice is
the second, so that quiet time never ends early.
"""

from __future__ import annotations

import datetime as dt

from .choices import Digest
from .models import Delivery

_DAY = dt.timedelta(days=1)
#: A weekend and a night at both its ends, with room to spare.
_STRETCHES = 12
#: Every weekday comes twice; what is not found by then is never out of the quiet time.
_DAYS_AHEAD = 15


def quiet_until(delivery: Delivery, moment: dt.datetime) -> dt.datetime | None:
    """When the quiet time that the moment lies in ends (UTC); None when it is not quiet then.

    A night that runs into a quiet weekend and out of it again is one quiet time.
    """
    at = moment
    for _stretch in range(_STRETCHES):
        end = _stretch_end(delivery, at)
        if end is None:
            break
        at = end
    return at if at > moment else None


def next_digest(delivery: Delivery, after: dt.datetime) -> dt.datetime | None:
    """The next moment (UTC) later than `after` for the digest, quiet time left out.

    None when there is no digest, or when its hour always lies in the quiet time.
    """
    if delivery.digest == Digest.OFF:
        return None
    first = after.astimezone(delivery.tzinfo).date()
    for ahead in range(_DAYS_AHEAD):
        day = first + ahead * _DAY
        if delivery.digest == Digest.WEEKLY and day.weekday() != delivery.digest_weekday:
            continue
        at = _moment(day, dt.time(delivery.digest_hour), delivery.tzinfo)
        if at > after and quiet_until(delivery, at) is None:
            return at
    return None


def _stretch_end(delivery: Delivery, moment: dt.datetime) -> dt.datetime | None:
    """The end of the weekend's day or of the night that the moment lies in."""
    local = moment.astimezone(delivery.tzinfo)
    day, time, start, end = local.date(), local.time(), delivery.quiet_from, delivery.quiet_until
    if delivery.quiet_weekends and day.weekday() >= 5:
        return _moment(day + _DAY, dt.time.min, delivery.tzinfo)
    if start is None or end is None:
        return None
    if start < end:
        return _moment(day, end, delivery.tzinfo) if start <= time < end else None
    if time >= start:
        return _moment(day + _DAY, end, delivery.tzinfo)
    return _moment(day, end, delivery.tzinfo) if time < end else None


def _moment(day: dt.date, time: dt.time, zone: dt.tzinfo) -> dt.datetime:
    wall = dt.datetime.combine(day, time, zone)
    return max(wall.astimezone(dt.UTC), wall.replace(fold=1).astimezone(dt.UTC))
