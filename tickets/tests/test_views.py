"""Tickets on the generic pages: list, page, create, edit, delete."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.models import TeamMembership
from crm.core.actor import Scope
from crm.testing.suites import CreateSuite, DeleteSuite, DetailSuite, ListSuite, UpdateSuite, signed_in
from crm.testing.suites import staff as person
from customers.tests.builders import make_contact
from tickets.models import RequestType, Ticket

from .builders import answered, fresh, make_agent, make_request_type, make_team, submit

pytestmark = pytest.mark.django_db


class ByNumber:
    def argument(self, record: Any) -> Any:
        return record.number

    def make_one(self) -> Any:
        return submit(subject="Printer in room 5")


class TestList(ListSuite):
    url_name, permission = "tickets:ticket_list", "tickets.view"
    others = ("tickets.export",)

    def make(self, count: int) -> list[Any]:
        team = make_team()
        agent, asked = make_agent(team), make_request_type(team=team)
        rows = [submit(asked, subject=f"Matter {number}") for number in range(count)]
        return [answered(agent, row) if index % 2 else row for index, row in enumerate(rows)]


class TestDetail(ByNumber, DetailSuite):
    url_name, permission = "tickets:ticket_detail", "tickets.view"
    others = (
        "tickets.reply", "tickets.note", "tickets.update", "tickets.take", "tickets.resolve", "tickets.reassign",
        "tickets.delete", "customers.view",
    )  # fmt: skip

    def make_one(self) -> Any:
        ticket = submit(subject="Printer in room 5")
        agent = make_agent(ticket.team)
        return answered(agent, ticket)

    def test_it_shows_the_record(self, client: Any) -> None:
        record = self.make_one()
        page = client.get(self.url(record)).content.decode()
        assert record.label in page and record.subject in page and "Switch it off and on again." in page

    def test_a_reader_without_rights_gets_no_buttons(self) -> None:
        record = self.make_one()
        page = signed_in(person("tickets.view")).get(self.url(record)).content.decode()
        for name in ("reply", "note", "accept", "resolve", "reassign", "delete", "update"):
            assert reverse(f"tickets:ticket_{name}", args=[record.number]) not in page, name


class TestWhy(ByNumber, DetailSuite):
    url_name, permission = "tickets:ticket_why", "tickets.view"

    def test_it_shows_the_record(self, client: Any) -> None:
        record = self.make_one()
        assert record.label in client.get(self.url(record)).content.decode()


class TestCreate(CreateSuite):
    url_name, permission, others = "tickets:ticket_create", "tickets.create", ("tickets.view", "customers.view")
    kept = "Kept words"

    def rows(self) -> Any:
        return Ticket.objects.all()

    def good(self) -> dict[str, Any]:
        self.asked = getattr(self, "asked", None) or make_request_type()
        self.contact = getattr(self, "contact", None) or make_contact()
        return {
            "contact": self.contact.pk, "request_type": self.asked.pk, "channel": "phone", "subject": "Rang",
            "description": "Kept words",
        }  # fmt: skip

    def bad(self) -> dict[str, Any]:
        return self.good() | {"subject": "\u200b"}

    @pytest.mark.parametrize("wrong", ["²", "9" * 40, "none"])
    def test_a_requester_who_cannot_be_is_refused(self, client: Any, wrong: str) -> None:
        assert client.post(self.url(), self.good() | {"contact": wrong}).status_code == 422

    def test_a_requester_out_of_scope_is_refused(self) -> None:
        own = signed_in(person("tickets.create", "tickets.view", "customers.view", scope=Scope.OWN))
        assert own.post(self.url(), self.good()).status_code == 422


class TestUpdate(ByNumber, UpdateSuite):
    url_name, permission, others = "tickets:ticket_update", "tickets.update", ("tickets.view",)
    kept = "Kept words"

    def change(self) -> dict[str, Any]:
        return {"subject": "Kept words"}

    def bad(self) -> dict[str, Any]:
        return {"subject": "Kept words", "impact": "9"}

    def rival(self, record: Any) -> None:
        Ticket.objects.filter(pk=record.pk).update(subject="Theirs")

    def changed(self, record: Any) -> bool:
        return fresh(record).subject == "Kept words"

    def test_a_type_that_is_no_longer_offered_may_stay(self, client: Any) -> None:
        record = self.make_one()
        RequestType.objects.filter(pk=record.request_type_id).update(is_active=False)
        assert client.post(self.url(record), self.sent(client, record) | self.change()).status_code == 302
        assert self.changed(record)


class TestDelete(ByNumber, DeleteSuite):
    url_name, permission, others = "tickets:ticket_delete", "tickets.delete", ("tickets.view",)


def test_the_picker_offers_by_subject_what_can_be_seen() -> None:
    ticket = submit(subject="Printer in room 5")
    address = reverse("ui:pick", args=["ticket"])
    for scope, found in ((Scope.ALL, [ticket.pk]), (Scope.OWN, [])):
        client = signed_in(person("tickets.view", scope=scope))
        options = client.get(address, {"q": "printer"}, headers={"Accept": "application/json"}).json()["results"]
        assert [option["id"] for option in options] == found


def test_a_customer_with_tickets_is_not_deleted_but_named() -> None:
    ticket = submit()
    client = signed_in(person("customers.view", "customers.delete"))
    address = reverse("customers:customer_delete", args=[ticket.customer.number])
    assert client.get(address).status_code == 200
    response = client.post(address)
    assert response.status_code == 409 and ticket.label in response.content.decode()
    ticket.customer.refresh_from_db()
    assert ticket.customer.deleted_at is None


def test_home_counts_what_its_links_show() -> None:
    team = make_team()
    agent, asked = make_agent(team), make_request_type(team=team)
    for _number in range(3):
        submit(asked)
    client = signed_in(agent)
    tiles = client.get("/home/tickets.tiles/", headers={"hx-request": "true"})
    page = tiles.content.decode()
    assert tiles.status_code == 200 and '<span class="tile-num">3</span>' in page
    listed = client.get(
        reverse("tickets:ticket_list"), {"category": ["open", "new"], "assignee": "none", "team": "mine"}
    )
    assert listed.content.decode().count('id="row-') == 3
    assert client.get("/home/tickets.queue/", headers={"hx-request": "true"}).status_code == 200


def test_who_is_in_no_team_has_a_queue_and_a_list_that_agree() -> None:
    ticket = submit()
    user = person("tickets.view", "tickets.take")
    page = signed_in(user).get(reverse("tickets:ticket_list"), {"team": "mine"}).content.decode()
    assert f'id="row-{ticket.pk}"' in page
    assert signed_in(user).post(reverse("tickets:ticket_next")).status_code == 302
    assert fresh(ticket).assignee == user
    nothing = signed_in(user).post(reverse("tickets:ticket_next"), follow=True)
    assert "Nothing is waiting" in nothing.content.decode()


def test_the_priority_and_status_menus_act() -> None:
    ticket = submit()
    agent = make_agent(ticket.team)
    client = signed_in(agent)
    assert client.post(reverse("tickets:ticket_priority", args=[ticket.number]), {"priority": "4"}).status_code == 302
    assert fresh(ticket).priority == 4
    for wrong in ({}, {"priority": "9"}):
        assert client.post(reverse("tickets:ticket_priority", args=[ticket.number]), wrong).status_code == 422
    status = ticket.status.next_statuses.get(key="on_hold")
    assert client.post(reverse("tickets:ticket_status", args=[ticket.number]), {"status": status.pk}).status_code == 302
    assert fresh(ticket).status == status
    assert TeamMembership.objects.filter(user=agent).exists()
