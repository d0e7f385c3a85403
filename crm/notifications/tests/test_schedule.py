from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from crm.notifications.models import Delivery
from crm.notifications.schedule import next_digest, quiet_until

LONDON = ZoneInfo("Europe/London")  # summer time from 2026-03-29 01:00 UTC to 2026-10-25 01:00 UTC


def delivery(**options):
    return Delivery(**{"zone": "Europe/London", **options})


def quiet(start, end, **options):
    times = {"quiet_from": dt.time.fromisoformat(start), "quiet_until": dt.time.fromisoformat(end)} if start else {}
    return delivery(**times, **options)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def wall(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)


NIGHT = ("22:00", "07:00")


@pytest.mark.parametrize(
    ("times", "moment", "end"),
    [
        (NIGHT, "2026-11-18 21:59", None),
        (NIGHT, "2026-11-18 22:00", "2026-11-19 07:00"),
        (NIGHT, "2026-11-19 06:59", "2026-11-19 07:00"),
        (NIGHT, "2026-11-19 07:00", None),
        (("12:00", "13:30"), "2026-11-19 12:30", "2026-11-19 13:30"),
        (("12:00", "13:30"), "2026-11-19 14:00", None),
        ((None, None), "2026-11-19 03:00", None),
    ],
)
def test_quiet_hours_also_across_midnight(times, moment, end):
    assert quiet_until(quiet(*times), wall(moment)) == (wall(end) if end else None)


@pytest.mark.parametrize("moment", ["2026-11-20 23:00", "2026-11-21 12:00", "2026-11-22 23:30", "2026-11-23 05:00"])
def test_a_quiet_weekend_and_its_nights_are_one_time(moment):
    assert quiet_until(quiet(*NIGHT, quiet_weekends=True), wall(moment)) == wall("2026-11-23 07:00")


def test_a_quiet_weekend_alone():
    assert quiet_until(quiet(None, None, quiet_weekends=True), wall("2026-11-21 00:00")) == wall("2026-11-23 00:00")
    assert quiet_until(quiet(None, None, quiet_weekends=True), wall("2026-11-20 23:59")) is None


def test_the_night_of_a_change_of_clocks_ends_by_the_clock_on_the_wall():
    assert quiet_until(quiet(*NIGHT), utc("2026-03-28 23:00")) == utc("2026-03-29 06:00")
    assert quiet_until(quiet(*NIGHT), utc("2026-10-24 22:00")) == utc("2026-10-25 07:00")


def test_an_end_that_the_clocks_skip_or_repeat():
    assert quiet_until(quiet("22:00", "01:30"), utc("2026-03-28 23:00")) == utc("2026-03-29 01:30")
    twice = quiet("22:00", "01:30")
    for moment in ("2026-10-25 00:15", "2026-10-25 00:45", "2026-10-25 01:15"):
        end = quiet_until(twice, utc(moment))
        assert end is None or end == utc("2026-10-25 01:30")
    assert quiet_until(twice, utc("2026-10-25 00:15")) == utc("2026-10-25 01:30")


def test_a_daily_digest_keeps_its_hour_over_both_changes():
    daily = delivery(digest="daily", digest_hour=8)
    assert next_digest(daily, wall("2026-03-28 07:59")) == utc("2026-03-28 08:00")
    assert next_digest(daily, utc("2026-03-28 08:00")) == utc("2026-03-29 07:00")
    assert next_digest(daily, utc("2026-10-24 07:00")) == utc("2026-10-25 08:00")


@pytest.mark.parametrize("hour", [0, 1, 2])
def test_one_digest_a_day_in_the_hours_that_change(hour):
    daily, at, days = delivery(digest="daily", digest_hour=hour), utc("2026-03-25 12:00"), []
    for _day in range(250):
        at = next_digest(daily, at)
        days.append(at.astimezone(LONDON).date())
    assert [(b - a).days for a, b in pairwise(days)] == [1] * 249


def test_a_weekly_digest_comes_on_its_day():
    weekly = delivery(digest="weekly", digest_weekday=2, digest_hour=17)
    assert next_digest(weekly, wall("2026-11-18 16:59")) == wall("2026-11-18 17:00")
    assert next_digest(weekly, wall("2026-11-18 17:00")) == wall("2026-11-25 17:00")


def test_a_digest_leaves_the_quiet_weekend_out():
    daily = quiet(None, None, quiet_weekends=True, digest="daily", digest_hour=8)
    assert next_digest(daily, wall("2026-11-20 09:00")) == wall("2026-11-23 08:00")


def test_no_digest_or_never_out_of_quiet():
    assert next_digest(delivery(), wall("2026-11-20 09:00")) is None
    assert next_digest(quiet(*NIGHT, digest="daily", digest_hour=6), wall("2026-11-20 09:00")) is None
