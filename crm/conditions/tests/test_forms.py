"""The form component by plain submits, as a browser without JavaScript uses it."""

from __future__ import annotations

import json

import pytest
from django import forms
from django.http import QueryDict

from crm.conditions.forms import ConditionFormField

from .builders import people, staff
from .catalogue import CATALOGUE, HIDDEN

pytestmark = pytest.mark.django_db


class RuleForm(forms.Form):
    rule = ConditionFormField(on="user", catalogue=CATALOGUE)


def bound(data, *permissions, required=False):
    query = QueryDict(mutable=True)
    for key, value in data.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    form = RuleForm(query)
    form.fields["rule"].author = staff(*permissions)
    form.fields["rule"].required = required
    return form


def row(place, field, op, **inputs):
    named = {f"rule-{place}-field": f"user.{field}", f"rule-{place}-op": op}
    return named | {f"rule-{place}-{key}": value for key, value in inputs.items()}


NESTED = {
    "rule-match": "all",
    **row("0", "name", "contains", value="ada"),
    "rule-4-match": "none",
    **row("4-0", "seen", "in_last", value="7", unit="days"),
    **row("4-7", "epoch", "between", value="1", second="5.5"),
    **row("5", "availability", "any_of", value=["away", "available"]),
}


def test_rows_become_a_tree_and_come_back():
    form = bound(NESTED)
    assert form.is_valid(), form.errors
    tree = form.cleaned_data["rule"]
    assert tree["all"][1] == {
        "not": {
            "any": [
                {"field": "user.seen", "op": "in_last", "value": {"n": 7, "unit": "days"}},
                {"field": "user.epoch", "op": "between", "value": [1, "5.5"]},
            ]
        }
    }
    again = RuleForm(initial={"rule": tree})
    again.fields["rule"].author = staff()
    html = str(again["rule"])
    assert 'name="rule-1-1-second" value="5.5"' in html
    assert 'name="rule-2-value" aria-label="Value" multiple' in html
    assert not form.fields["rule"].has_changed(tree, form["rule"].data)


@pytest.mark.parametrize(
    ("command", "rows"),
    [("add:", 5), ("add:4", 5), ("group:", 5), ("remove:0", 3), ("remove:4", 2), ("remove:4-7", 3), ("refresh", 4),
     ("remove:99", 4), ("add:0", 4), ("\x00", 4), ("remove:", 4)],
)  # fmt: skip
def test_a_button_changes_the_rows_and_saves_nothing(command, rows):
    form = bound(NESTED | {"rule-do": command})
    assert form.errors.as_data()["rule"][0].code == "editing"
    html = str(form["rule"]).split("<template")[0]
    assert html.count("cond-row") - html.count("cond-rows") == rows


def test_a_bad_row_is_marked_and_keeps_what_was_typed():
    form = bound({"rule-match": "all", **row("3", "epoch", "is", value="abc")})
    assert not form.is_valid()
    html = str(form["rule"])
    assert 'id="rule-0-error"' in html and 'value="abc"' in html


def test_json_may_be_posted_under_the_plain_name():
    tree = {"v": 1, "all": [{"field": "user.active", "op": "is", "value": True}]}
    form = bound({"rule": json.dumps(tree)})
    assert form.is_valid() and form.cleaned_data["rule"] == tree


@pytest.mark.parametrize(
    "hostile", ["{", "[" * 39000, "9" * 39000, "x" * 50000, '"a"', "null0", '{"v":1,"all":{}}', "[]"]
)
def test_hostile_json_is_refused(hostile):
    form = bound({"rule": hostile})
    assert not form.is_valid()
    assert str(form["rule"])


def test_hidden_fields_are_not_offered_and_not_taken():
    data = {"rule-match": "all", **row("0", "phone", "is", value="1")}
    form = bound(data)
    assert not form.is_valid() and "user.phone" not in str(form["rule"])
    assert bound(data, HIDDEN).is_valid()


def test_required_wants_a_row():
    assert bound({"rule-match": "all"}).is_valid()
    assert bound({"rule-match": "all"}, required=True).errors.as_data()["rule"][0].code == "required"
    form = bound({})
    assert form.is_valid() and form.cleaned_data["rule"] == {"v": 1, "all": []}


def test_every_control_is_drawn_and_labelled():
    people(1)
    form = RuleForm()
    form.fields["rule"].author = staff()
    html = str(form["rule"])
    for control in ("select", "multi", "text", "list", "number", "date", "datetime", "duration", "span", "span-days",
                    "range-number", "range-date", "range-datetime", "range-duration", "count", "boolean",
        "nothing"):  # fmt: skip
        assert f'data-cond-control="{control}"' in html
    assert "style=" not in html and "onclick" not in html
    assert "conditions.js" in str(form.media) and 'type="module"' in str(form.media)
