"""Custom fields of tickets: in conditions, lists, exports and on the edit page."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.lookups import Exact
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.activity.models import Activity
from crm.conditions.language import evaluate_many, parse
from crm.conditions.operators import operators_for
from crm.conditions.registry import CATALOGUE
from crm.conditions.sentences import sentence
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid
from crm.fields.actions import save_custom_field
from crm.fields.display import rows as answer_rows
from crm.fields.expressions import sort_key
from crm.fields.models import CustomField
from crm.fields.selectors import with_usage
from crm.fields.tests.builders import make_field
from crm.jobs import runners
from crm.jobs.models import Job
from crm.testing.suites import signed_in
from crm.testing.suites import staff as reader
from tickets.actions import update_ticket
from tickets.models import Ticket

from .builders import digest, fresh, make_agent, make_request_type, make_team, staff, submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
TYPES = (
    "text", "long_text", "choice", "many_choice", "boolean", "date", "number", "room", "order_number", "device",
)  # fmt: skip
TEXTS = ("", "Ab", "ab", "100%", "a_b\\c", "王静", "É", "ß", "' OR 1=1 --", '{"a": 1}', "🙂")
SORTED = ("text", "choice", "boolean", "date", "number")
ANSWERS = {
    "choice": ("red", "green", "gone"),
    "many_choice": (["red"], ["red", "blue"], ["gone"]),
    "boolean": (True, False),
    "date": ("2026-02-28", "2026-03-01", "2024-02-29"),
    "number": (0, 3, -2.5, 0.1, 123456789.123456, 10**14),
}


def tickets_with_answers(fields: dict[str, CustomField]) -> list[Ticket]:
    """A dozen tickets; each answers about two thirds of the fields, the first none."""
    request_type = make_request_type()
    made = [submit(request_type) for _number in range(12)]
    for number, ticket in enumerate(made):
        for place, (type, field) in enumerate(fields.items()):
            values = ANSWERS.get(type, TEXTS[1:])
            if number and (number + place) % 3:
                ticket.custom[field.key] = values[(number // 2 + place) % len(values)]
        ticket.save(update_fields=["custom"])
    return made


def one_value(field):
    if field.has_options:
        return st.sampled_from(sorted(field.options(SYSTEM)))
    return {
        "text": st.sampled_from(TEXTS[1:]) | st.sampled_from(["a", "_", "%", "\\", "É", "é", "O'"]),
        "number": st.sampled_from([0, 3, -2.5, "0.1", "123456789.123456", 10**14, "7"]),
        "boolean": st.booleans(),
        "date": st.sampled_from(["2026-02-28", "2026-03-01", "2024-02-29", clock.today().isoformat()]),
    }[field.type]


@st.composite
def leaves(draw, paths):
    path = draw(st.sampled_from(paths))
    operator = draw(st.sampled_from(list(operators_for(path.field).values())))
    one = one_value(path.field)
    span = st.fixed_dictionaries({"n": st.integers(1, 500), "unit": st.sampled_from(["days", "weeks"])})
    value = {
        "nothing": st.none(),
        "one": one,
        "several": st.lists(one, min_size=1, max_size=3),
        "range": st.tuples(one, one).map(lambda pair: sorted(pair, key=in_order)),
        "span": span,
        "count": st.integers(0, 3),
    }[operator.takes]
    return {"field": path.key, "op": operator.key, "value": draw(value)}


def in_order(value):
    return (0, float(value)) if not isinstance(value, str) or "-" not in value[1:] else (1, value)


def trees(paths):
    level = leaves(paths) | leaves(paths).map(lambda node: {"not": node})
    group = st.dictionaries(
        st.sampled_from(["all", "any"]), st.lists(level, min_size=1, max_size=3), min_size=1, max_size=1
    )
    return group | st.fixed_dictionaries({"not": group})


@pytest.mark.parametrize("trials", [80, pytest.param(1000, marks=pytest.mark.slow)])
def test_filter_annotate_and_python_agree_on_answers(trials):
    fields = {type: make_field(type, f"own_{type}") for type in TYPES}
    loaded = tickets_with_answers(fields)
    rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in loaded])
    paths = [path for path in CATALOGUE.paths("ticket", SYSTEM) if path.key.startswith("ticket.custom_own_")]
    assert len(paths) == len(TYPES)

    @settings(max_examples=trials, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tree=trees(paths), place=st.integers(0, 11))
    def agree(tree, place):
        asked, now = parse({"v": 1, **tree}, "ticket", SYSTEM), clock.now()
        in_python = {ticket.pk for ticket in loaded if asked.matches(ticket, now)}
        filtered, annotated = asked.filter(rows, now), asked.annotate(rows, "hit", now)
        assert " JOIN " not in str(filtered.query)
        assert set(filtered.values_list("pk", flat=True)) == in_python
        assert {ticket.pk for ticket in annotated if ticket.hit} == in_python
        assert evaluate_many({"one": asked}, loaded[place], now) == {"one": loaded[place].pk in in_python}

    agree()


@pytest.fixture
def agent():
    return make_agent(make_team())


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team))


def keep(ticket, **answers):
    ticket.custom = answers
    ticket.save(update_fields=["custom"])
    return ticket


def test_an_agent_corrects_answers_and_it_is_recorded_in_both_languages(agent, ticket):
    order, since = make_field("order_number", "order_number"), make_field("date", "since")
    update_ticket(actor=staff(agent), ticket=ticket, values={"custom_order_number": " jd 11 ", "custom_since": None})
    assert fresh(ticket).custom == {"order_number": "JD11"}
    deed = Activity.objects.filter(object_id=ticket.pk).latest("pk")
    assert deed.data["changes"] == {"custom_order_number": [None, "JD11"]}
    assert deed.data["fields"] == {"en": order.name["en"], "zh-hans": order.name["zh-hans"]}
    update_ticket(
        actor=staff(agent), ticket=ticket, values={"custom_order_number": None, f"custom_{since.key}": "2026-3-9"}
    )
    assert fresh(ticket).custom == {"since": "2026-03-09"}


@pytest.mark.parametrize(
    ("type", "value"),
    [("number", "three"), ("date", "2026-02-31"), ("choice", "purple"), ("many_choice", ["red", "x"]),
     ("boolean", "maybe"), ("order_number", "<b>"), ("text", "x" * 201), ("device", "--")],
)  # fmt: skip
def test_a_wrong_answer_is_refused_beside_its_field_and_nothing_is_written(agent, ticket, type, value):
    make_field(type, "own")
    before = digest()
    with pytest.raises(Invalid) as refused:
        update_ticket(actor=staff(agent), ticket=ticket, values={"subject": "New", "custom_own": value})
    assert list(refused.value.fields) == ["custom_own"]
    assert digest() == before


def test_a_field_that_does_not_exist_or_is_off_cannot_be_set(agent, ticket):
    make_field("text", "off", is_active=False)
    for key in ("custom_off", "custom_nothing"):
        with pytest.raises(Invalid) as refused:
            update_ticket(actor=staff(agent), ticket=ticket, values={key: "x"})
        assert list(refused.value.fields) == [key]


def test_the_edit_page_shows_keeps_and_checks_answers(agent, ticket):
    make_field("choice", "colour"), make_field("number", "persons"), make_field("photo", "photo")
    keep(ticket, colour="red", persons=2)
    client, url = signed_in(agent), reverse("tickets:ticket_update", args=[ticket.number])
    form = client.get(url).context["form"]
    assert [name for name in form.fields if name.startswith("custom_")] == ["custom_colour", "custom_persons"]
    sent = {**posted(form), "custom_persons": "many"}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "custom_persons" in answer.context["form"].errors
    assert client.post(url, {**sent, "custom_persons": "４", "custom_colour": ""}).status_code == 302
    assert fresh(ticket).custom == {"persons": 4}


def test_two_who_correct_different_answers_both_succeed_and_the_same_one_is_asked_about(agent, ticket):
    make_field("choice", "colour"), make_field("text", "building")
    keep(ticket, colour="red", building="A")
    client, url = signed_in(agent), reverse("tickets:ticket_update", args=[ticket.number])
    page = client.get(url)
    sent = {**posted(page.context["form"]), "_shown": page.context["shown"], "custom_building": "B"}
    update_ticket(actor=SYSTEM, ticket=ticket, values={"custom_colour": "green"})
    assert client.post(url, sent).status_code == 302
    assert fresh(ticket).custom == {"colour": "green", "building": "B"}
    update_ticket(actor=SYSTEM, ticket=ticket, values={"custom_building": "C"})
    answer = client.post(url, {**sent, "custom_building": "D"})
    assert answer.status_code == 409
    [conflict] = answer.context["conflicts"]
    assert (conflict.name, conflict.theirs, conflict.mine) == ("custom_building", "C", "D")


def posted(form):
    """What the form would send unchanged."""
    return {field.html_name: field.value() for field in form if field.value() not in (None, "")}


def test_the_page_shows_answers_to_staff_in_words(agent, ticket):
    make_field("many_choice", "colours"), make_field("boolean", "urgent", is_staff_only=True)
    keep(ticket, colours=["red", "blue"], urgent=False, gone="not a field any more")
    text = signed_in(agent).get(reverse("tickets:ticket_detail", args=[ticket.number])).content.decode()
    assert "Red, Blue" in text and "Urgent" in text and "not a field any more" not in text


LIST = "/tickets/"


def ids(response):
    return {row.pk for row in response.context["list"].current.rows}


def test_listed_fields_are_columns_filters_and_cells_of_the_export():
    for type in TYPES:
        make_field(type, f"own_{type}")
    make_field("text", "unlisted", is_listed=False), make_field("text", "off", is_active=False)
    made = tickets_with_answers({type: CustomField.objects.get(key=f"own_{type}") for type in TYPES})
    client = signed_in(reader("tickets.view", "tickets.export", scope=Scope.ALL))
    columns = [f"custom_own_{type}" for type in TYPES]
    page = client.get(LIST, {"own": "1", "cols": ",".join(["number", *columns, "custom_unlisted", "custom_off"])})
    assert [column.key for column in page.context["list"].columns] == ["subject", "number", *columns]
    asked = {
        "custom_own_choice": ["red"], "custom_own_many_choice": ["blue"], "custom_own_boolean": "True",
        "custom_own_date__from": "2026-02-28", "custom_own_number__to": "0.1", "custom_own_text": "A",
        "custom_own_order_number": "a_b",
    }  # fmt: skip
    for name, value in asked.items():
        found = ids(client.get(LIST, {"own": "1", name: value}))
        assert found == {ticket.pk for ticket in made if expected(name, ticket.custom)} and found, name
    assert not client.get(LIST, {"own": "1", "custom_own_text": "A"}).context["list"].state.unknown
    assert client.get(LIST, {"own": "1", "custom_unlisted": "A"}).context["list"].state.unknown == ["custom_unlisted"]
    sent = client.post(
        reverse("ui:list_export", args=["ticket"]) + f"?own=1&cols=number,{','.join(columns)}", {"format": "csv"}
    ).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(sent)))
    by_number = {str(ticket.number): ticket.custom for ticket in made}
    for line in lines:
        answers = by_number[line["Number"]]
        assert line["Own date"] == answers.get("own_date", "")
        assert line["Own choice"] == {"red": "Red", "green": "Green", "gone": "gone"}.get(answers.get("own_choice"), "")
        assert not line["Own text"] or line["Own text"].lstrip("'") == answers["own_text"]


def expected(name, answers):
    value = answers.get(name.removeprefix("custom_").split("__")[0])
    return (
        value is not None
        and {
            "custom_own_choice": lambda: value == "red",
            "custom_own_many_choice": lambda: "blue" in value,
            "custom_own_boolean": lambda: value is True,
            "custom_own_date__from": lambda: value >= "2026-02-28",
            "custom_own_number__to": lambda: value <= 0.1,
            "custom_own_text": lambda: "a" in value.lower(),
            "custom_own_order_number": lambda: "a_b" in value.lower(),
        }[name]()
    )


def test_the_list_asks_no_more_questions_for_custom_fields():
    tickets_with_answers({})
    client = signed_in(reader("tickets.view", scope=Scope.ALL))

    def count():
        client.get(LIST, {"own": "1"})
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST, {"own": "1", "cols": "number,custom_own_text,custom_own_date"})
        return len(asked)

    without = count()
    for type in TYPES:
        make_field(type, f"own_{type}")
    assert count() == without


def test_a_stored_condition_survives_its_field_being_switched_off_or_unlisted():
    field = make_field("choice", "colour")
    rows = tickets_with_answers({"choice": field})
    tree = {"v": 1, "all": [{"field": "ticket.custom_colour", "op": "is", "value": "red"}]}
    before = set(parse(tree, "ticket", SYSTEM).filter(Ticket.objects.all()).values_list("pk", flat=True))
    assert before == {ticket.pk for ticket in rows if ticket.custom.get("colour") == "red"} and before
    save_custom_field(actor=SYSTEM, record=field, values={"is_active": False})
    assert "ticket.custom_colour" not in {path.key for path in CATALOGUE.paths("ticket", SYSTEM)}
    still = parse(tree, "ticket", SYSTEM, stored=True).filter(Ticket.objects.all())
    assert set(still.values_list("pk", flat=True)) == before
    assert sentence(tree, "ticket", SYSTEM) == "Colour is Red."


def test_what_the_reader_may_not_see_is_no_condition_for_them():
    make_field("text", "secret")
    with pytest.raises(Invalid):
        parse({"v": 1, "all": [{"field": "ticket.custom_secret", "op": "is", "value": "x"}]}, "ticket", Actor.guest())


def test_the_kind_of_answer_stays_once_a_ticket_answers_and_an_option_in_use_is_kept(ticket):
    field, many = make_field("choice", "colour"), make_field("many_choice", "colours")
    unused = make_field("text", "unused")
    keep(ticket, colour="red", colours=["blue"])
    assert {row.key: row.usage for row in with_usage(CustomField.objects.all())} == {
        "colour": 1, "colours": 1, "unused": 0,
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        save_custom_field(actor=SYSTEM, record=field, values={"type": "text"})
    assert set(refused.value.fields) == {"type"}
    assert save_custom_field(actor=SYSTEM, record=unused, values={"type": "number"}).type == "number"
    green = [{"value": "green", "en": "Green"}]
    for row, kept in ((field, "red"), (many, "blue")):
        save_custom_field(actor=SYSTEM, record=row, values={"options": green})
        stored = CustomField.objects.get(pk=row.pk).options
        assert [(option["value"], option.get("is_active", True)) for option in stored] == [
            ("green", True),
            (kept, False),
        ]
    assert answer_rows(fresh(ticket), SYSTEM) == [("Colour", "Red"), ("Colours", "Blue")]


def test_customers_are_not_shown_what_is_for_staff(ticket):
    make_field("text", "open"), make_field("text", "secret", is_staff_only=True)
    keep(ticket, open="yes", secret="no")
    assert answer_rows(ticket) == answer_rows(ticket, Actor.guest(), "en") == [("Open", "yes")]
    assert answer_rows(ticket, SYSTEM, "zh-hans") == [("字段 open", "yes"), ("字段 secret", "no")]


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname ~ '^custom_[0-9]+_'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_an_index_is_built_and_dropped_by_a_job_and_lists_sort_by_it():
    fields = {type: make_field(type, f"own_{type}", is_indexed=True) for type in SORTED}
    made = tickets_with_answers(fields)
    client = signed_in(reader("tickets.view", scope=Scope.ALL))
    sort = {"own": "1", "sort": "custom_own_number"}
    assert client.get(LIST, sort).context["list"].state.sort == "-updated"
    run_jobs()
    assert len(indexes()) == 2 * len(SORTED)
    for type, field in fields.items():
        for sign in ("", "-"):
            rows = client.get(LIST, {**sort, "sort": f"{sign}custom_own_{type}"}).context["list"].current.rows
            values = [row.custom.get(field.key) for row in rows]
            known = [value for value in values if value is not None]
            assert values == known + [None] * (len(made) - len(known)), "without an answer: last both ways"
            folded = [value.lower() if isinstance(value, str) and type == "text" else value for value in known]
            assert folded == sorted(folded, reverse=sign == "-"), (type, sign)
    key = sort_key(CustomField.objects.get(key="own_date"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert f"custom_{fields['date'].pk}_" in Ticket.all_objects.filter(Exact(key, dt.date(2026, 3, 1))).explain()
    save_custom_field(actor=SYSTEM, record=fields["date"], values={"is_active": False})
    save_custom_field(actor=SYSTEM, record=fields["number"], values={"is_indexed": False})
    run_jobs()
    assert len(indexes()) == 2 * (len(SORTED) - 2)
    assert not CustomField.objects.get(key="own_date").index_ready
    run_jobs()


def run_jobs() -> None:
    for job in Job.objects.filter(kind="fields.index", state="waiting").order_by("pk"):
        runners.run(job.pk)
        assert Job.objects.get(pk=job.pk).state == "done", Job.objects.get(pk=job.pk).error
