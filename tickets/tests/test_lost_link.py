"""A lost link goes to the ticket's own address, and strangers learn nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.activity.models import Activity
from crm.messaging.models import OutgoingMail, OutgoingSms
from crm.planner.models import Task
from tickets.actions import look_for_links
from tickets.models import LinkWish

from .builders import make_request_type, submit

pytestmark = pytest.mark.django_db
ADDRESS = "/help/tickets/lost/"


@pytest.fixture
def ticket():
    ticket = submit(make_request_type("printer"), email="emma@example.test", phone="13812345678")
    OutgoingMail.objects.all().delete()
    return ticket


def ask(client, number, address):
    return client.post(ADDRESS, {"number": number, "address": address})


@pytest.mark.parametrize("address", ["emma@example.test", " EMMA@Example.Test ", "13812345678", "+86 138 1234 5678"])
@pytest.mark.parametrize("hash_mark", ["", "#"])
def test_the_link_goes_to_the_tickets_own_address(client, ticket, address, hash_mark):
    assert ask(client, f"{hash_mark}{ticket.number}", address).status_code == 302
    assert OutgoingMail.objects.count() == 0  # not by the request
    assert look_for_links() == 1
    letter = OutgoingMail.objects.get()
    assert letter.to_email == "emma@example.test" and ticket.access_token in letter.text
    assert LinkWish.objects.count() == 0
    assert Activity.objects.order_by("-pk").first().key == "tickets.link_sent"


@pytest.mark.parametrize("address", ["other@example.test", "13900000000"])
def test_a_mismatch_sends_nothing_and_leaves_nothing(client, ticket, address):
    before = Activity.objects.count()
    ask(client, ticket.number, address)
    ask(client, ticket.number + 1, "emma@example.test")
    assert look_for_links() == 2
    assert OutgoingMail.objects.count() == OutgoingSms.objects.count() == Task.objects.count() == 0
    assert LinkWish.objects.count() == 0 and Activity.objects.count() == before


def test_a_match_and_a_mismatch_cannot_be_told_apart(client, ticket):
    seen = []
    for number, address in (
        (ticket.number, "emma@example.test"), (ticket.number, "other@example.test"), (999_999_999, "emma@example.test"),
        (ticket.number, "13812345678"), (ticket.number, "13900000000"),
    ):  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(client, number, address)
        page = client.get(answer["Location"])
        headers = {name: value for name, value in answer.items() if name not in {"Server-Timing", "X-Request-ID"}}
        shape = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries.captured_queries]
        body = re.sub(rb'nonce="[^"]+"|csrf[^ ]+ value="[^"]+"|[A-Za-z0-9]{64}', b"", page.content)
        seen.append((answer.status_code, headers, answer.content, page.status_code, body, shape))
    assert all(one == seen[0] for one in seen)


def test_by_phone_the_link_comes_as_a_text_message(client, settings, tmp_path):
    settings.SMS = {"sender": "console", "countries": [], "folder": str(tmp_path)}
    ticket = submit(make_request_type("printer"), email="", phone="13812345678")
    OutgoingSms.objects.all().delete()
    ask(client, ticket.number, "138 1234 5678")
    look_for_links()
    assert (
        OutgoingSms.objects.get().to_phone == "+8613812345678" and ticket.access_token in OutgoingSms.objects.get().text
    )


def test_by_phone_without_text_messages_somebody_calls(client):
    ticket = submit(make_request_type("printer"), email="", phone="13812345678")
    Task.objects.all().delete()
    ask(client, ticket.number, "138 1234 5678")
    look_for_links()
    assert "lost the link" in Task.objects.get().title and ticket.access_token not in Task.objects.get().notes


def test_nobody_floods_an_address_through_this_page(client, ticket):
    answers = [ask(client, ticket.number, "emma@example.test").status_code for _number in range(7)]
    assert answers == [302] * 5 + [429] * 2
    look_for_links()
    assert OutgoingMail.objects.count() == 3
    assert "Retry-After" in ask(client, ticket.number, "emma@example.test")


@pytest.mark.parametrize(
    ("number", "address"),
    [("", "a@b.example"), ("12", ""), ("twelve", "a@b.example"), ("12", "nobody"), ("9" * 30, "a@b.example")],
)
def test_what_cannot_be_read_is_said_beside_it(client, number, address):
    answer = ask(client, number, address)
    assert answer.status_code == 422 and b"is-invalid" in answer.content
    assert LinkWish.objects.count() == 0


def test_a_machine_that_fills_the_trap_asks_for_nothing(client, ticket):
    client.post(ADDRESS, {"number": ticket.number, "address": "emma@example.test", "second_subject": "x"})
    assert LinkWish.objects.count() == 0


def test_the_page_is_found(client, ticket):
    for address in ("/help/", "/help/tickets/nothing-here/"):
        assert ADDRESS in client.get(address).content.decode()
    submit(make_request_type("other"))
    assert ADDRESS in OutgoingMail.objects.get().text
