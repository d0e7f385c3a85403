"""The pages of deals hold what every page holds, and what only they do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm.core.actor import Actor, Scope
from crm.fields.tag_actions import add_tag
from crm.planner.models import Task
from crm.testing.suites import CreateSuite, DeleteSuite, DetailSuite, ListSuite, UpdateSuite, signed_in
from crm.testing.suites import staff as person
from customers.tests.builders import make_customer
from sales.models import Opportunity

from .deal_builders import fresh, make_deal, reason, stage

pytestmark = pytest.mark.django_db
ALL = ("opportunities.view", "opportunities.create", "opportunities.update", "customers.view", "planner.view")


class ByNumber:
    def argument(self, record: Any) -> Any:
        return record.number

    def make_one(self) -> Any:
        return make_deal(name="Harbour deal")


class TestList(ListSuite):
    url_name, permission = "sales:opportunity_list", "opportunities.view"

    def make(self, count: int) -> list[Any]:
        return [make_deal() for _number in range(count)]


class TestDetail(ByNumber, DetailSuite):
    url_name, permission, others = "sales:opportunity_detail", "opportunities.view", ("customers.view",)


class TestCreate(CreateSuite):
    url_name, permission = "sales:opportunity_create", "opportunities.create"
    others = ("opportunities.view", "customers.view")
    kept = "Kept words"

    def rows(self) -> Any:
        return Opportunity.objects.all()

    def good(self) -> dict[str, Any]:
        return {
            "customer": make_customer().pk,
            "name": "A deal",
            "amount": "5",
            "note": "Kept words",
            "source": "staff",
        }

    def bad(self) -> dict[str, Any]:
        return self.good() | {"name": "\u200b"}


class TestUpdate(ByNumber, UpdateSuite):
    url_name, permission, others = "sales:opportunity_update", "opportunities.update", ("opportunities.view",)
    kept = "Kept words"

    def change(self) -> dict[str, Any]:
        return {"note": "Kept words"}

    def bad(self) -> dict[str, Any]:
        return {"note": "Kept words", "probability": "400"}

    def rival(self, record: Any) -> None:
        Opportunity.objects.filter(pk=record.pk).update(note="Theirs")

    def changed(self, record: Any) -> bool:
        return fresh(record).note == "Kept words"


class TestDelete(ByNumber, DeleteSuite):
    url_name, permission, others = "sales:opportunity_delete", "opportunities.delete", ("opportunities.view",)


def test_the_board_moves_a_card_without_javascript_and_keeps_its_filters() -> None:
    client, deal = signed_in(person(*ALL)), make_deal(name="Dock pilot")
    board = reverse("sales:board") + "?closes=year"
    page = client.get(board).content.decode()
    assert "Dock pilot" in page and "¥1,000.00" in page
    move = reverse("sales:opportunity_move", args=[deal.number])
    assert f'action="{move}"' in page
    answer = client.post(move, {"stage": stage(2).pk, "was": stage(0).pk, "next": board})
    assert answer.status_code == 302 and answer["Location"] == board
    assert fresh(deal).stage == stage(2)


def test_a_refused_move_says_why() -> None:
    client, deal = signed_in(person(*ALL)), make_deal()
    move = reverse("sales:opportunity_move", args=[deal.number])
    values = {"stage": stage(1).pk, "was": stage(3).pk, "next": "/sales/board/"}
    answer = client.post(move, values, headers={"Accept": "application/json", "X-Requested-With": "fetch"})
    assert answer.status_code == 409 and "moved this opportunity" in answer.json()["message"]
    assert client.post(move, {**values, "stage": stage(5).pk, "was": ""}).status_code == 422
    assert fresh(deal).stage == stage(0)


def test_afterwards_nobody_is_sent_to_a_strange_host() -> None:
    client, deal = signed_in(person(*ALL)), make_deal()
    move = reverse("sales:opportunity_move", args=[deal.number])
    answer = client.post(move, {"stage": stage(1).pk, "next": "https://evil.example/"})
    assert answer["Location"] == reverse("sales:opportunity_detail", args=[deal.number])


def test_losing_asks_for_a_reason_and_what_was_typed_stays() -> None:
    client, deal = signed_in(person(*ALL)), make_deal()
    lose = reverse("sales:opportunity_lose", args=[deal.number])
    assert client.post(lose, {"note": "They moved"}).status_code == 422
    kept = client.post(lose, {"reason": reason(True).pk, "note": ""})
    assert kept.status_code == 422 and fresh(deal).is_open
    assert client.post(lose, {"reason": reason().pk, "note": ""}).status_code == 302
    assert fresh(deal).state == "lost"


def test_products_are_entered_and_make_the_amount() -> None:
    client, deal = signed_in(person(*ALL)), make_deal()
    address = reverse("sales:opportunity_lines", args=[deal.number])
    assert client.get(address).status_code == 200
    values = {
        "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0", "line-0-name": "Scanner", "line-0-quantity": "3",
        "line-0-unit_price": "20",
    }  # fmt: skip
    assert client.post(address, {**values, "line-0-unit_price": "-1"}).status_code == 422
    assert client.post(address, {**values, "add_line": "1"}).status_code == 200
    assert client.post(address, values).status_code == 302
    assert fresh(deal).amount == Decimal(60)


def test_outside_the_scope_board_and_page_know_nothing() -> None:
    client, deal = signed_in(person(*ALL, scope=Scope.OWN)), make_deal(name="Hidden deal")
    assert "Hidden deal" not in client.get(reverse("sales:board")).content.decode()
    assert client.get(reverse("sales:opportunity_detail", args=[deal.number])).status_code == 404
    assert client.post(reverse("sales:opportunity_win", args=[deal.number])).status_code == 404


def test_one_click_makes_a_deal_of_a_customer_and_the_panel_shows_it() -> None:
    client, customer = signed_in(person(*ALL)), make_customer("Harbour Toys")
    panel = reverse("ui:panel", args=["customer", customer.pk, "sales.opportunities_customer"])
    address = reverse("sales:opportunity_create") + f"?from=customer:{customer.pk}"
    assert address.replace("&", "&amp;") in client.get(panel).content.decode()
    assert "Harbour Toys" in client.get(address).content.decode()
    values = {"customer": customer.pk, "name": "Second dock", "source": "customer"}
    assert client.post(address, values).status_code == 302
    assert "Second dock" in client.get(panel).content.decode()


def test_the_board_asks_the_same_questions_whatever_its_size(django_assert_max_num_queries: Any) -> None:
    client = signed_in(person(*ALL))
    make_deal()
    client.get(reverse("sales:board"))
    for _number in range(25):
        make_deal()
    with django_assert_max_num_queries(25):
        page = client.get(reverse("sales:board"))
    assert page.content.decode().count('class="deal') >= 20


def test_the_next_step_is_planned_and_finished_in_the_list() -> None:
    user = person(*ALL, "planner.work")
    deal = make_deal(name="Harbour deal")
    client, listed = signed_in(user), reverse("sales:opportunity_list")
    url = reverse("sales:opportunity_step", args=[deal.number])
    assert f'name="title-{deal.number}"' in client.get(listed).content.decode()
    seen = f"http://testserver{listed}?view=open&page=2"
    answer = client.post(
        url, {f"title-{deal.number}": "Call Li", f"soon-{deal.number}": "1"}, headers={"Referer": seen}
    )
    assert answer.status_code == 302 and answer["Location"].endswith(f"{listed}?view=open&page=2")
    task = Task.objects.on(deal).get()
    assert (task.title, task.assignee, task.due_on is not None) == ("Call Li", user, True)
    client.post(url, {f"title-{deal.number}": " "})
    assert Task.objects.count() == 1
    assert f"?done={task.pk}" in client.get(listed).content.decode()
    client.post(f"{url}?done={task.pk + 1}")
    assert Task.objects.open().count() == 1
    for _twice in range(2):
        assert client.post(f"{url}?done={task.pk}").status_code == 302
    assert not Task.objects.open().exists()
    reader = signed_in(person(*ALL))
    assert reader.post(url).status_code == 403 and "title-" not in reader.get(listed).content.decode()


def test_deals_are_tagged_in_bulk_and_found_by_their_tag() -> None:
    client, deal = signed_in(person(*ALL)), make_deal()
    make_deal()
    tag = add_tag(actor=Actor.system(), record=deal, name="Key account")
    listed = reverse("sales:opportunity_list")
    page = client.get(listed, {"own": "1", "tags": tag.pk})
    assert [row.record for row in page.context["list"]] == [deal]
    assert reverse("ui:list_bulk", args=["opportunity", "tag"]) in page.content.decode()
