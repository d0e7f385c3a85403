"""Previous and next in a view, by the address alone."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from crm.core import clock
from crm.testing.builders import make_team, staff
from crm.ui.generic.neighbours import neighbours
from crm.ui.lists import lists
from tickets.models import AgentProfile, Ticket

from .builders import fresh, key, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db

OPEN = "unresolved=true&sort=-updated"


@pytest.fixture
def team() -> Any:
    return make_team()


@pytest.fixture
def agent(team: Any) -> Any:
    return make_agent(team)


@pytest.fixture
def client(agent: Any) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def tickets(team: Any, agent: Any) -> list[Ticket]:
    """Five open tickets, the first of the list first."""
    kind, now = make_request_type(team=team), clock.now()
    rows = [submit(kind, subject=f"Number {number}") for number in range(5)]
    for number, row in enumerate(rows):
        at = now - dt.timedelta(hours=number)
        due = now + dt.timedelta(hours=number) if number % 2 else None
        Ticket.objects.filter(pk=row.pk).update(last_message_at=at, next_due_at=due, assignee=agent)
    return [fresh(row) for row in rows]


def number_in(url: str) -> int | None:
    found = re.search(r"/tickets/(\d+)/", url)
    return int(found[1]) if found else None


@pytest.mark.parametrize("sort", ["-updated", "updated", "due", "-due", "number", "-number", "priority", "-priority"])
def test_walking_visits_the_list_in_its_order_both_ways(agent: Any, tickets: list[Ticket], sort: str) -> None:
    from crm.ui.generic.engine import rows_of_query

    query, actor, page = f"unresolved=true&sort={sort}", staff(agent), lists["ticket"]
    order = [row.number for row in rows_of_query(page, actor, query).ordered()]
    rows = {row.number: row for row in tickets}
    assert len(order) == 5
    for place, number in enumerate(order):
        found = neighbours(page, actor, rows[number], query)
        assert found is not None and (found.position, found.size) == (place + 1, 5)
        assert number_in(found.previous) == (order[place - 1] if place else None)
        assert number_in(found.next) == (order[place + 1] if place < 4 else None)


def test_from_the_list_to_a_ticket_and_on(client: Client, tickets: list[Ticket]) -> None:
    page = client.get(reverse("tickets:ticket_list"), {"own": "1", "unresolved": "true", "sort": "-updated"})
    link = re.search(rf'href="(/tickets/{tickets[1].number}/\?view=[^"]+)"', page.content.decode())
    assert link is not None
    shown = client.get(link[1].replace("&amp;", "&"))
    walk = shown.context["walk"]
    assert "2 of 5" in shown.content.decode() and 'data-key="]"' in shown.content.decode()
    assert (number_in(walk.previous), number_in(walk.next)) == (tickets[0].number, tickets[2].number)
    assert parse_qs(urlsplit(walk.list_url).query)["sort"] == ["-updated"]


def test_without_a_view_there_is_no_walk(client: Client, tickets: list[Ticket]) -> None:
    page = client.get(reverse("tickets:ticket_detail", args=[tickets[0].number])).content.decode()
    assert 'data-key="]"' not in page
    for wrong in ("sort=nonsense", "x" * 3000, "%00", "page=-1&unknown=1"):
        url = reverse("tickets:ticket_detail", args=[tickets[0].number])
        assert client.get(url, {"view": wrong}).status_code == 200


def test_the_place_stays_when_the_ticket_leaves_the_view(agent: Any, tickets: list[Ticket]) -> None:
    page, actor = lists["ticket"], staff(agent)
    before = neighbours(page, actor, tickets[2], OPEN)
    resolved(agent, tickets[2])
    after = neighbours(page, actor, fresh(tickets[2]), OPEN, before.at)
    assert (after.previous, after.next) == (before.previous, before.next)
    assert after.position is None


@pytest.mark.parametrize("choice", ["stay", "next", "list"])
def test_a_sent_reply_leads_where_its_author_wants(
    client: Client, agent: Any, tickets: list[Ticket], choice: str
) -> None:
    url = reverse("tickets:ticket_reply", args=[tickets[1].number])
    values = {"body": "Done.", "form_key": key(), "view": OPEN, "at": tickets[1].last_message_at.isoformat()}
    response = client.post(url, {**values, "after": choice})
    target = response["Location"]
    if choice == "list":
        assert target == f"{reverse('tickets:ticket_list')}?{OPEN}"
    else:
        expected = tickets[1] if choice == "stay" else tickets[2]
        assert number_in(target) == expected.number and parse_qs(urlsplit(target).query)["view"] == [OPEN]
    assert AgentProfile.objects.get(user=agent).after_sending == choice
    again = client.post(url, {**values, "form_key": key(), "body": "More."})
    assert number_in(again["Location"]) == number_in(target)


def test_the_last_of_the_view_leads_to_the_list(client: Client, agent: Any, tickets: list[Ticket]) -> None:
    AgentProfile.objects.filter(user=agent).update(after_sending="next")
    url = reverse("tickets:ticket_reply", args=[tickets[4].number])
    response = client.post(url, {"body": "Done.", "form_key": key(), "view": OPEN,
                                 "at": tickets[4].last_message_at.isoformat()})  # fmt: skip
    assert response["Location"].startswith(reverse("tickets:ticket_list"))


def test_other_verbs_keep_the_walk(client: Client, tickets: list[Ticket]) -> None:
    page = reverse("tickets:ticket_detail", args=[tickets[0].number])
    response = client.post(
        reverse("tickets:ticket_priority", args=[tickets[0].number]), {"priority": "3"},
        headers={"Referer": f"http://testserver{page}?view={OPEN.replace('&', '%26').replace('=', '%3D')}"},
    )  # fmt: skip
    assert parse_qs(urlsplit(response["Location"]).query)["view"] == [OPEN]
    elsewhere = client.post(
        reverse("tickets:ticket_priority", args=[tickets[0].number]), {"priority": "2"},
        headers={"Referer": "https://evil.example/tickets/1/?view=x"},
    )  # fmt: skip
    assert "view" not in elsewhere["Location"]
