"""The calendar: meetings, tasks with a time and absences of one or several people, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import Absence, User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.metrics import midnight

from .meetings import overlapping, seats_of
from .models import Meeting, Task

#: The hours that a day shows at least, and how many rows an hour has.
FIRST_HOUR, LAST_HOUR, ROWS_AN_HOUR = 8, 19, 4
_QUARTER = 60 // ROWS_AN_HOUR
#: A task with a time is drawn this long.
_TASK = dt.timedelta(minutes=30)
#: Into how many lanes a day may be divided: the divisors of the twelve columns that it is drawn with.
LANES = (1, 2, 3, 4, 6, 12)


@dataclass(slots=True)
class Entry:
    """Something at a time, or all day. row, span, lane and lanes place it in its day."""

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    css: str = ""
    url: str = ""
    who: str = ""
    time: str = ""
    row: int = 1
    span: int = 1
    lane: int = 1
    lanes: int = 1


@dataclass(slots=True)
class Day:
    """A column."""

    date: dt.date
    is_today: bool
    all_day: list[Entry] = field(default_factory=list)
    timed: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Calendar:
    """Days side by side. hours: each with the row it begins at."""

    days: list[Day]
    hours: list[tuple[str, int]]

    @property
    def is_empty(self) -> bool:
        return not any(day.all_day or day.timed for day in self.days)


def calendar(viewer: Actor, users: Collection[User], first: dt.date, count: int) -> Calendar:
    """The days from `first` on, in the time zone that is active. Six queries, whatever the number of people.

    Meetings that the viewer may not open are shown as busy, without a word of what they are about.
    """
    zone = timezone.get_current_timezone()
    start, end = midnight(first, zone), midnight(first + dt.timedelta(days=count), zone)
    today = clock.today(zone)
    days = [Day(day, day == today) for day in (first + dt.timedelta(days=number) for number in range(count))]
    known = {user.pk: user for user in users}
    several = len(known) > 1
    for entry in [*_meetings(viewer, known, start, end, several), *_tasks(viewer, known, start, end, several)]:
        _put(entry, days, zone)
    for entry in _all_day(viewer, known, start, end, several):
        for day in days:
            begin, after = midnight(day.date, zone), midnight(day.date + dt.timedelta(days=1), zone)
            if entry.starts_at < after and entry.ends_at > begin:
                day.all_day.append(entry)
    return Calendar(days, _place(days, zone))


def _meetings(
    viewer: Actor, users: dict[int, User], start: dt.datetime, end: dt.datetime, several: bool
) -> Iterable[Entry]:
    rows = list(Meeting.objects.planned().of_users(users).between(start, end).order_by("starts_at", "pk"))
    seen = Meeting.objects.visible_to(viewer).filter(pk__in=[row.pk for row in rows])
    open_to = set(seen.values_list("pk", flat=True))
    seats = seats_of([row.pk for row in rows])
    clashing: set[int] = set()
    for pk in users:
        clashing |= overlapping([row for row in rows if any(seat.user_id == pk for seat in seats[row.pk])])
    for row in rows:
        names = [seat.shown_name for seat in seats[row.pk] if seat.user_id in users] if several else []
        marks = ["is-clash"] if row.pk in clashing else []
        if row.is_over:
            marks.append("is-over")
        if row.pk in open_to:
            url = reverse("planner:meeting_detail", args=[row.pk])
            yield Entry(row.title, row.starts_at, row.ends_at, " ".join(marks), url, ", ".join(names))
        else:
            yield Entry(_("Busy"), row.starts_at, row.ends_at, " ".join(["is-busy", *marks]), "", ", ".join(names))


def _tasks(
    viewer: Actor, users: dict[int, User], start: dt.datetime, end: dt.datetime, several: bool
) -> Iterable[Entry]:
    """Open tasks with a time."""
    rows = Task.objects.visible_to(viewer).open().filter(assignee__in=users, due_on__isnull=True)
    for task in rows.filter(due_at__gte=start, due_at__lt=end).order_by("due_at", "pk"):
        yield _task_entry(task, task.due_at, users, several)


def _all_day(
    viewer: Actor, users: dict[int, User], start: dt.datetime, end: dt.datetime, several: bool
) -> Iterable[Entry]:
    """Open tasks for a day, and who is away."""
    zone = timezone.get_current_timezone()
    rows = Task.objects.visible_to(viewer).open().filter(assignee__in=users, due_on__isnull=False)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    for task in rows.filter(due_on__gte=first, due_on__lt=last).order_by("due_on", "pk"):
        yield _task_entry(task, midnight(task.due_on, zone), users, several)
    away = Absence.objects.filter(user__in=users, starts_at__lt=end, ends_at__gt=start, ended_at__isnull=True)
    for row in away.order_by("starts_at", "pk"):
        title = _("%(name)s is away") % {"name": users[row.user_id].name} if several else _("Away")
        yield Entry(title, row.starts_at, row.ends_at, "is-busy")


def _task_entry(task: Task, at: Any, users: dict[int, User], several: bool) -> Entry:
    who = users[task.assignee_id].name if several and task.assignee_id in users else ""
    css = "is-task is-over" if task.is_overdue() else "is-task"
    return Entry(task.title, at, at + _TASK, css, reverse("planner:task_detail", args=[task.pk]), who)


def _put(entry: Entry, days: list[Day], zone: dt.tzinfo) -> None:
    """Into each day it touches, cut at midnight."""
    for day in days:
        begin, after = midnight(day.date, zone), midnight(day.date + dt.timedelta(days=1), zone)
        if entry.starts_at < after and entry.ends_at > begin:
            starts, ends = max(entry.starts_at, begin), min(entry.ends_at, after)
            words = f"{starts.astimezone(zone):%H:%M}–{ends.astimezone(zone):%H:%M}"
            if "is-task" in entry.css:
                words = f"{starts.astimezone(zone):%H:%M}"
            day.timed.append(Entry(entry.title, starts, ends, entry.css, entry.url, entry.who, words))


def _place(days: list[Day], zone: dt.tzinfo) -> list[tuple[str, int]]:
    """Gives each timed entry its rows and lane; the hours that are shown."""
    first, last = FIRST_HOUR, LAST_HOUR
    for day in days:
        for entry in day.timed:
            first = min(first, entry.starts_at.astimezone(zone).hour)
            last = max(last, _minute(entry.ends_at, day.date, zone) // 60 + 1)
    last = min(24, last)
    for day in days:
        day.timed.sort(key=lambda entry: (entry.starts_at, entry.ends_at, entry.title))
        for entry in day.timed:
            entry.row = (_minute(entry.starts_at, day.date, zone) - first * 60) // _QUARTER + 1
            until = -(-(_minute(entry.ends_at, day.date, zone) - first * 60) // _QUARTER) + 1
            entry.span = max(2, until - entry.row)
        for cluster in _clusters(day.timed):
            _share(cluster)
    return [(f"{hour:02}:00", (hour - first) * ROWS_AN_HOUR + 1) for hour in range(first, last)]


def _clusters(entries: list[Entry]) -> Iterable[list[Entry]]:
    """Runs of entries, in their order, that hang together by overlapping."""
    cluster: list[Entry] = []
    end = 0
    for entry in entries:
        if cluster and entry.row >= end:
            yield cluster
            cluster = []
        cluster.append(entry)
        end = max(end if len(cluster) > 1 else 0, entry.row + entry.span)
    if cluster:
        yield cluster


def _share(cluster: list[Entry]) -> None:
    """Puts each entry into the first free lane; all lanes of a cluster are equally wide."""
    ends: list[int] = []
    for entry in cluster:
        free = next((lane for lane, end in enumerate(ends) if end <= entry.row), len(ends))
        free = min(free, LANES[-1] - 1)
        ends[free : free + 1] = [entry.row + entry.span]
        entry.lane = free + 1
    lanes = next(count for count in LANES if count >= len(ends))
    for entry in cluster:
        entry.lanes = lanes


def _minute(moment: dt.datetime, day: dt.date, zone: dt.tzinfo) -> int:
    """The wall clock's minute of the day; 1440 for the midnight that ends it."""
    local = moment.astimezone(zone)
    return 1440 if local.date() > day else local.hour * 60 + local.minute
