"""The forms: what they ask for, what they refuse, and that the actions take what they give."""

import datetime as dt

import pytest

from crm.calendars.actions.calendars import add_holiday, create_calendar, update_calendar
from crm.calendars.actions.shifts import add_shift_exception, set_shifts
from crm.calendars.forms import CalendarForm, HolidayForm, HolidayImportForm, ShiftExceptionForm, ShiftForm
from crm.calendars.models import Calendar
from crm.core.actor import Actor

from .builders import make_calendar, make_user

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def calendar_data(**changes):
    return {
        "name_0": "Night desk",
        "name_1": "夜班",
        "timezone": "Europe/Berlin",
        "mon": "13:30-18:00, 9:00-12:00",
        "fri": "20:00-24:00",
        **changes,
    }


def named(form, base="name"):
    """The two inputs of a translated field, by the names its widget gives them."""
    return [f"{base}{suffix}" for suffix in form.fields[base].widget.widgets_names]


def filled(form_class, data, **options):
    english, chinese = named(form_class(**options))
    names = {english: data.pop("name_0", ""), chinese: data.pop("name_1", "")}
    return form_class({**data, **names}, **options)


def test_a_calendar_is_made_and_shown_again():
    form = filled(CalendarForm, calendar_data())
    assert form.is_valid(), form.errors
    calendar = create_calendar(actor=SYSTEM, **form.action_values())
    assert calendar.week["mon"] == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert calendar.name == {"en": "Night desk", "zh-hans": "夜班"}
    again = CalendarForm(instance=calendar)
    assert again["mon"].value() == "09:00-12:00, 13:30-18:00"
    assert again["fri"].value() == "20:00-24:00"
    assert again["tue"].value() == ""


def test_the_default_calendar_stays_the_default_through_its_form():
    calendar = Calendar.default()
    form = filled(CalendarForm, calendar_data(), instance=calendar)
    assert form.is_valid(), form.errors
    update_calendar(actor=SYSTEM, calendar=calendar, **form.action_values())
    assert Calendar.default() == calendar


@pytest.mark.parametrize(
    ("changes", "field", "part"),
    [
        ({"tue": "9-12"}, "tue", "09:00-12:00, 13:30-18:00"),
        ({"tue": "09:00-12:00, 11:00-13:00"}, "tue", "11:00-13:00"),
        ({"sun": "22:00-06:00"}, "sun", "22:00-24:00"),
        ({"wed": "9" * 300}, "wed", "200"),
        ({"mon": "", "fri": ""}, "mon", "at least one weekday"),
        ({"timezone": "Moon/Base"}, "timezone", "Moon/Base"),
        ({"name_0": "", "name_1": ""}, "name", ""),
    ],
)
def test_a_wrong_calendar_is_refused_beside_the_field(changes, field, part):
    form = filled(CalendarForm, calendar_data(**changes))
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert part in str(form.errors.as_data()[field][0])


def test_a_holiday_is_added_once():
    calendar = make_calendar()
    data = {"date": "2026-11-21", "kind": "makeup", "as_weekday": "4", "name_0": "Make-up workday"}
    form = filled(HolidayForm, dict(data), calendar=calendar)
    assert form.is_valid(), form.errors
    assert add_holiday(actor=SYSTEM, calendar=calendar, **form.cleaned_data).as_weekday == 4
    again = filled(HolidayForm, dict(data), calendar=calendar)
    assert list(again.errors) == ["date"]


def test_import_form():
    assert HolidayImportForm({"country": "CN", "year": "2027"}).is_valid()
    assert set(HolidayImportForm({"country": "XX", "year": "1"}).errors) == {"country", "year"}


def shift_data(**changes):
    return {"weekdays": ["0", "4"], "start": "22:00", "end": "06:00", "timezone": "Asia/Shanghai", **changes}


def test_a_shift_goes_to_the_action():
    form = ShiftForm(shift_data())
    assert form.is_valid(), form.errors
    (shift,) = set_shifts(actor=SYSTEM, user=make_user(), shifts=[form.pattern()])
    assert (shift.weekdays, shift.start, shift.valid_from) == ([0, 4], dt.time(22), None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"start": "25:00"}, "start"),
        ({"end": ""}, "end"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"valid_from": "2026-02-02", "valid_until": "2026-02-01"}, "valid_until"),
    ],
)
def test_a_wrong_shift_is_refused_beside_the_field(changes, field):
    assert list(ShiftForm(shift_data(**changes)).errors) == [field]


def test_a_day_that_differs():
    data = {"date": "2026-11-16", "kind": "hours", "timezone": "Asia/Shanghai"}
    assert set(ShiftExceptionForm(data).errors) == {"start", "end"}
    form = ShiftExceptionForm(data | {"start": "10:00", "end": "11:00"})
    assert form.is_valid(), form.errors
    row = add_shift_exception(actor=SYSTEM, user=make_user(), **form.cleaned_data)
    assert (row.start, row.end) == (dt.time(10), dt.time(11))
    off = ShiftExceptionForm(data | {"kind": "off"})
    assert off.is_valid()
