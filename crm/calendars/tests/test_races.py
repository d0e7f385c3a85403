"""Two sweeps at once, two starts at once, and a person's verb that meets the sweep."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from crm.calendars.actions import clocks
from crm.calendars.clock_sweep import sweep_clocks
from crm.calendars.models import Calendar, Clock, ClockEvent
from crm.core import clock as core_clock

from .builders import KIND, make_calendar, probe_kind

pytestmark = pytest.mark.django_db(transaction=True)


def overdue(calendar: Calendar, object_id: int) -> Clock:
    return clocks.start_clock(
        kind=KIND,
        object_id=object_id,
        calendar=calendar,
        target_seconds=1,
        started_at=core_clock.now() - dt.timedelta(days=30),
    )


def in_threads(work, count):
    """Runs `work(number)` in threads that begin together, each with a connection of its own."""
    gate = threading.Barrier(count)

    def one(number):
        try:
            gate.wait(timeout=10)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_two_sweeps_share_the_work_and_tell_once():
    told, lock = [], threading.Lock()

    def effect(clock, level):
        with lock:
            told.append((clock.object_id, level))

    with probe_kind(effect):
        calendar = make_calendar()
        with transaction.atomic():
            for number in range(40):
                overdue(calendar, number)
        taken = in_threads(lambda _number: sweep_clocks(), 2)
    assert sum(taken) == 40
    assert sorted(told) == [(number, "breach") for number in range(40)]
    assert ClockEvent.objects.count() == 40


def test_rivals_start_one_clock():
    with probe_kind(lambda clock, level: None):
        calendar = make_calendar()

        def begin(_number):
            with transaction.atomic():
                return overdue(calendar, 1).pk

        assert len(set(in_threads(begin, 4))) == 1
    assert Clock.objects.count() == 1


def test_a_lock_cycle_costs_the_sweep_not_the_person():
    """The person holds the subject and wants the clock; the effect holds the clock and wants the subject."""
    subject_held, effect_runs = threading.Event(), threading.Event()

    def effect(clock, level):
        effect_runs.set()
        Calendar.objects.lock().get(pk=clock.calendar_id)

    with probe_kind(effect):
        calendar = make_calendar()
        with transaction.atomic():
            overdue(calendar, 1)

        def work(number):
            if number == 0:
                with transaction.atomic():
                    Calendar.objects.lock().get(pk=calendar.pk)
                    subject_held.set()
                    assert effect_runs.wait(timeout=10)
                    return clocks.pause_clock(Clock.objects.get()).state
            assert subject_held.wait(timeout=10)
            return sweep_clocks(limit=1)

        assert in_threads(work, 2) == ["paused", 1]
    assert not ClockEvent.objects.exists()


def test_the_verbs_need_the_owners_transaction():
    with probe_kind(lambda clock, level: None):
        with transaction.atomic():
            clock = overdue(make_calendar(), 1)
        with pytest.raises(transaction.TransactionManagementError):
            clocks.pause_clock(clock)
