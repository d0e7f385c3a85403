"""An administrator's verbs on shifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..choices import ExceptionKind
from ..models import Shift, ShiftException
from .calendars import MANAGE


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """Hours on some weekdays (Monday is 0); an end that is not later than the start lies on the next day."""

    weekdays: Sequence[int]
    start: dt.time
    end: dt.time
    timezone: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


@action(permission=MANAGE)
def set_shifts(*, actor: Actor, user: User, shifts: Sequence[ShiftPattern]) -> list[Shift]:
    """Replaces all weekly shifts of a person; none lets them follow the calendar. Raises `Invalid`."""
    user = User.objects.lock().get(pk=user.pk)
    for pattern in shifts:
        _check(pattern)
    Shift.objects.filter(user=user).delete()
    rows = [Shift(user=user, **{**asdict(pattern), "weekdays": sorted(set(pattern.weekdays))}) for pattern in shifts]
    Shift.objects.bulk_create(rows)
    record(actor=actor, type="calendars.shifts_set", subject=user, data={"person": user.name, "count": len(rows)})
    return rows


@action(permission=MANAGE)
def add_shift_exception(
    *,
    actor: Actor,
    user: User,
    date: dt.date,
    kind: str = ExceptionKind.OFF,
    start: dt.time | None = None,
    end: dt.time | None = None,
    timezone: str = "",
) -> ShiftException:
    """Gives a person a day off, or other hours on that day; what was said of the day before is replaced.

    timezone: of the hours, the person's own when empty. Raises `Invalid` for hours without both ends.
    """
    zone = timezone or user.timezone
    hours = kind == ExceptionKind.HOURS
    if hours and (start is None or end is None):
        raise Invalid(fields={"start" if start is None else "end": _("Enter when the day starts and ends.")})
    _check_zone(zone)
    user = User.objects.lock().get(pk=user.pk)
    row, _created = ShiftException.objects.update_or_create(
        user=user,
        date=date,
        defaults={
            "kind": ExceptionKind(kind),
            "start": start if hours else None,
            "end": end if hours else None,
            "timezone": zone,
        },
    )
    data = {"person": user.name, "date": date.isoformat(), "kind": str(row.kind)}
    record(actor=actor, type="calendars.shift_exception_added", subject=user, data=data)
    return row


@action(permission=MANAGE)
def remove_shift_exception(*, actor: Actor, exception: ShiftException) -> None:
    """The day follows the usual shift again. Removing one that is gone changes nothing."""
    user = User.objects.lock().get(pk=exception.user_id)
    deleted, _by_model = ShiftException.objects.filter(pk=exception.pk).delete()
    if deleted:
        data = {"person": user.name, "date": exception.date.isoformat()}
        record(actor=actor, type="calendars.shift_exception_removed", subject=user, data=data)


def _check(pattern: ShiftPattern) -> None:
    if not pattern.weekdays or not set(pattern.weekdays) <= set(range(7)):
        raise Invalid(fields={"weekdays": _("Choose at least one weekday.")})
    if pattern.valid_from and pattern.valid_until and pattern.valid_until < pattern.valid_from:
        raise Invalid(fields={"valid_until": _("The last day must not be before the first one.")})
    _check_zone(pattern.timezone)


def _check_zone(name: str) -> None:
    if name not in available_timezones():
        raise Invalid(fields={"timezone": _("Choose a time zone from the list.")})
