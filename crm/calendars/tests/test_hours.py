"""Business time against a slow count of minutes, and the cases that break calendars."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.calendars.exceptions import NoOpeningHours, OutOfReach, StillPaused
from crm.calendars.hours import Hours
from crm.calendars.week import parse_day

from .builders import utc

CLOSED = ((),) * 7
MINUTE = dt.timedelta(minutes=1)


def week(weekdays: str, weekend: str = "") -> tuple:
    return (parse_day(weekdays),) * 5 + (parse_day(weekend),) * 2


def hours(weekdays: str = "09:00-12:00, 13:00-18:00", zone: str = "Asia/Shanghai", weekend: str = "", special=None):
    return Hours(week=week(weekdays, weekend), zone=ZoneInfo(zone), special=special)


# --- the oracle ---------------------------------------------------------------------------------------

#: Moments around time changes (forward, back, at midnight, half an hour), a leap day, a year's end.
MOMENTS = [
    ("Europe/Berlin", "2026-03-28 12:00"),
    ("Europe/Berlin", "2026-10-24 12:00"),
    ("America/New_York", "2026-03-07 12:00"),
    ("America/New_York", "2026-10-31 12:00"),
    ("Australia/Lord_Howe", "2026-04-03 18:00"),
    ("Australia/Lord_Howe", "2026-10-02 18:00"),
    ("America/Sao_Paulo", "2018-02-17 00:00"),
    ("America/Sao_Paulo", "2018-11-03 12:00"),
    ("Pacific/Apia", "2011-12-29 00:00"),
    ("Asia/Shanghai", "2024-02-28 00:00"),
    ("Asia/Kathmandu", "2026-12-30 12:00"),
    ("UTC", "2027-12-31 00:00"),
]

times = st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True).map(sorted)


@st.composite
def days(draw):
    marks = draw(times)
    return tuple((start * 900, end * 900) for start, end in zip(marks[::2], marks[1::2], strict=False))


@st.composite
def cases(draw):
    zone, moment = draw(st.sampled_from(MOMENTS))
    start = utc(moment) + MINUTE * draw(st.integers(0, 1440))
    first = start.date() - dt.timedelta(days=1)
    dates = st.integers(0, 4).map(lambda number: first + dt.timedelta(days=number))
    special = draw(st.dictionaries(dates, days(), max_size=2))
    compiled = Hours(week=tuple(draw(days()) for _day in range(7)), zone=ZoneInfo(zone), special=special)
    return compiled, start


def wall_is_open(compiled: Hours, moment: dt.datetime) -> bool:
    """What the wall clock says, straight from the definition."""
    local = moment.astimezone(compiled.zone)
    seconds = local.hour * 3600 + local.minute * 60
    spans = compiled._special.get(local.date(), compiled._week[local.weekday()])
    return any(start <= seconds < end for start, end in spans)


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(1, 2880), st.lists(st.tuples(st.integers(-600, 2880), st.integers(0, 900)), max_size=3))
def test_agrees_with_a_count_of_minutes(case, length, pauses):
    compiled, start = case
    finish = start + MINUTE * length
    paused = [(start + MINUTE * begin, start + MINUTE * (begin + lasting)) for begin, lasting in pauses]

    def counts(moment):
        return wall_is_open(compiled, moment) and not any(a <= moment < b for a, b in paused)

    moments = [start + MINUTE * number for number in range(length)]
    opened = [moment for moment in moments if wall_is_open(compiled, moment)]
    counted = [moment for moment in moments if counts(moment)]

    assert compiled.between(start, finish) == 60 * len(opened)
    assert compiled.between(start, finish, paused) == 60 * len(counted)
    assert compiled.is_open(start) is wall_is_open(compiled, start)
    if counted:
        assert compiled.add(start, 60 * len(counted), paused) == counted[-1] + MINUTE
    if opened:
        assert compiled.next_opening(start) == opened[0]
        closings = [moment + MINUTE for moment in opened if not wall_is_open(compiled, moment + MINUTE)]
        if closings:
            assert compiled.next_closing(start) == closings[0]
        assert sum((end - begin for begin, end in compiled.openings(start, finish)), dt.timedelta()) == MINUTE * len(
            opened
        )


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**7), st.datetimes(dt.datetime(2001, 1, 1), dt.datetime(2060, 1, 1)))
def test_between_undoes_add(seconds, naive):
    compiled, start = hours("08:30-12:00, 13:15-24:00", "Europe/Berlin"), naive.replace(tzinfo=dt.UTC)
    due = compiled.add(start, seconds)
    assert compiled.between(start, due) == seconds
    assert due >= start


# --- single cases -------------------------------------------------------------------------------------


def test_lunch_night_and_weekend_do_not_count():
    friday = utc("2026-11-20 08:00")  # 16:00 in Shanghai
    assert hours().add(friday, 3 * 3600) == utc("2026-11-23 02:00")
    assert hours().between(friday, utc("2026-11-23 02:00")) == 3 * 3600


def test_a_deadline_may_be_the_closing_time():
    assert hours().add(utc("2026-11-20 08:00"), 2 * 3600) == utc("2026-11-20 10:00")


def test_nothing_to_add_stays_put_even_when_closed():
    sunday = utc("2026-11-22 05:00")
    assert hours().add(sunday, 0) == sunday


def test_microseconds_survive():
    start = utc("2026-11-20 01:00") + dt.timedelta(microseconds=7)
    assert hours().add(start, 60) == start + MINUTE


def test_going_backwards_is_no_business_time():
    assert hours().between(utc("2026-11-20 08:00"), utc("2026-11-20 02:00")) == 0
    with pytest.raises(ValueError):
        hours().add(utc("2026-11-20 08:00"), -1)


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("Europe/Berlin", "2026-03-28 23:00", 23),
        ("Europe/Berlin", "2026-10-24 22:00", 25),
        ("America/New_York", "2026-03-08 05:00", 23),
        ("America/New_York", "2026-11-01 04:00", 25),
        ("Australia/Lord_Howe", "2026-04-04 13:00", 24.5),
        ("Australia/Lord_Howe", "2026-10-03 13:30", 23.5),
    ],
)
def test_a_day_of_a_time_change_has_its_own_length(zone, start, expected):
    always = hours("00:00-24:00", zone, "00:00-24:00")
    only_sunday = Hours(week=(*CLOSED[:6], parse_day("00:00-24:00")), zone=ZoneInfo(zone))
    begin = utc(start)
    assert only_sunday.between(begin - dt.timedelta(days=2), begin + dt.timedelta(days=3)) == expected * 3600
    assert always.between(begin, begin + dt.timedelta(hours=expected)) == expected * 3600


def test_an_hour_that_is_skipped_is_never_open_and_one_that_repeats_is_open_twice():
    night = hours("", "Europe/Berlin", "02:00-03:00")
    assert night.between(utc("2026-03-29 00:00"), utc("2026-03-29 12:00")) == 0
    assert night.between(utc("2026-10-24 22:00"), utc("2026-10-25 12:00")) == 2 * 3600
    assert night.next_opening(utc("2026-03-29 00:00")) == utc("2026-04-04 00:00")


def test_leap_day_counts():
    assert hours().between(utc("2024-02-28 00:00"), utc("2024-03-01 00:00")) == 2 * 8 * 3600
    assert hours().between(utc("2023-02-28 00:00"), utc("2023-03-02 00:00")) == 2 * 8 * 3600


def test_holiday_is_closed_and_makeup_day_is_open():
    special = {dt.date(2026, 10, 1): (), dt.date(2026, 10, 10): parse_day("09:00-12:00, 13:00-18:00")}
    compiled = hours(special=special)
    assert not compiled.is_open(utc("2026-10-01 02:00"))
    assert compiled.is_open(utc("2026-10-10 02:00"))
    assert compiled.next_opening(utc("2026-09-30 12:00")) == utc("2026-10-02 01:00")


def test_midnight_joins_two_days():
    through = hours("09:00-24:00", weekend="00:00-06:00")
    assert through.next_closing(utc("2026-11-20 05:00")) == utc("2026-11-20 22:00")


def test_new_year_joins_two_years():
    through = hours("00:00-24:00", "UTC")
    assert through.next_closing(utc("2026-12-31 12:00")) == utc("2027-01-02 00:00")
    assert through.add(utc("2026-12-31 23:00"), 7200) == utc("2027-01-01 01:00")


def test_opening_and_closing_moments():
    assert hours().is_open(utc("2026-11-20 01:00"))
    assert not hours().is_open(utc("2026-11-20 10:00"))
    assert hours().next_closing(utc("2026-11-20 04:00")) == utc("2026-11-20 10:00")


def test_round_the_clock_never_closes():
    always = hours("00:00-24:00", weekend="00:00-24:00")
    assert always.next_closing(utc("2026-11-20 01:00")) is None
    assert always.add(utc("2026-11-20 01:00"), 86_400 * 1000) == utc("2026-11-20 01:00") + dt.timedelta(days=1000)


def test_a_calendar_without_hours_says_so():
    shut = Hours(week=CLOSED, zone=ZoneInfo("UTC"))
    now = utc("2026-11-20 01:00")
    assert shut.between(now, now + dt.timedelta(days=900)) == 0
    assert not shut.is_open(now)
    assert shut.openings(now, now + dt.timedelta(days=9)) == []
    for ask in (lambda: shut.add(now, 1), lambda: shut.next_opening(now), lambda: shut.next_closing(now)):
        with pytest.raises(NoOpeningHours):
            ask()


def test_a_calendar_of_makeup_days_alone_ends_with_the_last():
    once = Hours(week=CLOSED, zone=ZoneInfo("UTC"), special={dt.date(2028, 5, 1): parse_day("09:00-10:00")})
    now = utc("2026-11-20 01:00")
    assert once.add(now, 3600) == utc("2028-05-01 10:00")
    assert once.next_opening(now) == utc("2028-05-01 09:00")
    with pytest.raises(NoOpeningHours):
        once.add(now, 3601)
    with pytest.raises(NoOpeningHours):
        once.next_opening(utc("2028-05-01 10:00"))


def test_too_far_away_is_refused():
    with pytest.raises(OutOfReach):
        hours().add(utc("2026-11-20 01:00"), 10**10)
    with pytest.raises(OutOfReach):
        hours().is_open(utc("1800-01-01 00:00"))


def test_years_may_be_asked_for_in_any_order():
    compiled = hours()
    late = compiled.between(utc("2030-01-07 00:00"), utc("2030-01-08 00:00"))
    early = compiled.between(utc("2001-01-08 00:00"), utc("2001-01-09 00:00"))
    whole = compiled.between(utc("2001-01-08 00:00"), utc("2030-01-08 00:00"))
    assert late == early == 8 * 3600
    assert whole == Hours(week=compiled._week, zone=compiled.zone).between(
        utc("2001-01-08 00:00"), utc("2030-01-08 00:00")
    )


def test_pauses_overlap_nest_and_lie_outside():
    start = utc("2026-11-20 01:00")
    paused = [
        (utc("2026-11-20 02:00"), utc("2026-11-20 03:00")),
        (utc("2026-11-20 02:30"), utc("2026-11-20 02:40")),
        (utc("2026-11-20 02:50"), utc("2026-11-20 03:30")),
        (utc("2026-11-19 00:00"), utc("2026-11-19 09:00")),
        (utc("2026-11-20 12:00"), utc("2026-11-20 20:00")),
    ]
    assert hours().add(start, 2 * 3600, paused) == utc("2026-11-20 05:30")
    assert hours().between(start, utc("2026-11-20 05:30"), paused) == 2 * 3600


def test_an_endless_pause_leaves_no_deadline_unless_it_comes_later():
    start, pause = utc("2026-11-20 01:00"), [(utc("2026-11-20 02:00"), None)]
    assert hours().add(start, 3600, pause) == utc("2026-11-20 02:00")
    assert hours().between(start, utc("2026-11-25 02:00"), pause) == 3600
    with pytest.raises(StillPaused):
        hours().add(start, 3601, pause)


def test_two_hundred_thousand_calls_take_seconds():
    compiled, start = hours(zone="Europe/Berlin"), utc("2026-01-05 08:00")
    began = time.process_time()
    for number in range(100_000):
        compiled.between(start, compiled.add(start, number * 40))
    assert time.process_time() - began < 5
