"""filter, annotate, evaluate_many and the Python evaluator say the same about every record."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.accounts.models import Department, Role, Team, User
from crm.conditions.language import evaluate_many, parse
from crm.conditions.operators import operators_for
from crm.conditions.trial import dry_run
from crm.core import clock
from crm.core.text import clean_line

from .builders import NAMES, people, staff
from .catalogue import CATALOGUE, HIDDEN

pytestmark = pytest.mark.django_db
AUTHOR = staff(HIDDEN)


def condition(tree, author=AUTHOR):
    return parse({"v": 1, **tree}, "user", author, catalogue=CATALOGUE)


def leaf(field, op, *value):
    return {"field": f"user.{field}", "op": op, **({"value": value[0]} if value else {})}


def one_value(path):
    field = path.field
    if field.has_options:
        return st.sampled_from(sorted(field.options(AUTHOR)) or ["-"])
    return {
        "text": st.sampled_from([*NAMES, "A", "100%", "_", "\\", "none", "/", "ß", "É",
        "é"]) | st.text(min_size=1, max_size=5).filter(clean_line),
        "number": st.sampled_from([0, -3, 60, 59.5, "7200.0", 10**14, "-0.000000001"]),
        "boolean": st.booleans(),
        "date": st.integers(-4, 4).map(lambda n: (clock.now() + dt.timedelta(days=n)).date().isoformat()),
        "datetime": st.integers(-99, 99).map(lambda n: (clock.now() + dt.timedelta(hours=n)).isoformat()),
        "duration": spans(("minutes", "hours", "days")),
    }[field.type]  # fmt: skip


def spans(units):
    return st.fixed_dictionaries({"n": st.integers(1, 30), "unit": st.sampled_from(units)})


def ordered(pair):
    return sorted(pair, key=lambda v: v["n"] * {"minutes": 1, "hours": 60,
        "days": 1440}[v["unit"]] if isinstance(v, dict)
                  else float(v) if not isinstance(v, str) or "-" not in v[1:] else v)  # fmt: skip


@st.composite
def leaves(draw, paths):
    path = draw(st.sampled_from(paths))
    operator = draw(st.sampled_from(list(operators_for(path.field).values())))
    one = one_value(path)
    value = {
        "nothing": st.none(),
        "one": one,
        "several": st.lists(one, min_size=1, max_size=3),
        "range": st.tuples(one, one).map(ordered),
        "span": spans(("days", "weeks") if path.field.type == "date" else ("minutes", "hours", "days")),
        "count": st.integers(0, 4),
    }[operator.takes]
    return {"field": path.key, "op": operator.key, "value": draw(value)}


def trees(paths):
    def group(children):
        return st.dictionaries(
            st.sampled_from(["all", "any"]), st.lists(children, min_size=1, max_size=3), min_size=1, max_size=1
        )

    def maybe_not(children):
        return children | children.map(lambda node: {"not": node})

    level = maybe_not(leaves(paths))
    return maybe_not(group(level | maybe_not(group(level))))


@pytest.fixture
def rows(db):
    return people()


@pytest.mark.parametrize("trials", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_four_ways_agree_on_random_trees(rows, trials):
    everybody = User.objects.filter(pk__in=[user.pk for user in rows])
    loaded = list(everybody.select_related("department__parent").prefetch_related("memberships", "roles"))

    @settings(max_examples=trials, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tree=trees(CATALOGUE.paths("user", AUTHOR)), chosen=st.sampled_from(rows))
    def agree(tree, chosen):
        asked = condition(tree)
        now = clock.now()
        filtered, annotated = asked.filter(everybody, now), asked.annotate(everybody, "hit", now)
        for query in (filtered, annotated):
            assert " JOIN " not in str(query.query) and "DISTINCT" not in str(query.query)
        in_python = {user.pk for user in loaded if asked.matches(user, now)}
        answers = {user.pk: user.hit for user in annotated}
        assert set(answers.values()) <= {True, False}
        assert {pk for pk, hit in answers.items() if hit} == in_python
        assert set(filtered.values_list("pk", flat=True)) == in_python
        assert evaluate_many({"one": asked}, chosen, now) == {"one": chosen.pk in in_python}
        assert evaluate_many({"one": asked}, everybody.filter(pk=chosen.pk), now) == {"one": chosen.pk in in_python}
        assert parse(asked.tree, "user", AUTHOR, catalogue=CATALOGUE).tree == asked.tree

    agree()


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"all": []}, 20),
        ({"all": [leaf("name", "contains", "ADA")]}, 6),
        ({"all": [leaf("name", "contains", "100%")]}, 2),
        ({"all": [leaf("name", "contains", "_b\\")]}, 2),
        ({"all": [leaf("job_title", "is_empty")]}, 10),
        ({"all": [leaf("job_title", "is_not", "agent")]}, 15),
        ({"all": [leaf("teams", "is_empty")]}, 5),
        ({"all": [leaf("teams", "count_at_least", 2)]}, 10),
        ({"all": [leaf("seen", "is_empty"), leaf("active", "is", True)]}, 4),
        ({"not": {"any": [leaf("active", "is", True), leaf("teams", "is_empty")]}}, 3),
        ({"all": [leaf("department_row.path", "is_empty")]}, 7),
        ({"all": [leaf("department_row.parent.path", "starts_with", "/")]}, 6),
        ({"all": [leaf("department_row.teams", "count_at_least", 3)]}, 6),
        ({"all": [leaf("department_row.teams", "is_empty")]}, 14),
        ({"any": [leaf("epoch", "between", [-3, "59.5"])]}, 8),
        ({"any": [leaf("idle", "at_least", {"n": 2, "unit": "hours"})]}, 8),
    ],
)
def test_a_tree_finds_so_many(rows, tree, expected):
    found = condition(tree).filter(User.objects.filter(pk__in=[user.pk for user in rows]))
    assert found.count() == expected


def test_all_of_needs_each_value(rows):
    first, second, _third = Team.objects.order_by("pk")
    asked = condition({"all": [leaf("teams", "all_of", [first.pk, str(second.pk)])]})
    assert asked.filter(User.objects.all()).count() == 10


def test_me_is_the_author(rows):
    me = rows[3]
    asked = condition({"all": [leaf("self", "is_me")]}, staff(user_id=me.pk))
    assert list(asked.filter(User.objects.all())) == [me]
    assert asked.tree == {"v": 1, "all": [{"field": "user.self", "op": "is_me"}]}


def test_relative_times_count_from_the_given_moment(rows):
    asked = condition({"all": [leaf("seen", "in_last", {"n": 7, "unit": "days"})]})
    later = clock.now() + dt.timedelta(days=60)
    assert asked.filter(User.objects.all()).exists()
    assert not asked.filter(User.objects.all(), later).exists()
    seen = next(user for user in rows if asked.matches(user))
    assert evaluate_many({"recent": asked}, seen) == {"recent": True}
    assert evaluate_many({"recent": asked}, seen, later) == {"recent": False}


def test_a_record_that_is_gone_matches_nothing(rows):
    asked = condition({"all": []})
    assert evaluate_many({"any": asked}, User(pk=0)) == {"any": False}
    assert evaluate_many({"any": asked}, User.objects.none()) == {"any": False}
    assert evaluate_many({}, rows[0]) == {}


def test_a_condition_is_asked_of_its_own_kind_only(rows):
    asked = condition({"all": [leaf("active", "is", True)]})
    for ask in (asked.filter, lambda found: asked.annotate(found, "hit")):
        with pytest.raises(TypeError):
            ask(Team.objects.all())
    with pytest.raises(TypeError):
        evaluate_many({"one": asked}, Team.objects.first())


def test_a_hundred_conditions_are_one_cheap_query(rows, django_assert_num_queries):
    team, role, department = (model.objects.first().pk for model in (Team, Role, Department))
    conditions = {
        str(n): condition(
            {
                "all": [
                    leaf("name", "contains", f"a{n % 7}"),
                    leaf("seen", "in_last", {"n": n + 1, "unit": "days"}),
                    {"any": [leaf("teams", "any_of", [team]), leaf("department", "is", department)]},
                    {"not": {"any": [leaf("roles", "any_of", [role]), leaf("department_row.path", "is", f"/{n}/")]}},
                ]
            }
        )
        for n in range(100)
    }
    evaluate_many(conditions, rows[0])
    with django_assert_num_queries(1):
        evaluate_many(conditions, rows[1])
    spent = []
    for user in rows[:10]:
        started = time.process_time()
        evaluate_many(conditions, user)
        spent.append(time.process_time() - started)
    assert min(spent) <= 0.010


def test_a_plain_comparison_stays_open_to_an_index():
    sql = str(condition({"all": [leaf("epoch", "is", 3)]}).filter(User.objects.all()).query)
    assert "COALESCE" not in sql


def test_dry_run_asks_the_newest(rows, django_assert_num_queries):
    asked = condition({"all": [leaf("active", "is", True)]})
    with django_assert_num_queries(1):
        trial = dry_run(asked, User.objects.all(), limit=7)
    assert (trial.examined, trial.matched) == (7, 6)
    assert trial.rows == sorted(trial.rows, key=lambda user: -user.pk)
