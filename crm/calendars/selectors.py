"""Reads about calendars and shifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crm.accounts.models import User
from crm.core.actor import Actor

from .models import Calendar, Holiday, Shift, ShiftException
from .shifts import Roster, Span


def calendars(viewer: Actor) -> list[Calendar]:
    """Every calendar, the default first."""
    return list(Calendar.objects.visible_to(viewer))


def holidays_of(calendar: Calendar, year: int) -> list[Holiday]:
    """The calendar's holidays and make-up workdays of a year, by date."""
    return list(calendar.holidays.filter(date__year=year).order_by("date"))


def shifts_of(viewer: Actor, user: User) -> list[Shift]:
    """The weekly shifts of a person, as far as the viewer may see them."""
    return list(Shift.objects.visible_to(viewer).filter(user=user))


def shift_exceptions_of(viewer: Actor, user: User, first: dt.date, last: dt.date) -> list[ShiftException]:
    """The days of a person that differ, both ends included."""
    return list(ShiftException.objects.visible_to(viewer).filter(user=user, date__range=(first, last)))


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person's week: per day, Monday first, the spans (UTC) that begin on it."""

    user: User
    days: tuple[tuple[Span, ...], ...]


def week_roster(viewer: Actor, users: Sequence[User], monday: dt.date, calendar: Calendar) -> list[RosterRow]:
    """Who works when in the week that begins on `monday`. Without `calendars.view` only the viewer's own row.

    calendar: whose hours people without shifts follow. Two queries, or three.
    """
    shown = [user for user in users if viewer.can("calendars.view") or user.pk == viewer.user_id]
    roster = Roster([user.pk for user in shown], calendar, monday, days=7)
    week = [monday + dt.timedelta(days=number) for number in range(7)]
    return [RosterRow(user, tuple(tuple(roster.spans(user.pk, day)) for day in week)) for user in shown]
