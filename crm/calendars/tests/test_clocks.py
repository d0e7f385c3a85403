"""Clocks: deadlines, pauses, targets, and effects that happen once."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.utils import translation

from crm.calendars.actions import clocks
from crm.calendars.clock_sweep import sweep_clocks
from crm.calendars.explain import explain_clock
from crm.calendars.models import Calendar, Clock, ClockEvent
from crm.calendars.words import duration_text, state_text
from crm.core import clock as core_clock

from .builders import KIND, make_calendar, probe_kind, utc

pytestmark = pytest.mark.django_db

START = utc("2026-11-16 01:00")  # Monday, 09:00 in Shanghai
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def told():
    """What took effect, as (object, level)."""
    seen = []
    with probe_kind(lambda clock, level: seen.append((clock.object_id, level))):
        yield seen


@pytest.fixture
def calendar():
    return make_calendar()


def start(calendar, *, hours=4, object_id=1, **options):
    with core_clock.at(START):
        return clocks.start_clock(
            kind=KIND, object_id=object_id, calendar=calendar, target_seconds=hours * 3600, **options
        )


@contextmanager
def after(hours):
    with core_clock.at(START + HOUR * hours):
        yield


def retarget(clock, calendar, hours, warn_percent=80):
    return clocks.retarget_clock(
        clock,
        calendar=calendar,
        target_seconds=hours * 3600,
        warn_percent=warn_percent,
        policy_id=7,
        policy_version=2,
        policy_label="Gold",
    )


def near(moment):
    return pytest.approx(moment.timestamp(), abs=1)


def test_due_and_warning_skip_lunch(told, calendar):
    clock = start(calendar, hours=5, started_at=START)
    assert clock.due_at == START + 6 * HOUR
    assert clock.warn_at == START + 5 * HOUR
    assert clock.next_check_at == clock.warn_at


def test_starting_twice_gives_the_same_clock(told, calendar):
    first = start(calendar)
    assert start(calendar, hours=9) == first
    assert start(calendar, cycle=2).pk != first.pk
    assert [clock.cycle for clock in Clock.objects.of(KIND, 1)] == [2, 1]


def test_a_target_of_nothing_is_refused(told, calendar):
    with pytest.raises(ValueError):
        start(calendar, hours=0)


def test_an_unknown_kind_is_refused(calendar):
    with pytest.raises(KeyError):
        start(calendar)


def test_a_pause_moves_the_deadline_by_business_time(told, calendar):
    clock = start(calendar, hours=4, started_at=START)
    clocks.pause_clock(clock, START + 2 * HOUR)
    assert (clock.state, clock.next_check_at) == ("paused", None)
    clocks.resume_clock(clock, START + 5 * HOUR)  # 11:00 to 14:00 with an hour of lunch in it
    assert clock.state == "running"
    assert clock.due_at == START + 7 * HOUR


def test_pausing_and_resuming_again_change_nothing(told, calendar):
    clock = start(calendar)
    clocks.resume_clock(clock)
    assert clock.spans == []
    clocks.pause_clock(clock, START + HOUR)
    clocks.pause_clock(clock, START + 2 * HOUR)
    assert [span.start for span in clock.spans] == [START + HOUR]


def test_verbs_read_the_row_again(told, calendar):
    clock, stale = start(calendar, started_at=START), Clock.objects.get()
    clocks.pause_clock(clock, START + HOUR)
    clocks.meet_clock(stale, START + 2 * HOUR)
    assert stale.business_seconds == 3600
    clocks.resume_clock(clock)
    assert clock.state == "met"


def test_met_in_time_measures_business_and_calendar_seconds(told, calendar):
    clock = start(calendar, hours=5, started_at=START)
    clocks.meet_clock(clock, START + 5 * HOUR)
    assert (clock.business_seconds, clock.calendar_seconds) == (4 * 3600, 5 * 3600)
    assert (clock.breached_at, clock.next_check_at) == (None, None)
    clocks.meet_clock(clock, START + 9 * HOUR)
    assert clock.met_at == START + 5 * HOUR


def test_met_late_is_a_breach_even_before_any_sweep(told, calendar):
    clock = start(calendar, hours=1, started_at=START)
    clocks.meet_clock(clock, START + 2 * HOUR)
    assert clock.breached_at == START + HOUR
    with after(3):
        sweep_clocks()
    assert told == []


def test_met_while_paused_counts_up_to_the_pause(told, calendar):
    clock = start(calendar, hours=1, started_at=START)
    clocks.pause_clock(clock, START + HOUR / 2)
    clocks.meet_clock(clock, START + 3 * HOUR)
    assert clock.business_seconds == 1800
    assert clock.breached_at is None


def test_a_stopped_clock_measures_nothing_and_stays_stopped(told, calendar):
    clock = start(calendar)
    clocks.stop_clock(clock)
    clocks.meet_clock(clock)
    clocks.pause_clock(clock)
    assert (clock.state, clock.business_seconds, clock.next_check_at) == ("stopped", None, None)


def test_levels_take_effect_once_each(told, calendar):
    clock = start(calendar)
    with after(3):
        assert sweep_clocks() == 0
    with after(3.3):
        sweep_clocks()
        sweep_clocks()
    assert told == []
    with after(4.3):  # 13:18; at risk since 12 minutes past
        sweep_clocks()
        sweep_clocks()
    assert told == [(1, "warning")]
    with after(6):
        sweep_clocks()
        sweep_clocks()
    assert told == [(1, "warning"), (1, "breach")]
    clock.refresh_from_db()
    assert (clock.warned_at, clock.breached_at, clock.next_check_at) == (clock.warn_at, clock.due_at, None)


def test_an_outage_collapses_levels_into_the_highest(told, calendar):
    start(calendar)
    with after(100):
        assert sweep_clocks() == 1
        assert sweep_clocks() == 0
    assert told == [(1, "breach")]


def test_no_warning_where_none_is_wanted(told, calendar):
    clock = start(calendar, warn_percent=0)
    assert (clock.warn_at, clock.next_check_at) == (None, clock.due_at)


def test_paused_met_and_stopped_clocks_are_left_alone(told, calendar):
    clocks.pause_clock(start(calendar, object_id=1), START + HOUR)
    clocks.meet_clock(start(calendar, object_id=2), START + HOUR)
    clocks.stop_clock(start(calendar, object_id=3))
    with after(100):
        assert sweep_clocks() == 0
    assert told == []


def test_a_pause_after_the_deadline_only_delays_the_effect(told, calendar):
    clock = start(calendar, hours=1)
    with after(2):
        clocks.pause_clock(clock)
    with after(4.5):
        clocks.resume_clock(clock)
        sweep_clocks()
    assert told == [(1, "breach")]


def test_a_later_target_clears_a_level_nobody_was_told_of(told, calendar):
    clock = start(calendar, hours=1, started_at=START)
    with after(2):
        retarget(clock, calendar, 8)
        sweep_clocks()
    assert told == []
    assert (clock.due_at, clock.warned_at) == (START + 9 * HOUR, None)
    assert (clock.policy_id, clock.policy_version, clock.policy_label) == (7, 2, "Gold")


def test_a_level_that_was_told_is_open_again_but_not_told_twice(told, calendar):
    clock = start(calendar, hours=1)
    with after(2):
        sweep_clocks()
        retarget(clock, calendar, 6)
    assert clock.breached_at is None
    with after(30):
        sweep_clocks()
    clock.refresh_from_db()
    assert clock.breached_at == clock.due_at
    assert told == [(1, "breach")]


def test_a_shorter_target_breaches_at_once(told, calendar):
    clock = start(calendar, hours=8)
    with after(2):
        retarget(clock, calendar, 1)
        sweep_clocks()
    assert told == [(1, "breach")]


def test_a_new_target_keeps_the_pauses(told, calendar):
    clock = start(calendar, hours=1, started_at=START)
    clocks.pause_clock(clock, START + HOUR / 2)
    retarget(clock, calendar, 2)
    assert (clock.state, clock.next_check_at) == ("paused", None)
    clocks.resume_clock(clock, START + HOUR)
    assert clock.due_at == START + 2.5 * HOUR


def test_a_met_clock_keeps_its_target(told, calendar):
    clock = start(calendar)
    clocks.meet_clock(clock, START + HOUR)
    retarget(clock, calendar, 1)
    assert (clock.target_seconds, clock.policy_label) == (4 * 3600, "")


def test_the_next_cycle_tells_again(told, calendar):
    start(calendar, hours=1)
    start(calendar, hours=1, cycle=2)
    with after(2):
        sweep_clocks()
    assert told == [(1, "breach"), (1, "breach")]


def test_a_failing_effect_waits_and_blocks_nobody(calendar):
    seen, broken = [], True

    def effect(clock, level):
        if clock.object_id == 1 and broken:
            Calendar.objects.filter(pk=calendar.pk).update(timezone="UTC")
            raise RuntimeError("mail server on fire")
        seen.append((clock.object_id, level))

    with probe_kind(effect):
        failing = start(calendar, hours=1, object_id=1)
        start(calendar, hours=1, object_id=2)
        with after(2):
            assert sweep_clocks() == 2
            assert sweep_clocks() == 0
        failing.refresh_from_db()
        calendar.refresh_from_db()
        assert seen == [(2, "breach")]
        assert calendar.timezone == "Asia/Shanghai"
        assert (failing.attempts, failing.breached_at) == (1, None)
        assert failing.next_check_at.timestamp() == near(START + 2 * HOUR + dt.timedelta(seconds=2))
        assert not ClockEvent.objects.filter(clock=failing).exists()
        broken = False
        with after(2.01):
            assert sweep_clocks() == 1
        failing.refresh_from_db()
        assert seen == [(2, "breach"), (1, "breach")]
        assert failing.attempts == 0


def test_an_effect_may_use_the_verbs_of_its_clock(calendar):
    with probe_kind(lambda clock, level: clocks.stop_clock(Clock.objects.get(pk=clock.pk))):
        clock = start(calendar, hours=1)
        with after(2):
            sweep_clocks()
        clock.refresh_from_db()
        assert (clock.state, clock.next_check_at) == ("stopped", None)


# --- words --------------------------------------------------------------------------------------------


def test_state_in_words(told, calendar):
    clock = start(calendar, hours=2, started_at=START)

    def said(hours):
        state = state_text(clock, START + HOUR * hours)
        return state["tone"], state["text"]

    assert said(0) == ("neutral", "Due in 2 h")
    assert said(1.75) == ("warning", "Due in 15 m")
    assert said(2) == ("warning", "Due in 0 s")
    assert said(50.5) == ("danger", "Overdue by 2 d")
    clocks.pause_clock(clock, START + HOUR, reason={"en": "waiting on customer", "zh-hans": "待客户回复"})
    assert said(3) == ("neutral", "Paused (waiting on customer)")
    with translation.override("zh-hans"):
        assert "待客户回复" in said(3)[1]
    assert state_text(clock, START)["due_at"] is None
    clocks.meet_clock(clock, START + 2 * HOUR)
    assert said(9) == ("success", "Met in 1 h")


def test_other_states_in_words(told, calendar):
    clock = start(calendar, hours=1, started_at=START)
    clocks.meet_clock(clock, START + 1.5 * HOUR)
    assert state_text(clock, START)["text"] == "Met 30 m late"
    assert state_text(clock, START)["tone"] == "danger"
    paused = clocks.pause_clock(start(calendar, object_id=2))
    assert state_text(paused, START)["text"] == "Paused"
    assert state_text(clocks.stop_clock(paused), START)["text"] == "Stopped"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 m"), (7800, "2 h 10 m"), (86_400, "1 d"), (97_200, "1 d 3 h")],
)
def test_durations(seconds, words):
    assert duration_text(seconds) == words


def test_business_durations_have_no_days():
    assert duration_text(97_200, days=False) == "27 h"


def test_explains_the_deadline(told, calendar):
    calendar.holidays.create(date="2026-11-17", name={"en": "Founders' day"})
    calendar.save()
    clock = start(calendar, hours=8, started_at=START, policy_label="Gold", policy_id=3)
    clocks.pause_clock(clock, START + HOUR)
    clocks.resume_clock(clock, START + 2 * HOUR)
    steps = explain_clock(clock)
    assert [step["key"] for step in steps] == [
        "policy",
        "calendar",
        "started",
        "target",
        "paused",
        "holiday",
        "due",
    ]
    assert steps[4]["business_seconds"] == 3600
    assert "Founders' day" in steps[5]["text"]
    assert steps[-1]["at"] == utc("2026-11-18 02:00")
    clocks.pause_clock(clock)
    assert explain_clock(clock)[-1]["at"] is None
    clocks.meet_clock(clock)
    assert explain_clock(clock)[-1]["key"] == "met"
