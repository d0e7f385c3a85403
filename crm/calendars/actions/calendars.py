"""An administrator's verbs on calendars and their special days. Running clocks follow by a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.translated import Translated
from crm.jobs import runners

from ..choices import DayKind
from ..models import Calendar, Clock, Holiday
from ..public_holidays import public_days
from ..week import read_week, write_week

MANAGE = "calendars.manage"
#: Zones whose companies keep the holidays that the product is seeded with.
CHINA = frozenset({"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "Asia/Kashgar"})


@action(permission=MANAGE)
def create_calendar(
    *, actor: Actor, name: Mapping[str, str], timezone: str, week: Mapping[str, Any], is_default: bool = False
) -> Calendar:
    """Adds a calendar. week: the stored form of `week.py`. Raises `Invalid` for a wrong zone or week."""
    calendar = Calendar(name=Translated(name), timezone=_zone(timezone), week=_opening_week(week))
    if is_default:
        _take_default(calendar)
    calendar.save()
    record(actor=actor, type="calendars.calendar_created", subject=calendar, data={"name": dict(calendar.name)})
    return calendar


@action(permission=MANAGE)
def update_calendar(
    *,
    actor: Actor,
    calendar: Calendar,
    name: Mapping[str, str],
    timezone: str,
    week: Mapping[str, Any],
    is_default: bool = False,
) -> Calendar:
    """Changes a calendar; deadlines under way are found again by a job. Raises `Invalid`."""
    calendar = _locked(calendar)
    if calendar.is_default and not is_default:
        sentence = _("One calendar must be the default. Make another calendar the default instead.")
        raise Invalid(sentence, fields={"is_default": sentence})
    hours_before = (calendar.timezone, read_week(calendar.week))
    calendar.name, calendar.timezone, calendar.week = Translated(name), _zone(timezone), _opening_week(week)
    if is_default and not calendar.is_default:
        _take_default(calendar)
    calendar.save()
    record(actor=actor, type="calendars.calendar_updated", subject=calendar, data={"name": dict(calendar.name)})
    if hours_before != (calendar.timezone, read_week(calendar.week)):
        _recompute_clocks(actor, calendar)
    return calendar


@action(permission=MANAGE)
def add_holiday(
    *,
    actor: Actor,
    calendar: Calendar,
    date: dt.date,
    name: Mapping[str, str],
    kind: str = DayKind.HOLIDAY,
    as_weekday: int | None = None,
) -> Holiday:
    """Adds a holiday or a make-up workday. as_weekday: whose hours a make-up day has, Monday's (0) when None.

    Raises `Invalid` when the calendar already says something about that day.
    """
    calendar = _locked(calendar)
    if calendar.holidays.filter(date=date).exists():
        sentence = _("This day is already in the calendar. Remove it first to change it.")
        raise Invalid(sentence, fields={"date": sentence})
    holiday = Holiday.objects.create(
        calendar=calendar,
        date=date,
        name=Translated(name),
        kind=DayKind(kind),
        as_weekday=as_weekday if kind == DayKind.MAKEUP else None,
    )
    _record_holiday(actor, "calendars.holiday_added", holiday)
    _new_version(actor, calendar)
    return holiday


@action(permission=MANAGE)
def remove_holiday(*, actor: Actor, holiday: Holiday) -> None:
    """Lets the day follow its weekday again. Removing one that is gone changes nothing."""
    calendar = _locked(holiday.calendar)
    stored = calendar.holidays.filter(pk=holiday.pk).first()
    if stored is None:
        return
    stored.delete()
    stored.calendar = calendar
    _record_holiday(actor, "calendars.holiday_removed", stored)
    _new_version(actor, calendar)


@action(permission=MANAGE)
def import_holidays(*, actor: Actor, calendar: Calendar, country: str, year: int) -> int:
    """Adds a country's holidays and make-up workdays of a year; days that are there stay. Returns how many came.

    country: an ISO 3166 code such as "CN". Raises `Invalid` for an unknown country or a year not 1970 to 2100.
    """
    if not 1970 <= year <= 2100:
        raise Invalid(fields={"year": _("Enter a year from 1970 to 2100.")})
    calendar = _locked(calendar)
    days = public_days(country, year)
    present = set(calendar.holidays.filter(date__year=year).values_list("date", flat=True))
    new = {day.date: day for day in days if day.date not in present}
    Holiday.objects.bulk_create(
        Holiday(calendar=calendar, date=day.date, kind=day.kind, name=day.name) for day in new.values()
    )
    record(
        actor=actor,
        type="calendars.holidays_imported",
        subject=calendar,
        data={"name": dict(calendar.name), "country": country, "year": str(year), "count": len(new)},
    )
    if new:
        _new_version(actor, calendar)
    return len(new)


@action()
def adapt_to_zone(*, actor: Actor, timezone: str) -> Calendar:
    """A new company's zone becomes that of the seeded default hours; China's holidays stay in China only.

    For the moment when a product is set up, before anything is counted in these hours. Raises `Invalid`.
    """
    calendar = _locked(Calendar.default())
    calendar.timezone = _zone(timezone)
    calendar.save()
    if calendar.timezone not in CHINA:
        calendar.holidays.all().delete()
    record(actor=actor, type="calendars.calendar_updated", subject=calendar, data={"name": dict(calendar.name)})
    return calendar


def _locked(calendar: Calendar) -> Calendar:
    return Calendar.objects.lock().get(pk=calendar.pk)


def _take_default(calendar: Calendar) -> None:
    for other in Calendar.objects.lock().filter(is_default=True).exclude(pk=calendar.pk):
        other.is_default = False
        other.save(update_fields=["is_default"])
    calendar.is_default = True


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise Invalid(fields={"timezone": _("Choose a time zone from the list.")})
    return name


def _opening_week(data: Mapping[str, Any]) -> dict[str, Any]:
    """The week in its stored form. A calendar that never opens would leave deadlines without an answer."""
    week = read_week(data)
    if not any(week):
        raise Invalid(_("Enter working hours for at least one weekday."))
    return write_week(week)


def _record_holiday(actor: Actor, type: str, holiday: Holiday) -> None:
    record(
        actor=actor,
        type=type,
        subject=holiday.calendar,
        data={
            "name": dict(holiday.calendar.name),
            "holiday": dict(holiday.name),
            "date": holiday.date.isoformat(),
            "kind": str(holiday.kind),
        },
    )


def _new_version(actor: Actor, calendar: Calendar) -> None:
    calendar.save(update_fields=["updated_at"])
    _recompute_clocks(actor, calendar)


def _recompute_clocks(actor: Actor, calendar: Calendar) -> None:
    total = Clock.objects.ticking().filter(calendar=calendar).count()
    if total:
        runners.start(
            kind="calendars.recompute_clocks",
            label=_("New deadlines after a change of %(calendar)s") % {"calendar": calendar.name},
            owner_id=actor.user_id,
            params={"v": 1, "calendar_id": calendar.pk},
            total=total,
        )
