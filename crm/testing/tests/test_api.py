"""The API across all apps: the same rows as the pages, safe repetition, one shape of refusal, a true description."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from crm.accounts.models import User
from crm.activity.dispatch import LANES, dispatch
from crm.activity.models import Activity
from crm.console.actions.staff import restore_user, suspend_user
from crm.core import clock, switches
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import kinds
from crm.core.translated import Translated
from crm.fields.actions import save_custom_field
from crm.integrations.rest.registry import resources
from crm.integrations.tests.builders import Caller
from crm.messaging.models import Message
from crm.testing.builders import give_place, make_team, make_user, staff
from crm.testing.suites import signed_in
from crm.ui.lists import lists
from customers.actions import NewLine, log_interaction, place_order, save_equipment, ship_order
from customers.models import Customer, Order, Product
from customers.tests.builders import make_contact, make_customer
from knowledge.tests.builders import make_article
from sales.tests.deal_builders import make_deal
from sales.tests.lead_builders import make_lead
from tickets.models import Ticket
from tickets.tests.builders import make_agent, make_request_type, submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
ORDER = {"source": "shop", "external_id": "A-1", "lines": [{"name": "Lamp", "quantity": "2", "unit_price": "19.90"}]}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def blamed(answer: Any) -> set[str]:
    """What a refusal points at: places in the body, parameters, headers."""
    return {value for error in answer.json()["errors"] for name, value in error.items() if name != "detail"}


def make_order(customer: Customer, number: int = 1) -> Order:
    line = NewLine(quantity=number, unit_price=10, name="Lamp")
    named = {"source": "x", "external_id": f"{customer.number}"}
    order = place_order(actor=SYSTEM, customer=customer, lines=[line, line], **named)
    ship_order(actor=SYSTEM, order=order, carrier="SF", parcel_number=f"P{number}")
    return order


def make_world(rows: int, asked: Any = None) -> None:
    """So many records of each kind that the API offers."""
    asked = asked or make_request_type()
    for number in range(rows):
        ticket = submit(asked)
        order = make_order(ticket.customer, number + 1)
        deal, lead = make_deal(ticket.customer), make_lead()
        make_article()
        values = {"name": "Lamp", "serial_number": f"SN{order.pk}"}
        save_equipment(actor=SYSTEM, customer=ticket.customer, values=values)
        Product.objects.create(code=f"P-{order.pk}", name=Translated({"en": "Lamp"}), price=1, currency="CNY")
        talk = {"kind": "call", "text": "Asked about the lamp"}
        assert deal.pk and lead.pk and log_interaction(actor=SYSTEM, customer=ticket.customer, **talk)


def test_lists_hold_what_the_pages_hold_for_three_roles():
    team = make_team()
    asked, foreign = make_request_type(team=team), make_request_type()
    make_world(2, asked)
    make_world(1, foreign)
    agent, seller = make_agent(team), make_user("sales")
    Customer.objects.filter(pk=Customer.objects.external().order_by("pk").first().pk).update(owner=seller)
    seen: dict[str, set[int]] = {}
    for user in (agent, seller, make_user("executive"), make_user("administrator")):
        if not user.roles.filter(permissions__contains=["integrations.own_tokens"]).exists():
            assert Caller(user).get("teams/").status_code == 200
        caller, browser = Caller(user), signed_in(user)
        for resource in resources:
            page = lists.get(resource.kind)
            if page is None or page.model is not resource.model() or page.permission != resource.permission:
                continue
            shown = browser.get(reverse(page.url_name), {"own": "1", "per_page": "100"})
            answered = caller.get(f"{resource.path}/", limit=100)
            assert shown.status_code == answered.status_code, (user.name, resource.kind)
            if shown.status_code == 200:
                column = "id" if resource.lookup == "pk" else resource.lookup
                got = {row[column] for row in answered.json()["results"]}
                rows = shown.context["list"].rows.slice().rows
                assert got == {getattr(row, resource.lookup) for row in rows}, (user.name, resource.kind)
                seen[f"{user.name} {resource.kind}"] = got
    assert len(seen[f"{agent.name} ticket"]) == 2, "of their own team"
    assert len(seen[f"{seller.name} customer"]) == 1


def test_a_record_outside_the_set_is_not_there_and_a_missing_right_is_named():
    own, foreign = submit(), submit()
    caller = Caller(make_agent(own.team), permissions=["tickets.view"])
    assert caller.get(f"tickets/{own.number}/").json()["subject"] == own.subject
    hidden = caller.get(f"tickets/{foreign.number}/")
    assert hidden.status_code == 404 and hidden.json()["code"] == "not_found"
    refused = caller.post(f"tickets/{own.number}/reply/", {"body": "Hello"})
    assert refused.status_code == 403
    assert (refused.json()["code"], refused.json()["permission"]) == ("not_allowed", "tickets.reply")
    assert not Message.objects.filter(direction="outbound").exists()


def test_pages_meet_every_record_once_whatever_comes_in_between():
    asked = make_request_type()
    before = [submit(asked).number for _n in range(5)]
    caller = Caller(make_user("administrator"))
    for ordering in ("-created", "number", "message"):
        met, answer = [], caller.get("tickets/", limit=2, ordering=ordering, category="new").json()
        submit(asked)
        while True:
            met += [row["number"] for row in answer["results"]]
            if answer["next"] is None:
                break
            answer = caller.client.get(answer["next"]).json()
        assert [number for number in met if number in before] == sorted(before, reverse=ordering[0] == "-"), ordering
        assert len(met) == len(set(met))
    moment = Ticket.objects.get(number=before[-1]).updated_at.isoformat().replace("+00:00", "Z")
    fresh = caller.get("tickets/", updated_since=moment, fields="number", limit=100).json()["results"]
    assert set(before) & {row["number"] for row in fresh} == {before[-1]}
    assert set(fresh[0]) == {"number"}


def test_lists_ask_the_same_number_of_questions_whatever_their_length():
    user = make_user("administrator")
    give_place(user)
    make_world(1)
    caller = Caller(user)

    def asked(resource: Any) -> int:
        for _warm in range(2):
            with CaptureQueriesContext(connection) as captured:
                assert caller.get(f"{resource.path}/", limit=100).status_code == 200
        return len(captured)

    few = {resource.kind: asked(resource) for resource in resources}
    make_world(3)
    assert {resource.kind: asked(resource) for resource in resources} == few
    assert max(few.values()) <= 12


def test_a_ticket_from_its_creation_to_its_solution():
    team = make_team()
    agent = make_agent(team, name="Bot")
    asked = make_request_type(team=team)
    room = {"kind": kinds["ticket"].code, "key": "room", "type": "text", "name": Translated({"en": "Room"})}
    save_custom_field(actor=SYSTEM, values=room)
    caller = Caller(agent)
    made = caller.post(
        "tickets/",
        {"requester": {"name": "Li Na", "email": "Li.Na@Example.test"}, "type": asked.key, "subject": "Broken",
         "description": "It does not start.\nSince Monday."},
    )  # fmt: skip
    assert made.status_code == 201 and made["Location"].endswith(f"/api/v1/tickets/{made.json()['number']}/")
    where = f"tickets/{made.json()['number']}/"
    ticket = Ticket.objects.get(number=made.json()["number"])
    activity = Activity.objects.filter(object_id=ticket.pk, data__subject="Broken").first()
    assert (activity.actor_kind, activity.on_behalf_of_id) == (ActorKind.TOKEN, agent.pk)
    assert activity.actor_label == "Bot · Test"
    changed = caller.patch(where, {"impact": "high", "urgency": "high", "custom": {"room": "B-204"}})
    assert (changed.status_code, changed.json()["priority"]) == (200, "urgent")
    assert changed.json()["custom"] == {"room": "B-204"}
    assert caller.post(f"{where}note/", {"body": "Looks like the battery"}).status_code == 201
    answered = caller.post(f"{where}reply/", {"body": "Change the battery.", "then": "waiting_customer"})
    assert answered.status_code == 201
    message = Message.objects.get(pk=answered.json()["id"])
    assert (message.by_staff, message.author_id, message.author_label) == (True, agent.pk, "Bot")
    assert caller.get(where).json()["status"]["key"] == "waiting_customer"
    assert caller.post(f"{where}assign/", {"assignee": None}).json()["assignee"] is None
    solved = caller.post(f"{where}resolve/", {"cause": "product", "solution": "A new battery."})
    assert solved.json()["status"]["category"] == "resolved" and solved.json()["resolved_at"].endswith("Z")
    directions = [row["direction"] for row in caller.get(f"{where}messages/").json()["results"]]
    assert directions == ["inbound", "internal", "outbound", "outbound"]
    refused = caller.post(f"{where}status/", {"status": "resolved"})
    assert refused.status_code == 200, "it stands there already"
    assert blamed(caller.post(f"{where}resolve/", {"cause": "weather"})) == {"#/cause", "#/solution"}


def test_an_order_is_pushed_as_often_as_a_shop_likes():
    contact = make_contact(emails=["buyer@example.test"])
    product = Product.objects.create(code="L-1", name=Translated({"en": "Lamp"}), price=1, currency="CNY")
    caller = Caller(make_user("administrator"))
    body = {**ORDER, "buyer": {"name": "B", "email": "BUYER@example.test"}, "currency": "CNY"}
    first = caller.post("orders/", body)
    assert first.status_code == 201
    assert first.json()["customer"]["number"] == contact.customer.number, "known by the address"
    assert first.json()["total"] == {"amount": "39.80", "currency": "CNY"}
    deeds = Activity.objects.count()
    assert caller.post("orders/", body).status_code == 200
    assert Activity.objects.count() == deeds, "the same again changes nothing"
    more = {**body, "lines": [*body["lines"], {"product": "L-1", "quantity": "1", "unit_price": "5"}]}
    again = caller.post("orders/", more)
    assert again.status_code == 200 and again.json()["number"] == first.json()["number"]
    assert [line["product"] for line in again.json()["lines"]] == [None, product.code]
    where = f"orders/{first.json()['number']}/"
    parcel = caller.post(f"{where}ship/", {"carrier": "SF", "parcel_number": "1"}).json()["parcels"][0]
    moved = caller.patch(f"shipments/{parcel['id']}/", {"status": "delivered"})
    assert moved.json()["delivered_at"] and caller.get(where).json()["status"] == "delivered"
    wrong = caller.post("orders/", {**body, "lines": [{"quantity": "x", "unit_price": "1"}, {"product": "none"}]})
    assert wrong.status_code == 400
    assert {"#/lines/0/quantity", "#/lines/1/product", "#/lines/1/unit_price"} <= blamed(wrong)
    assert Order.objects.filter(source="shop").count() == 1


def test_addresses_are_masked_as_on_the_pages():
    customer = make_customer()
    caller = Caller(make_user("administrator"))
    made = caller.post(
        "contacts/", {"customer": customer.number, "name": "Li Na", "emails": ["lina@example.test"], "phones": []}
    ).json()
    changed = caller.patch(f"contacts/{made['id']}/", {"phones": ["138 1234 5678"]}).json()
    assert (changed["emails"], changed["phones"]) == (["lina@example.test"], ["+8613812345678"])
    masked = Caller(make_user("marketer")).get(f"contacts/{made['id']}/").json()
    assert "lina@" not in json.dumps(masked) and "12345678" not in json.dumps(masked)
    taken = caller.post("contacts/", {"customer": customer.number, "name": "X", "emails": ["LINA@example.test"]})
    assert taken.status_code == 409 and "#/emails" in blamed(taken)


def test_the_same_key_gives_the_first_answer_and_another_body_clashes():
    customer = make_customer()
    caller = Caller(make_user("administrator"))
    body = {"name": "Deal", "customer": customer.number}
    first = caller.post("opportunities/", body, Idempotency_Key="k-1")
    again = caller.post("opportunities/", body, Idempotency_Key="k-1")
    assert first.json() == again.json() and again.status_code == 201
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    other = caller.post("opportunities/", {**body, "name": "Other"}, Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Caller(make_user("administrator")).post("opportunities/", body, Idempotency_Key="k-1").status_code == 201
    refused = caller.post("opportunities/", {**body, "expected_close": "never"}, Idempotency_Key="k-2")
    assert refused.status_code == 400
    assert caller.post("opportunities/", body, Idempotency_Key="k-2").status_code == 201, "a refusal uses up no key"
    assert caller.post("opportunities/", body, Idempotency_Key="k" * 300).status_code == 400


def test_who_was_slower_overwrites_nothing():
    customer = make_customer("First")
    caller = Caller(make_user("administrator"))
    read = caller.get(f"customers/{customer.number}/")
    assert caller.patch(f"customers/{customer.number}/", {"name": "Second"}, If_Match=read["ETag"]).status_code == 200
    late = caller.patch(f"customers/{customer.number}/", {"name": "Third"}, If_Match=read["ETag"])
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert Customer.objects.get(pk=customer.pk).name == "Second"


def test_a_change_that_would_leave_the_set_is_undone():
    seller = make_user("sales")
    mine = make_customer(owner=seller)
    caller = Caller(seller)
    refused = caller.patch(f"customers/{mine.number}/", {"owner": make_user("sales").pk})
    assert refused.status_code == 422
    assert Customer.objects.get(pk=mine.pk).owner_id == seller.pk


@pytest.mark.parametrize(
    ("call", "status", "code", "blame"),
    [
        (lambda c: c.client.get("/api/v1/nowhere/"), 404, "not_found", ()),
        (lambda c: c.client.delete("/api/v1/tickets/"), 405, "method_not_allowed", ()),
        (lambda c: c.client.post("/api/v1/tickets/", {"a": "b"}), 415, "unsupported_media_type", ()),
        (lambda c: c.post("tickets/", "x" * 1_000_001), 413, "too_large", ()),
        (lambda c: c.post("tickets/", "{"), 400, "parse_error", ()),
        (lambda c: c.post("tickets/", '{"subject": "\\ud800"}'), 400, "parse_error", ()),
        (lambda c: c.post("tickets/", "[" * 100_000), 400, "parse_error", ()),
        (lambda c: c.post("customers/", {"name": "A", "nmae": "B"}), 400, "invalid", ("#/nmae",)),
        (lambda c: c.post("customers/", {"name": "A", "registration_code": "1"}), 422, "invalid",
         ("#/registration_code",)),
        (lambda c: c.get("tickets/", page="2"), 400, "invalid", ("page",)),
        (lambda c: c.get("tickets/", status="none"), 400, "invalid", ("status",)),
        (lambda c: c.get("tickets/", cursor="WzFd"), 400, "invalid", ("cursor",)),
        (lambda c: c.get("tickets/", updated_since="2026-01-01T00:00:00"), 400, "invalid", ("updated_since",)),
        (lambda c: c.get("tickets/", fields="number,secret"), 400, "invalid", ("fields",)),
        (lambda c: c.get("tickets/99999999999999999999/"), 404, "not_found", ()),
    ],
)  # fmt: skip
def test_every_refusal_has_one_shape(call, status, code, blame):
    answer = call(Caller(make_user("administrator")))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"] and answer.json()["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert blamed(answer) == set(blame)


def test_refusals_speak_the_callers_language_and_too_many_calls_wait(settings):
    caller = Caller(make_user("administrator"))
    with clock.at(clock.now()):
        said = caller.post("customers/", {}, Accept_Language="zh-hans").json()
        assert said["errors"] == [{"pointer": "#/name", "detail": "该字段是必填项。"}]
        within = caller.get("teams/")
        limit = settings.API_PER_MINUTE
        assert (within["RateLimit-Limit"], within["RateLimit-Remaining"]) == (str(limit), str(limit - 2))
        settings.API_PER_MINUTE = 1
        answer = caller.get("teams/")
        assert answer.status_code == 429 and 0 < int(answer["Retry-After"]) <= 60
        assert answer.json()["code"] == "too_many"
        assert (answer["RateLimit-Remaining"], answer["RateLimit-Reset"]) == ("0", answer["Retry-After"])


def test_the_description_is_valid_and_names_every_call():
    client = Client()
    GENERATOR_STATS.reset()
    document = client.get("/api/v1/schema/").json()
    validate_schema(document)
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache
    described = {
        (path, method) for path, item in document["paths"].items() for method in item if method != "parameters"
    }
    for resource in resources:
        one = f"/api/v1/{resource.path}/{{{'id' if resource.lookup == 'pk' else resource.lookup}}}/"
        assert {(f"/api/v1/{resource.path}/", "get"), (one, "get")} <= described
        for verb in resource.verbs.values():
            assert (f"{one}{verb.name}/", "get" if verb.is_part else "post") in described
    for language, word in (("en", "Reply to the customer"), ("zh-hans", 'lang="zh-Hans"')):
        page = client.get("/api/v1/docs/", headers={"Accept-Language": language})
        text = page.content.decode()
        assert page.status_code == 200 and word in text
        assert "Idempotency-Key" in text and "<script>" not in text and "style=" not in text


def test_an_app_that_is_off_is_off_here_too():
    caller = Caller(make_user("administrator"))
    try:
        switches.take({"sales"})
        off = caller.get("leads/")
        assert off.status_code == 404 and off["Content-Type"] == "application/problem+json"
        assert not any("/leads/" in path for path in Client().get("/api/v1/schema/").json()["paths"])
    finally:
        switches.take(())
    assert caller.get("leads/").status_code == 200


def test_a_leaver_takes_their_tokens_along():
    manager, leaver = make_user("administrator"), make_user("supervisor")
    caller = Caller(leaver)
    assert caller.get("teams/").status_code == 200
    suspend_user(actor=staff(manager), record=leaver)
    while sum(dispatch(lane) for lane in LANES):
        pass
    restore_user(actor=staff(manager), record=User.objects.get(pk=leaver.pk))
    assert caller.get("teams/").status_code == 401, "coming back does not bring old keys back"


HOSTILE: list[Any] = [True, -1, 10**400, "\x00", [[]]]
WORST: list[Any] = [None, 1.5, "", "9" * 5000, "2026-13-45", "\ud7ff\u202e", {"x": {"y": [1]}}, [{}], [None] * 600]


def writes() -> list[tuple[str, str, Any]]:
    """Every POST and PATCH: method, address with a place for the record, and what it takes."""
    found = []
    for resource in resources:
        one = f"{resource.path}/%s/"
        found += [("post", f"{resource.path}/", resource.creates)] if resource.creates else []
        found += [("patch", one, resource.updates)] if resource.updates else []
        found += [("post", f"{one}{v.name}/", v.asks) for v in resource.verbs.values() if not v.is_part]
    return found


def try_bodies(bodies: Any) -> None:
    """Each call with the bodies that `bodies(names of its fields)` gives."""
    make_world(1)
    caller = Caller(make_user("administrator"))
    caller.client.raise_request_exception = False
    records = {r.path: getattr(r.model()._base_manager.order_by("-pk").first(), r.lookup) for r in resources}
    for method, path, asks in writes():
        where = path % records[path.split("/")[0]] if "%s" in path else path
        for body in bodies(list(asks._declared_fields) if asks is not None else []):
            answer = getattr(caller, method)(where, body)
            assert answer.status_code < 500, (method, where, body, answer.content[:300])


def test_no_body_makes_a_server_error():
    try_bodies(lambda names: [["text"], *(dict.fromkeys(names, bad) for bad in HOSTILE)])


@pytest.mark.slow
def test_no_single_field_makes_a_server_error():
    try_bodies(lambda names: [None, 5, *({name: bad} for name in names for bad in [*HOSTILE, *WORST])])
