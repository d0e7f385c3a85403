"""What a customer may expect: opening hours in words, and by when the first answer comes.

Moments are written in the active language and time zone, which are the reader's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from crm.calendars.choices import Weekday
from crm.calendars.exceptions import NoOpeningHours
from crm.calendars.hours import hours_of
from crm.calendars.models import Calendar
from crm.calendars.week import read_week, show_day
from crm.core import clock

from .models import RequestType, SlaPolicy
from .selectors import priority_from


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Days that open at the same hours: "Monday to Friday", ("09:00–12:00", "13:00–18:00")."""

    days: str
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """A week's opening hours in wall time of `zone`, and how it stands now."""

    lines: tuple[HoursLine, ...]
    zone: str
    now: str


def service_hours(calendar: Calendar) -> ServiceHours:
    """The calendar's week for people. One query at most, none once the hours are compiled."""
    return ServiceHours(_lines(calendar), zone_words(calendar.timezone), _state(calendar))


def first_answer_due(request_type: RequestType) -> dt.datetime | None:
    """By when a request of that type, sent now, gets its first answer at the latest; None when nobody promises.

    Which policy holds is known only once the ticket is stored, so every policy that may decide is asked, down to
    the first without a condition, and the latest promise is told. The type's own time comes before theirs, and
    counts in the calendar of the policy, the usual one where none holds.
    """
    priority = priority_from(request_type.impact, request_type.urgency)
    own, now, due = request_type.target_minutes("first_response"), clock.now(), None
    asked = _may_decide()
    promises = [(policy.calendar, own or policy.target_minutes(priority, "first_response")) for policy in asked]
    if own and (not asked or asked[-1].condition):
        promises.append((Calendar.default(), own))
    for calendar, minutes in promises:
        try:
            moment = hours_of(calendar).add(now, minutes * 60) if minutes else None
        except NoOpeningHours:
            moment = None
        if moment is not None and (due is None or moment > due):
            due = moment
    return due


def _may_decide() -> list[SlaPolicy]:
    """The active policies, down to the first that holds always."""
    found = []
    for policy in SlaPolicy.objects.filter(is_active=True).select_related("calendar"):
        found.append(policy)
        if not policy.condition:
            break
    return found


def moment_words(moment: dt.datetime) -> str:
    """ "today, 15:10 (Asia/Shanghai)", "tomorrow, …" or the date with its time."""
    local = timezone.localtime(moment)
    values = {
        "time": formats.date_format(local, "TIME_FORMAT"),
        "date": formats.date_format(local, "DATE_FORMAT"),
        "zone": zone_words(timezone.get_current_timezone_name()),
    }
    days = (local.date() - clock.today()).days
    if days == 0:
        return _("today, %(time)s (%(zone)s)") % values
    if days == 1:
        return _("tomorrow, %(time)s (%(zone)s)") % values
    return _("%(date)s, %(time)s (%(zone)s)") % values


def zone_words(name: str) -> str:
    """A zone's name as people read it."""
    return name.replace("_", " ")


def _lines(calendar: Calendar) -> tuple[HoursLine, ...]:
    days = [(Weekday(number).label, show_day(day)) for number, day in enumerate(read_week(calendar.week))]
    lines = []
    for hours, group in groupby(days, key=lambda day: day[1]):
        names = [str(name) for name, _hours in group]
        if hours:
            lines.append(HoursLine(_span(names), tuple(hours.replace("-", "–").split(", "))))
    return tuple(lines)


def _span(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}


def _state(calendar: Calendar) -> str:
    hours, now = hours_of(calendar), clock.now()
    if hours.is_open(now):
        closing = hours.next_closing(now)
        return _("Open now, until %(moment)s") % {"moment": moment_words(closing)} if closing else _("Open now")
    try:
        return _("Closed now. We are back %(moment)s") % {"moment": moment_words(hours.next_opening(now))}
    except NoOpeningHours:
        return ""
