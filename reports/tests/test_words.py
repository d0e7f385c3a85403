"""Periods, differences and names in words."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from crm.core import clock
from crm.core.metrics import Figure, Unit, measures
from reports.cards.tiles import spark
from reports.periods import last_days
from reports.words import change, days_text, value_text, zone_name

from .builders import SHANGHAI, at


def test_the_period_before_stops_at_the_same_time_of_day() -> None:
    with clock.at(at(18, 10, 20)):
        period = last_days(14, SHANGHAI)
        before = period.previous
    assert (period.first, period.last) == (dt.date(2026, 11, 5), dt.date(2026, 11, 18))
    assert before.start == dt.datetime(2026, 10, 22, tzinfo=SHANGHAI)
    assert before.end == dt.datetime(2026, 11, 4, 10, 20, tzinfo=SHANGHAI)


def test_days_begin_at_local_midnight_on_both_sides_of_a_clock_change() -> None:
    zone = ZoneInfo("Europe/Berlin")  # clocks go back on 25 October 2026
    with clock.at(dt.datetime(2026, 10, 26, 12, tzinfo=zone)):
        span = last_days(3, zone).span
    assert span.end - span.start == dt.timedelta(hours=73)
    assert [span.day(day).start.astimezone(zone).hour for day in span.days()] == [0, 0, 0]


@pytest.mark.parametrize(
    ("key", "now", "before", "text", "tone"),
    [
        ("tickets.created", 106, 100, "▲ +6.0%", "neutral"),
        ("tickets.sla_met", 0.936, 0.95, "▼ −1.4 pt", "warning"),
        ("tickets.first_response_median_business", 840, 1020, "▼ −3 min", "success"),
        ("tickets.satisfaction", 4.6, 4.5, "▲ +0.1", "success"),
        ("tickets.resolved", 5, 5, "unchanged", "neutral"),
    ],
)  # fmt: skip
def test_change_has_arrow_and_sign_and_judges_only_where_that_has_sense(
    key: str, now: float, before: float, text: str, tone: str
) -> None:
    found = change(measures[key], Figure(now, 1), Figure(before, 1))
    assert found is not None
    assert (found.text, found.tone) == (text, tone)


def test_no_change_is_told_where_a_side_has_no_answer() -> None:
    assert change(measures["tickets.sla_met"], Figure(0.9, 5), Figure(None, 0)) is None
    assert change(measures["tickets.created"], Figure(3, 3), Figure(0, 0)) is None


def test_words_in_both_languages() -> None:
    first, last = dt.date(2026, 11, 5), dt.date(2026, 11, 18)
    assert (days_text(first, last), days_text(dt.date(2026, 10, 28), last)) == ("5–18 Nov", "28 Oct – 18 Nov")
    assert zone_name(SHANGHAI) == "Beijing time"
    assert zone_name(ZoneInfo("America/New_York")) == "New York time"
    assert value_text(Unit.RATE, None) == "--"
    assert value_text(Unit.BUSINESS_SECONDS, 270_000) == "75 h"
    with translation.override("zh-hans"):
        assert "11-05" in days_text(first, last)


def test_a_sparkline_leaves_gaps_and_needs_two_points() -> None:
    assert spark([1, None, 3]) == "M0.0,22.0 M100.0,2.0"
    assert spark([None, 4]) == ""
    assert spark([2, 2]) == "M0.0,12.0 L100.0,12.0"
