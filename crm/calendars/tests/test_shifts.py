"""Who is on shift, and who begins next."""

import datetime as dt

import pytest

from crm.accounts.access import actor_for
from crm.calendars.actions.shifts import ShiftPattern, add_shift_exception, remove_shift_exception, set_shifts
from crm.calendars.models import Calendar, Shift, ShiftException
from crm.calendars.selectors import shift_exceptions_of, shifts_of, week_roster
from crm.calendars.shifts import next_shift_start, on_shift
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed

from .builders import make_calendar, make_user, utc

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MONDAY = dt.date(2026, 11, 16)


def give(user, start, end, weekdays=(0, 1, 2, 3, 4), zone="Asia/Shanghai", **validity):
    pattern = ShiftPattern(weekdays, dt.time.fromisoformat(start), dt.time.fromisoformat(end), zone, **validity)
    return set_shifts(actor=SYSTEM, user=user, shifts=[pattern])


@pytest.fixture
def calendar():
    return make_calendar()


def test_without_shifts_the_calendar_counts(calendar):
    user = make_user()
    assert on_shift([user.pk], utc("2026-11-16 02:00"), calendar) == {user.pk}
    assert on_shift([user.pk], utc("2026-11-16 04:30"), calendar) == set()
    assert on_shift([], utc("2026-11-16 02:00"), calendar) == set()


def test_shifts_go_before_the_calendar_even_on_a_holiday(calendar):
    early, office = make_user(), make_user()
    give(early, "06:00", "10:00")
    calendar.holidays.create(date=MONDAY, name={"en": "Holiday"})
    calendar.save()
    both = [early.pk, office.pk]
    assert on_shift(both, utc("2026-11-15 22:30"), calendar) == {early.pk}
    assert on_shift(both, utc("2026-11-16 03:00"), calendar) == set()


def test_a_night_shift_ends_on_the_next_day_and_until_midnight_works(calendar):
    night, late = make_user(), make_user()
    give(night, "22:00", "06:00", weekdays=(4,))
    give(late, "16:00", "00:00", weekdays=(4,))
    both = [night.pk, late.pk]
    assert on_shift(both, utc("2026-11-20 15:59"), calendar) == set(both)
    assert on_shift(both, utc("2026-11-20 16:00"), calendar) == {night.pk}
    assert on_shift(both, utc("2026-11-20 21:59"), calendar) == {night.pk}
    assert on_shift(both, utc("2026-11-20 22:00"), calendar) == set()


@pytest.mark.parametrize(
    ("zone", "inside", "outside"),
    [
        ("Pacific/Kiritimati", "2026-11-15 19:30", "2026-11-16 19:30"),
        ("Pacific/Pago_Pago", "2026-11-16 20:30", "2026-11-15 20:30"),
        ("Europe/Berlin", "2026-11-16 08:30", "2026-11-15 08:30"),
    ],
)
def test_a_shift_lives_in_its_own_zone(calendar, zone, inside, outside):
    user = make_user()
    give(user, "09:00", "10:00", weekdays=(0,), zone=zone)
    assert on_shift([user.pk], utc(inside), calendar) == {user.pk}
    assert on_shift([user.pk], utc(outside), calendar) == set()


def test_validity_bounds_are_days_on_which_it_begins(calendar):
    user = make_user()
    give(user, "22:00", "06:00", weekdays=range(7), valid_from=MONDAY, valid_until=MONDAY)
    assert on_shift([user.pk], utc("2026-11-15 15:00"), calendar) == set()
    assert on_shift([user.pk], utc("2026-11-16 15:00"), calendar) == {user.pk}
    assert on_shift([user.pk], utc("2026-11-16 21:00"), calendar) == {user.pk}
    assert on_shift([user.pk], utc("2026-11-17 15:00"), calendar) == set()


def test_exceptions_replace_a_day_and_can_be_taken_back(calendar):
    user, plain = make_user(), make_user()
    give(user, "09:00", "18:00")
    both, morning, evening = [user.pk, plain.pk], utc("2026-11-16 02:00"), utc("2026-11-16 12:00")
    add_shift_exception(actor=SYSTEM, user=plain, date=MONDAY)
    other = add_shift_exception(actor=SYSTEM, user=user, date=MONDAY, kind="hours", start=dt.time(19), end=dt.time(21))
    assert on_shift(both, morning, calendar) == set()
    assert on_shift(both, evening, calendar) == {user.pk}
    remove_shift_exception(actor=SYSTEM, exception=other)
    remove_shift_exception(actor=SYSTEM, exception=other)
    assert on_shift(both, morning, calendar) == {user.pk}


def test_a_second_exception_replaces_the_first():
    user = make_user()
    add_shift_exception(actor=SYSTEM, user=user, date=MONDAY, kind="hours", start=dt.time(9), end=dt.time(10))
    add_shift_exception(actor=SYSTEM, user=user, date=MONDAY)
    assert ShiftException.objects.values_list("kind", "start").get() == ("off", None)


def test_next_start_is_the_earliest_of_all(calendar):
    early, office = make_user(), make_user()
    give(early, "06:00", "10:00")
    both = [early.pk, office.pk]
    friday_evening = utc("2026-11-20 12:00")
    assert next_shift_start(both, friday_evening, calendar) == utc("2026-11-22 22:00")
    assert next_shift_start([office.pk], friday_evening, calendar) == utc("2026-11-23 01:00")


def test_who_works_now_counts_from_the_next_beginning(calendar):
    office = make_user()
    assert next_shift_start([office.pk], utc("2026-11-16 02:00"), calendar) == utc("2026-11-16 05:00")
    assert next_shift_start([office.pk], utc("2026-11-16 01:00"), calendar) == utc("2026-11-16 05:00")


def test_days_off_are_jumped_over(calendar):
    user = make_user()
    give(user, "09:00", "18:00")
    for number in range(5):
        add_shift_exception(actor=SYSTEM, user=user, date=MONDAY + dt.timedelta(days=number))
    assert next_shift_start([user.pk], utc("2026-11-15 12:00"), calendar) == utc("2026-11-23 01:00")


def test_nobody_ever(calendar):
    user = make_user()
    give(user, "09:00", "18:00", valid_until=dt.date(2020, 1, 1))
    assert next_shift_start([user.pk], utc("2026-11-16 02:00"), calendar) is None
    assert next_shift_start([], utc("2026-11-16 02:00"), calendar) is None
    shut = Calendar.objects.create(name={"en": "Shut"}, timezone="UTC")
    assert next_shift_start([make_user().pk], utc("2026-11-16 02:00"), shut) is None


def test_round_the_clock_does_not_begin_at_every_midnight():
    always = Calendar.objects.get(name__en="Round the clock")
    assert next_shift_start([make_user().pk], utc("2026-11-16 02:00"), always) is None


def test_queries_do_not_grow_with_people(calendar, django_assert_max_num_queries):
    people = [make_user().pk for _number in range(12)]
    with django_assert_max_num_queries(3):
        on_shift(people, utc("2026-11-16 02:00"), calendar)


def test_setting_shifts_replaces_them_and_none_returns_to_the_calendar(calendar):
    user = make_user()
    give(user, "06:00", "10:00")
    give(user, "07:00", "11:00", weekdays=(2, 0, 0))
    assert Shift.objects.values_list("weekdays", "start").get() == ([0, 2], dt.time(7))
    set_shifts(actor=SYSTEM, user=user, shifts=[])
    assert on_shift([user.pk], utc("2026-11-16 02:00"), calendar) == {user.pk}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": ()}, "weekdays"),
        ({"weekdays": (7,)}, "weekdays"),
        ({"zone": "Mars/Olympus"}, "timezone"),
        ({"valid_from": MONDAY, "valid_until": MONDAY - dt.timedelta(days=1)}, "valid_until"),
    ],
)
def test_wrong_shifts_are_refused_by_field(changes, field):
    user = make_user()
    with pytest.raises(Invalid) as caught:
        give(user, "09:00", "18:00", **changes)
    assert field in caught.value.fields
    assert not Shift.objects.exists()


def test_other_hours_need_both_ends():
    with pytest.raises(Invalid) as caught:
        add_shift_exception(actor=SYSTEM, user=make_user(), date=MONDAY, kind="hours", start=dt.time(9))
    assert list(caught.value.fields) == ["end"]


def test_the_roster_shows_a_week_and_only_ones_own_without_permission(calendar):
    me, colleague = make_user(), make_user()
    give(colleague, "06:00", "10:00", weekdays=(0,))
    rows = week_roster(SYSTEM, [me, colleague], MONDAY, calendar)
    assert [len(day) for day in rows[0].days] == [2, 2, 2, 2, 2, 0, 0]
    assert rows[1].days[0] == ((utc("2026-11-15 22:00"), utc("2026-11-16 02:00")),)
    assert [row.user for row in week_roster(actor_for(me), [me, colleague], MONDAY, calendar)] == [me]


def test_shifts_of_others_need_permission(calendar):
    me, colleague = make_user(), make_user()
    give(colleague, "06:00", "10:00")
    add_shift_exception(actor=SYSTEM, user=colleague, date=MONDAY)
    assert shifts_of(actor_for(me), colleague) == []
    assert len(shifts_of(actor_for(colleague), colleague)) == 1
    assert shift_exceptions_of(Actor.guest(), colleague, MONDAY, MONDAY) == []
    with pytest.raises(NotAllowed):
        set_shifts(actor=actor_for(me), user=colleague, shifts=[])
