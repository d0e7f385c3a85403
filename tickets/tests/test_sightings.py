"""Who saw what: noted once an hour, listed for auditors, kept for a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.activity.models import Sight, Sighting
from crm.activity.sightings import KEEP, forget_sightings, saw
from crm.console.selectors.sightings import seen_by, sightings
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotAllowed
from crm.core.sockets import kinds
from crm.testing.builders import make_user, staff

from .builders import make_agent, make_request_type, submit

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 18, 12, 10, tzinfo=dt.UTC)


@pytest.fixture
def ticket(db: None) -> Any:
    return submit(make_request_type("printer"))


@pytest.fixture
def auditor(db: None) -> Any:
    return make_user("administrator", name="Ada Auditor")


def open_ticket(client: Client, user: Any, ticket: Any) -> Any:
    client.force_login(user)
    return client.get(reverse("tickets:ticket_detail", args=[ticket.number]))


def test_opening_a_ticket_is_noted_once_an_hour(client: Client, ticket: Any) -> None:
    agent = make_agent(ticket.team)
    for at in (NOON, NOON + dt.timedelta(minutes=30), NOON + dt.timedelta(minutes=55)):
        with clock.at(at):
            assert open_ticket(client, agent, ticket).status_code == 200
    rows = Sighting.objects.filter(user_id=agent.pk, kind=kinds["ticket"].code, object_id=ticket.pk)
    minutes = [at.strftime("%H:%M") for at in rows.order_by("at").values_list("at", flat=True)]
    assert minutes == ["12:10", "13:05"]


def test_it_costs_one_statement(ticket: Any) -> None:
    actor = staff(make_agent(ticket.team))
    with CaptureQueriesContext(connection) as queries:
        saw(actor, ticket)
        saw(actor, ticket)
    assert len(queries) == 2


def test_a_page_outside_ones_set_leaves_no_trace(client: Client, ticket: Any) -> None:
    stranger = make_agent(make_request_type("other").team)
    assert open_ticket(client, stranger, ticket).status_code == 404
    assert not Sighting.objects.exists()


def test_lists_customers_and_the_system_leave_none(client: Client, ticket: Any) -> None:
    client.force_login(make_agent(ticket.team))
    client.get(reverse("tickets:ticket_list"))
    saw(Actor.contact(ticket.contact_id, "Li Lei"), ticket)
    saw(Actor.system(), ticket)
    assert not Sighting.objects.exists()


def test_who_sees_addresses_in_full_is_marked(client: Client, ticket: Any, auditor: Any) -> None:
    open_ticket(client, auditor, ticket)
    client.get(reverse("customers:customer_detail", args=[ticket.customer.number]))
    found = Sighting.objects.values_list("kind", "how")
    assert set(found) == {(kinds["ticket"].code, Sight.REVEALED), (kinds["customer"].code, Sight.REVEALED)}


def test_the_log_has_filters_and_needs_its_right(client: Client, ticket: Any, auditor: Any) -> None:
    agent = make_agent(ticket.team, name="Zhou Min")
    open_ticket(client, agent, ticket)
    assert client.get(reverse("console:sighting_list")).status_code == 403
    with pytest.raises(NotAllowed):
        sightings(staff(agent), {})
    client.force_login(auditor)
    address = reverse("console:sighting_list")
    page = client.get(address).content.decode()
    assert "Zhou Min" in page and reverse("tickets:ticket_detail", args=[ticket.number]) in page
    for query, shown in (
        ({"q": "zhou"}, 1), ({"q": "nobody"}, 0), ({"actor": agent.pk}, 1), ({"actor": auditor.pk}, 0),
        ({"kind": "ticket", "object": ticket.pk}, 1), ({"kind": "customer"}, 0), ({"since": "2100-01-01"}, 0),
        ({"until": "2000-01-01"}, 0), ({"until": "rubbish", "before": "x", "object": "²"}, 1),
    ):  # fmt: skip
        assert len(client.get(address, query).context["page"].rows) == shown, query


def test_the_record_says_who_saw_it(client: Client, ticket: Any, auditor: Any) -> None:
    agent = make_agent(ticket.team, name="Zhou Min")
    open_ticket(client, agent, ticket)
    panel = reverse("ui:panel", args=["ticket", ticket.pk, "console.seen_by.ticket"])
    assert client.get(panel).status_code == 403
    client.force_login(auditor)
    assert "Zhou Min" in client.get(panel).content.decode()
    assert [row["user"] for row in seen_by(staff(auditor), ticket)] == [agent]


def test_pages_follow_each_other(ticket: Any, auditor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.console.selectors.sightings.PAGE", 2)
    for _number in range(3):
        saw(staff(make_agent(ticket.team)), ticket)
    first = sightings(staff(auditor), {})
    second = sightings(staff(auditor), {}, first.before)
    assert (len(first.rows), len(second.rows), second.before) == (2, 1, None)


def test_they_are_forgotten_after_a_year(ticket: Any) -> None:
    for at in (clock.now() - KEEP - dt.timedelta(hours=1), clock.now() - KEEP + dt.timedelta(hours=1)):
        with clock.at(at):
            saw(staff(make_agent(ticket.team)), ticket)
    assert forget_sightings() == 1
    assert Sighting.objects.count() == 1
