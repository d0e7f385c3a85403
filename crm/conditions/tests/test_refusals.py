"""What parse refuses, whose fields it takes, what a sentence says, and what a registry does not admit."""

from __future__ import annotations

import pytest
from django.utils import translation

from crm.conditions.language import parse
from crm.conditions.registry import Catalogue, Field, Relation
from crm.conditions.sentences import sentence
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.registry import RegistryError

from .builders import staff
from .catalogue import CATALOGUE, HIDDEN


def ask(tree, author=None):
    return parse(tree, "user", author or staff(HIDDEN), catalogue=CATALOGUE)


def leaf(field="user.name", op="is", value="x"):
    return {"field": field, "op": op, "value": value}


def nested(depth):
    return {"all": [nested(depth - 1)]} if depth else leaf()


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (leaf("user.password", "is", "x"), "all.0"),
        (leaf("user.password__startswith"), "all.0"),
        (leaf("password__"), "all.0"),
        (leaf("user.department_row__path"), "all.0"),
        (leaf("user.department_row.parent.parent.path"), "all.0"),
        (leaf("department.path"), "all.0"),
        (leaf("user.name\x00"), "all.0"),
        (leaf(op="regex"), "all.0"),
        (leaf(op="__class__"), "all.0"),
        (leaf(value=None), "all.0"),
        (leaf(value="\x00"), "all.0"),
        (leaf(value="x" * 201), "all.0"),
        (leaf(value=["x"]), "all.0"),
        (leaf(op="any_of", value=[]), "all.0"),
        (leaf(op="any_of", value=["x"] * 101), "all.0"),
        (leaf(op="any_of", value="x"), "all.0"),
        (leaf("user.epoch", "is", "NaN"), "all.0"),
        (leaf("user.epoch", "is", float("inf")), "all.0"),
        (leaf("user.epoch", "is", True), "all.0"),
        (leaf("user.epoch", "is", 10**400), "all.0"),
        (leaf("user.epoch", "is", "1e400000"), "all.0"),
        (leaf("user.epoch", "between", [5, 1]), "all.0"),
        (leaf("user.epoch", "between", [1, 2, 3]), "all.0"),
        (leaf("user.active", "is", 1), "all.0"),
        (leaf("user.active", "is", "yes"), "all.0"),
        (leaf("user.active", "is", []), "all.0"),
        (leaf("user.availability", "is", "busy"), "all.0"),
        (leaf("user.availability", "is", {"a": 1}), "all.0"),
        (leaf("user.availability", "any_of", ["away", True]), "all.0"),
        (leaf("user.birthday", "before", "2026-02-30"), "all.0"),
        (leaf("user.birthday", "before", "9999-12-31"), "all.0"),
        (leaf("user.birthday", "in_last", {"n": 3, "unit": "hours"}), "all.0"),
        (leaf("user.seen", "before", "0001-01-01T00:00:00+14:00"), "all.0"),
        (leaf("user.seen", "in_last", {"n": 10**9, "unit": "days"}), "all.0"),
        (leaf("user.seen", "in_last", {"n": "-1", "unit": "days"}), "all.0"),
        (leaf("user.seen", "in_last", {"n": 1, "unit": ["days"]}), "all.0"),
        (leaf("user.teams", "count_at_least", "²"), "all.0"),
        ({"any": []}, "all.0.any"),
        ({"all": [leaf()], "any": [leaf()]}, "all.0"),
        ({"any": [leaf(), 7]}, "all.0.any.1"),
        ({"not": {"not": {"all": [leaf()]}}}, "all.0.not.not.all"),
        ({**leaf(), "extra": 1}, "all.0"),
        ("all", "all.0"),
        (nested(3), "all.0.all.0.all.0.all"),
    ],
)
@pytest.mark.django_db
def test_a_bad_leaf_is_refused_with_its_path(bad, path):
    with pytest.raises(Invalid) as refused:
        ask({"v": 1, "all": [bad]})
    assert list(refused.value.fields) == [path]


@pytest.mark.parametrize("tree", [None, [], "x", 1, {}, {"v": 2, "all": []}, {"v": True, "all": []},
        {"v": 1}, {"all": []},
                                  {"v": 1, "all": [leaf()] * 51}, {"v": 1,
        "all": [{"any": [leaf()] * 26}] * 2}])  # fmt: skip
def test_what_is_no_tree_is_refused(tree):
    with pytest.raises(Invalid):
        ask(tree)


def test_the_limits_themselves_are_admitted():
    assert ask({"v": 1, "all": [leaf()] * 50})
    assert ask({"v": 1, **nested(3)})


def test_a_field_needs_its_permission_and_looks_unknown_without():
    tree = {"v": 1, "all": [leaf("user.phone", "is", "1")]}
    assert ask(tree, staff(HIDDEN)) and ask(tree, Actor.system())
    answers = []
    for refused_tree, author in ((tree, staff()), (tree, Actor.system(on_behalf_of=staff())),
                                 ({"v": 1, "all": [leaf("user.nothing")]}, staff())):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            ask(refused_tree, author)
        answers.append(str(refused.value))
    assert len(set(answers)) == 1


@pytest.mark.django_db
def test_a_stored_value_that_left_its_list_is_kept():
    tree = {"v": 1, "all": [leaf("user.availability", "is", "busy")]}
    assert parse(tree, "user", staff(), stored=True, catalogue=CATALOGUE).tree == tree


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"all": []}, "Every record matches."),
        ({"all": [leaf(op="contains", value="firmware")]}, "Name contains “firmware”."),
        ({"all": [leaf("user.availability", "any_of", ["away", "busy"]), {"any": [leaf("user.active", "is",
        True), leaf(value="x")]}]},
         "Availability is any of Away, a value that no longer exists and (Active is yes or Name is “x”)."),
        ({"not": {"all": [leaf("user.seen", "in_last", {"n": 1, "unit": "days"})]}},
        "It is not so that (Last seen is in the last 1 day)."),
        ({"all": [leaf("user.phone", "is", "555")]}, "A hidden field has a certain value."),
        ({"all": [leaf("user.gone")]}, "A field that no longer exists has a certain value."),
        ({"all": [leaf("user.epoch", "between", [1, 2000])]}, "Epoch is between 1 and 2,000."),
        ({"all": [leaf("user.epoch", "is", "x")]}, "Epoch is an unknown value."),
        ({"all": [leaf("user.department_row.parent.path", "is_empty")]}, "Department: Parent: Path is empty."),
        ({"all": [leaf("user.roles", "count_at_least", 2)]}, "The number of Roles is at least 2."),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_the_sentence(tree, said):
    with translation.override("en"):
        assert sentence({"v": 1, **tree}, "user", staff(), catalogue=CATALOGUE) == said


def test_a_hidden_value_is_not_said():
    assert "555" not in sentence(
        {"v": 1, "all": [leaf("user.phone", "is", "555")]}, "user", staff(), catalogue=CATALOGUE
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "team.name"},
        {"type": "colour"},
        {"expression": "department__path"},
        {"expression": lambda: None},
        {"type": "choice"},
        {"type": "many_choice", "values": lambda actor: []},
        {"many": True},
        {"many": True, "type": "number", "expression": lambda: None, "python": lambda row: []},
        {"member": "team__name"},
    ],
)
def test_a_wrong_declaration_is_refused(wrong):
    with pytest.raises(RegistryError):
        Field(**{"key": "user.x", "on": "user", "label": "X", "type": "text", "expression": "name", **wrong})


def test_a_key_is_declared_once():
    field = Field("user.x", "user", "X", "text", "name")
    with pytest.raises(RegistryError):
        Catalogue.of(field, field)
    with pytest.raises(RegistryError):
        Relation("user.department", "user", "department", "department__id")
