"""The administrator's verbs, the seeds, and clocks that follow a changed calendar."""

import datetime as dt

import pytest

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.activity.selectors import sentence_of
from crm.calendars.actions import calendars as verbs
from crm.calendars.actions import clocks
from crm.calendars.hours import hours_of
from crm.calendars.models import Calendar, Holiday
from crm.calendars.seeds import seed_calendars
from crm.calendars.selectors import calendars, holidays_of
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed
from crm.jobs import runners
from crm.jobs.models import Job

from .builders import KIND, OFFICE, make_calendar, make_user, probe_kind, utc

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
START = utc("2026-11-16 01:00")


def change(calendar, **changes):
    values = {"name": calendar.name, "timezone": calendar.timezone, "week": calendar.week}
    values["is_default"] = calendar.is_default
    return verbs.update_calendar(actor=SYSTEM, calendar=calendar, **{**values, **changes})


def test_the_seeded_calendars():
    office = Calendar.default()
    assert office.name == {"en": "Standard hours", "zh-hans": "标准工作时间"}
    assert holidays_of(office, office.created_at.year)
    assert holidays_of(office, office.created_at.year + 1)
    assert hours_of(office).between(utc("2026-11-16 00:00"), utc("2026-11-17 00:00")) == 8 * 3600
    before = Calendar.objects.count(), Holiday.objects.count()
    seed_calendars()
    assert (Calendar.objects.count(), Holiday.objects.count()) == before


def test_the_default_moves_and_never_goes():
    first, second = Calendar.default(), make_calendar()
    with pytest.raises(Invalid) as caught:
        change(first, is_default=False)
    assert "is_default" in caught.value.fields
    change(second, is_default=True)
    assert Calendar.default() == second
    assert calendars(SYSTEM)[0] == second


@pytest.mark.parametrize(
    "changes", [{"timezone": "Moon/Base"}, {"week": {"v": 1}}, {"week": {"v": 1, "mon": [["9", "x"]]}}]
)
def test_wrong_values_change_nothing(changes):
    calendar = make_calendar()
    with pytest.raises(Invalid):
        change(calendar, **changes)
    calendar.refresh_from_db()
    assert calendar.week == OFFICE | {"sat": [], "sun": []}


def test_holidays_change_the_hours_at_once():
    calendar = make_calendar()
    monday = START + dt.timedelta(hours=1)
    assert hours_of(calendar).is_open(monday)
    holiday = verbs.add_holiday(actor=SYSTEM, calendar=calendar, date=monday.date(), name={"en": "Party"})
    assert not hours_of(calendar.pk).is_open(monday)
    verbs.remove_holiday(actor=SYSTEM, holiday=holiday)
    verbs.remove_holiday(actor=SYSTEM, holiday=holiday)
    assert hours_of(calendar.pk).is_open(monday)
    keys = [activity.key for activity in Activity.objects.order_by("pk")]
    assert keys == ["calendars.calendar_created", "calendars.holiday_added", "calendars.holiday_removed"]
    assert "Party" in sentence_of(Activity.objects.order_by("pk").last())


def test_a_makeup_day_has_the_hours_of_its_weekday():
    calendar = make_calendar(OFFICE | {"mon": [["08:00", "09:00"]]})
    saturday, sunday = dt.date(2026, 11, 21), dt.date(2026, 11, 22)
    name = {"en": "Make-up workday"}
    verbs.add_holiday(actor=SYSTEM, calendar=calendar, date=saturday, name=name, kind="makeup")
    verbs.add_holiday(actor=SYSTEM, calendar=calendar, date=sunday, name=name, kind="makeup", as_weekday=4)
    hours = hours_of(calendar.pk)
    assert hours.between(utc("2026-11-20 16:00"), utc("2026-11-21 16:00")) == 3600
    assert hours.between(utc("2026-11-21 16:00"), utc("2026-11-22 16:00")) == 8 * 3600


def test_a_day_is_said_once():
    calendar = make_calendar()
    verbs.add_holiday(actor=SYSTEM, calendar=calendar, date=START.date(), name={"en": "Party"})
    with pytest.raises(Invalid) as caught:
        verbs.add_holiday(actor=SYSTEM, calendar=calendar, date=START.date(), name={"en": "Again"})
    assert "date" in caught.value.fields


def test_importing_brings_holidays_and_makeup_days_once():
    calendar = make_calendar()
    mine = verbs.add_holiday(actor=SYSTEM, calendar=calendar, date=dt.date(2026, 10, 1), name={"en": "Ours"})
    count = verbs.import_holidays(actor=SYSTEM, calendar=calendar, country="CN", year=2026)
    rows = holidays_of(calendar, 2026)
    assert count == len(rows) - 1 > 20
    assert {row.date for row in rows if row.kind == "makeup"} >= {dt.date(2026, 2, 14), dt.date(2026, 10, 10)}
    assert mine in rows
    assert next(row for row in rows if row.date == dt.date(2026, 5, 1)).name["zh-hans"] == "劳动节"
    assert verbs.import_holidays(actor=SYSTEM, calendar=calendar, country="CN", year=2026) == 0


@pytest.mark.parametrize(("country", "year", "field"), [("XX", 2026, "country"), ("CN", 1, "year")])
def test_an_import_that_cannot_be(country, year, field):
    with pytest.raises(Invalid) as caught:
        verbs.import_holidays(actor=SYSTEM, calendar=make_calendar(), country=country, year=year)
    assert field in caught.value.fields


def test_verbs_need_the_permission():
    actor, calendar = actor_for(make_user()), make_calendar()
    with pytest.raises(NotAllowed) as caught:
        verbs.import_holidays(actor=actor, calendar=calendar, country="CN", year=2026)
    assert caught.value.permission == "calendars.manage"
    assert calendars(Actor.guest()) == []


def test_running_clocks_follow_a_changed_calendar_and_met_ones_stay():
    calendar = make_calendar()
    with probe_kind(lambda clock, level: None):
        running, met, paused = (
            clocks.start_clock(
                kind=KIND, object_id=number, calendar=calendar, target_seconds=4 * 3600, started_at=START
            )
            for number in range(3)
        )
        clocks.meet_clock(met, START + dt.timedelta(hours=1))
        clocks.pause_clock(paused, START + dt.timedelta(hours=1))
        due = running.due_at
        change(calendar, name={"en": "Only the name"})
        assert not Job.objects.exists()
        verbs.add_holiday(actor=SYSTEM, calendar=calendar, date=START.date(), name={"en": "Party"})
        job = Job.objects.get()
        assert job.total == 2
        runners.run(job.pk)
        for clock in (running, met, paused):
            clock.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, job.done, job.skipped_count) == ("done", 2, 0)
    assert running.due_at == due + dt.timedelta(days=1)
    assert met.due_at == due
    assert (paused.due_at, paused.next_check_at) == (due + dt.timedelta(days=1), None)


def test_a_clock_without_an_answer_is_noted_and_the_rest_goes_on():
    calendar = make_calendar()
    with probe_kind(lambda clock, level: None):
        first = clocks.start_clock(kind=KIND, object_id=1, calendar=calendar, target_seconds=3600)
    first.target_seconds = 2**31 - 1
    first.save()
    change(calendar, week={"v": 1, "mon": [["09:00", "09:01"]]})
    job = Job.objects.get()
    runners.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.skipped_count) == ("done", 1)
    assert job.skipped[0]["id"] == first.pk
