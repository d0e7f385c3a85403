"""Working hours as a person types them and as they are stored."""

import pytest

from crm.calendars.week import parse_day, read_week, show_day, write_week
from crm.core.errors import Invalid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00-12:00, 13:30-18:00", "09:00-12:00, 13:30-18:00"),
        ("13:30-18:00,9:00-12:00", "09:00-12:00, 13:30-18:00"),
        ("0:00-24:00", "00:00-24:00"),
        ("09：00–12：00，13:30至18:00", "09:00-12:00, 13:30-18:00"),
        ("09:00 ~ 12:00；12:00-13:00", "09:00-12:00, 12:00-13:00"),
        ("", ""),
        (" , ", ""),
    ],
)
def test_reads_what_people_type(text, expected):
    assert show_day(parse_day(text)) == expected


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("9-12", "9"),
        ("25:00-26:00", "25:00"),
        ("09:60-10:00", "09:60"),
        ("24:01-24:02", "24:01"),
        ("09:00", "09:00"),
        ("09:00-10:00-11:00", "09:00-10:00-11:00"),
        ("09:00-09:00", "09:00-09:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("09:00-12:00, 11:59-13:00", "11:59-13:00"),
        ("\u0669:00-10:00", "\u0669:00"),
        ("<script>", "script"),
    ],
)
def test_refuses_and_quotes_the_mistake(text, quoted):
    with pytest.raises(Invalid) as caught:
        parse_day(text)
    assert quoted in str(caught.value)


def test_stored_form_goes_round():
    stored = {"v": 1, "mon": [["09:00", "12:00"], ["13:30", "24:00"]]}
    week = read_week(stored)
    assert week[0] == ((9 * 3600, 12 * 3600), (13 * 3600 + 1800, 86_400))
    assert read_week(write_week(week)) == week
    assert week[1:] == ((),) * 6


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"v": 2},
        {"v": 1, "monday": []},
        {"v": 1, "mon": "09:00-10:00"},
        {"v": 1, "mon": [["09:00"]]},
        {"v": 1, "mon": [[9, 10]]},
        {"v": 1, "mon": [["13:00", "14:00"], ["09:00", "10:00"]]},
        {"v": 1, "mon": [["09:00", "12:00"], ["11:00", "13:00"]]},
    ],
)
def test_refuses_other_stored_forms(data):
    with pytest.raises(Invalid):
        read_week(data)
