"""Answers as they are typed, checked, stored, shown and put into cells; questions that depend on others."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core.errors import Invalid
from crm.core.text import clean_text
from crm.core.translated import Translated
from crm.fields.choices import MAX_LENGTH, OPTION_TYPES, TEXT_TYPES, FieldType
from crm.fields.display import from_cell, shown, to_cell
from crm.fields.forms import PREFIX, Asked, CustomFieldsMixin, clean_answers, form_field
from crm.fields.models import CustomField
from crm.fields.values import from_json, normalise

from .builders import COLOURS

#: From the lists of strings that break programs: empty, huge, invisible, hostile, of other scripts.
HOSTILE = [
    "", " ", "\x00", "a\x00b", "\ud800", "undefined", "NULL", "NaN", "Infinity", "-0", "1e309", "1E-400", "0x1F",
    "9" * 400, "1" + "0" * 5000, "١٢٣", "１２３", "1_000", "1,000,000.5", "1,5", "½", "２０２６-０３-３１",
    "2026-02-31", "0000-00-00", "9999-99-99", "2026-03-31T10:00", "' OR 1=1 --", '{"a": 1}', "<b onclick=x>",
    "=cmd|' /C calc'!A0", "%s%s%n", "{{ 7 * 7 }}", "../../etc/passwd", "\u202eevil", "\u200b", "田中さんにあげて下さい",
    "ÅÍÎÏ˝ÓÔ", "👩‍👩‍👧", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞", "x" * 20_000, "\r\n\t", "ﷺ" * 300, "true", "off", "red", "red,blue",
]  # fmt: skip
RAW = (
    st.sampled_from(HOSTILE)
    | st.text(max_size=60)
    | st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats()
    | st.dates().map(str)
    | st.lists(st.sampled_from(["red", "green", "blue", "x", "", 3]) | st.text(max_size=9), max_size=4)
    | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
)


def field(type: str, key: str = "", **values) -> CustomField:
    """Not stored: forms and texts need no row."""
    key = key or f"own_{type}"
    name = Translated({"en": key.replace("_", " ").capitalize(), "zh-hans": f"字段{key}"})
    options = COLOURS if type in OPTION_TYPES else []
    return CustomField(kind=150, key=key, type=type, name=name, **{"options": options, **values})


def answer(entry: CustomField, raw, *, required: str = "never"):
    """The stored form of one answer, or the sentences against it."""
    answers, errors = clean_answers([Asked(entry, required)], {entry.key: raw})
    assert not (answers and errors)
    return answers.get(entry.key), errors.get(entry.key)


@settings(max_examples=400, deadline=None)
@given(type=st.sampled_from(list(FieldType)), raw=RAW, language=st.sampled_from(["en", "zh-hans"]))
def test_whatever_is_typed_is_stored_clean_or_refused_with_a_sentence(type, raw, language):
    entry = field(type)
    with translation.override(language):
        stored, errors = answer(entry, raw)
        if errors:
            assert all(isinstance(text, str) and text for text in errors)
            return
        if stored is None:
            return
        assert json.loads(json.dumps(stored, allow_nan=False)) == stored
        assert answer(entry, stored) == (stored, None), "what is stored is a good answer again"
        if isinstance(stored, str):
            assert stored == clean_text(stored) and "\x00" not in stored
            assert type not in MAX_LENGTH or len(stored) <= MAX_LENGTH[type]
        assert from_json(type, stored) not in (None, [])
        assert isinstance(shown(entry, stored), str)
        assert answer(entry, from_cell(entry, to_cell(entry, stored))) == (stored, None), "a cell brings it back"
        assert answer(entry, from_json(type, stored))[0] == stored


@pytest.mark.parametrize(
    ("type", "raw", "stored"),
    [
        ("order_number", " #so-2026 １１ ", "SO-202611"),
        ("device", "sn  ab-12\u200b", "SN AB-12"),
        ("room", "Ｂ－204", "B-204"),
        ("text", " two  words ", "two words"),
        ("long_text", "one\r\ntwo", "one\ntwo"),
        ("number", "１２．５０", 12.5),
        ("number", "1,234,567", 1234567),
        ("number", 3.0, 3),
        ("date", "2026/3/9", "2026-03-09"),
        ("date", dt.date(2026, 3, 9), "2026-03-09"),
        ("boolean", "no", False),
        ("boolean", True, True),
        ("many_choice", ["red", "red", "blue"], ["red", "blue"]),
        ("choice", "green", "green"),
        ("photo", ["a.png", "a.png", " b.jpg "], ["a.png", "b.jpg"]),
        ("text", "  ", None),
    ],
)
def test_answers_are_stored_in_one_form(type, raw, stored):
    assert answer(field(type), raw) == (stored, None)


@pytest.mark.parametrize(
    ("type", "raw", "said"),
    [
        ("number", "three", "Enter a number, such as 3 or 12.5."),
        ("number", "1.2345678", "Enter a number of at most 15 digits, 6 of them after the point."),
        ("number", f"1.{'0' * 30}1", "Enter a number of at most 15 digits, 6 of them after the point."),
        ("date", "2026-02-31", "Enter a date as year-month-day, such as 2026-03-31."),
        ("date", "1066-10-14", "Enter a date as year-month-day, such as 2026-03-31."),
        ("choice", "purple", "Choose one of the listed answers."),
        ("boolean", "maybe", "Answer with yes or no."),
        ("order_number", "<b>",
         "Enter the order number as your confirmation shows it: letters, digits and - . / only."),
        ("room", "--", "Enter the room as its door shows it, such as 1208 or B-204."),
        ("device", "***", "Enter the name or serial number on the device's label."),
        ("text", "x" * 201, "Enter at most 200 characters."),
        ("photo", [f"{n}.png" for n in range(11)], "Add at most 10 photos."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(type, raw, said):
    assert answer(field(type), raw) == (None, [said])


@pytest.mark.parametrize("type", list(FieldType))
def test_a_missing_answer_names_its_question(type):
    stored, errors = answer(field(type), None, required="always")
    assert stored is None and len(errors) == 1 and f"Own {type}".replace("_", " ") in errors[0]


def test_numbers_of_fifteen_digits_survive_json():
    for raw in ("999999999999999", "0.000001", "123456789.123456", "-0.1", "100000000.000001"):
        stored, _errors = answer(field("number"), raw)
        assert from_json("number", json.loads(json.dumps(stored))) == Decimal(raw)


def when(key: str, op: str, value) -> dict:
    return {"v": 1, "all": [{"field": f"answers.{key}", "op": op, "value": value}]}


def test_a_question_is_required_when_another_answer_says_so():
    questions = [
        Asked(field("choice", "carrier")),
        Asked(field("text", "number"), "when", condition=when("carrier", "is", "red")),
    ]
    assert clean_answers(questions, {"carrier": "green"}) == ({"carrier": "green"}, {})
    assert list(clean_answers(questions, {"carrier": "red"})[1]) == ["number"]
    assert clean_answers(questions, {"carrier": "red", "number": "7"})[1] == {}


def test_a_hidden_question_is_not_asked_and_what_came_for_it_is_dropped():
    hidden = Asked(field("date", "since"), "always", "when", when("persons", "at_least", 3))
    later = Asked(field("text", "why"), "always", "when", when("since", "is_not_empty", None))
    questions = [Asked(field("number", "persons")), hidden, later]
    sent = {"persons": "2", "since": "nonsense", "why": ""}
    assert clean_answers(questions, sent) == ({"persons": 2}, {})
    assert list(clean_answers(questions, {"persons": "3"})[1]) == ["since"]
    answers, errors = clean_answers(questions, {"persons": "3", "since": "2026-03-01"})
    assert answers == {"persons": 3, "since": "2026-03-01"} and list(errors) == ["why"]


def test_a_condition_whose_field_left_the_form_locks_nobody_out():
    gone = when("gone", "is", "x")
    questions = [Asked(field("text", "a"), "when", condition=gone), Asked(field("text", "b"), "always", "when", gone)]
    assert clean_answers(questions, {"b": "1"}) == ({"b": "1"}, {})


class ReturnForm(CustomFieldsMixin, forms.Form):
    subject = forms.CharField()


def test_a_form_carries_questions_behind_its_own_fields():
    questions = [
        Asked(field("number", "persons"), "always"),
        Asked(field("boolean", "urgent")),
        Asked(field("photo", "photo")),
    ]
    form = ReturnForm(questions=questions, present={"persons": 2.5, "urgent": False}, language="zh-hans")
    assert form.fields[PREFIX + "persons"].label == "字段persons"
    drawn = str(form)
    assert 'value="2.5"' in drawn and 'inputmode="decimal"' in drawn and 'accept="image/*"' in drawn
    bad = ReturnForm(QueryDict("subject=S&custom_persons="), questions=questions)
    assert not bad.is_valid() and list(bad.errors) == ["custom_persons"]
    good = ReturnForm(QueryDict("subject=S&custom_persons=4&custom_photo=a.png"), MultiValueDict(), questions=questions)
    assert good.is_valid() and good.answers == {"persons": 4, "photo": ["a.png"]}
    assert good.cleaned_data["custom_urgent"] is None and good.cleaned_data["custom_persons"] == 4


def test_an_option_no_longer_offered_stays_only_where_it_is_the_answer():
    entry = field("choice", options=[{**COLOURS[0], "is_active": False}, COLOURS[1]])
    assert "red" not in dict(form_field(entry).choices)
    assert "red" in dict(form_field(entry, present="red").choices)
    assert clean_answers([Asked(entry)], {entry.key: "red"})[1]
    assert clean_answers([Asked(entry)], {entry.key: "red"}, present={entry.key: "red"})[0] == {entry.key: "red"}
    assert shown(entry, "red", "zh-hans") == "红色" and shown(entry, "vanished") == "vanished"


def test_answers_read_well_in_both_languages():
    assert shown(field("many_choice"), ["red", "blue"], "en") == "Red, Blue"
    assert shown(field("boolean"), False, "en") == "No"
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert shown(field("date"), "2026-03-09") == date_format(dt.date(2026, 3, 9), "SHORT_DATE_FORMAT")
    assert shown(field("number"), 1e15) == shown(field("number"), 10**15)
    for type in FieldType:
        assert shown(field(type), None) == ""
        assert shown(field(type), {"broken": 1}) == ""


def test_cells_know_options_by_any_of_their_names_and_refuse_others():
    entry = field("many_choice")
    assert from_cell(entry, "红色、Blue; green") == ["red", "blue", "green"]
    assert from_cell(field("boolean"), "是") is True and from_cell(field("boolean"), " ") is None
    assert from_cell(field("date"), dt.datetime(2026, 3, 9)) == "2026-03-09"
    assert to_cell(field("date"), "2026-03-09") == dt.date(2026, 3, 9) and to_cell(field("number"), 3) == 3
    with pytest.raises(Invalid, match="Own many choice: Choose"):
        from_cell(entry, "purple")


def test_texts_of_one_thing_are_one():
    for type in TEXT_TYPES - {FieldType.LONG_TEXT}:
        assert normalise(type, normalise(type, " Ａb  c ")) == normalise(type, " Ａb  c ")
