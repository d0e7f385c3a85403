"""Lists of rules: switch, order, last change and hits in place, and a condition tried before it is saved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.calendars.models import Calendar, Clock
from crm.core import clock
from crm.core.models import Brand
from crm.core.translated import Translated
from crm.messaging.models import Mailbox
from crm.testing.builders import make_user, staff
from crm.ui.rules import RECENT, rule_lists
from tickets.actions import run_macro
from tickets.actions.desk import save_sla_policy
from tickets.actions.macros import save_macro
from tickets.models import Macro, SlaPolicy, Status, Ticket

from .builders import fresh, make_agent, make_request_type, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Any:
    user = make_user("administrator", name="Ada Admin")
    client.force_login(user)
    return user


def make_policy(admin: Any, name: str, order: int) -> SlaPolicy:
    values = {
        "name": Translated({"en": name, "zh-hans": name}), "condition": {}, "calendar": Calendar.default(),
        "targets": {"2": {"first_response": 60, "resolution": 480}}, "order": order,
    }  # fmt: skip
    return save_sla_policy(actor=staff(admin), values=values)


def make_macro(admin: Any) -> Macro:
    values = {"name": Translated({"en": "Take", "zh-hans": "受理"}), "takes": True}
    return save_macro(actor=staff(admin), values=values)


def post(client: Client, verb: str, key: str, row: Any, query: str, **options: Any) -> Any:
    return client.post(f"{reverse(f'ui:rule_{verb}', args=[key, row.pk])}?{query}", **options)


def text_of(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def policies(admin: Any) -> list[SlaPolicy]:
    SlaPolicy.objects.all().delete()
    return [make_policy(admin, name, order) for name, order in (("First", 10), ("Second", 20), ("Third", 30))]


def names() -> list[str]:
    return [str(row) for row in SlaPolicy.objects.order_by("order", "pk")]


def test_a_rule_is_switched_off_in_place_and_back_by_undo(client: Client, policies: list[SlaPolicy]) -> None:
    page = text_of(post(client, "switch", "sla_policy", policies[0], "on=0", follow=True))
    assert not SlaPolicy.objects.get(pk=policies[0].pk).is_active
    assert "“First” is switched off." in page
    undo = f"{reverse('ui:rule_switch', args=['sla_policy', policies[0].pk])}?on=1"
    assert f'data-undo-url="{undo}"' in page
    client.post(undo)
    assert SlaPolicy.objects.get(pk=policies[0].pk).is_active


def test_the_answer_leads_back_to_the_list_as_it_was_seen(client: Client, policies: list[SlaPolicy]) -> None:
    seen = f"http://testserver{reverse('desk:sla_policy_list')}?sort=name"
    assert post(client, "switch", "sla_policy", policies[0], "on=0", headers={"referer": seen}).url == seen
    answer = post(client, "switch", "sla_policy", policies[0], "on=1", headers={"referer": "https://evil.example/"})
    assert answer.url == "/"


def test_rules_change_places(client: Client, policies: list[SlaPolicy]) -> None:
    post(client, "move", "sla_policy", policies[2], "way=up")
    assert names() == ["First", "Third", "Second"]
    post(client, "move", "sla_policy", policies[0], "way=up")
    assert names() == ["First", "Third", "Second"]
    post(client, "move", "sla_policy", policies[0], "way=down")
    assert names() == ["Third", "First", "Second"]


def test_rules_that_share_a_place_are_numbered_anew(client: Client, policies: list[SlaPolicy]) -> None:
    SlaPolicy.objects.update(order=50)
    post(client, "move", "sla_policy", policies[2], "way=up")
    assert names() == ["First", "Third", "Second"]
    assert list(SlaPolicy.objects.order_by("order").values_list("order", flat=True)) == [10, 20, 30]


def test_the_last_change_leads_to_its_entry_in_the_audit_log(client: Client, policies: list[SlaPolicy]) -> None:
    post(client, "switch", "sla_policy", policies[1], "on=0")
    page = text_of(client.get(reverse("desk:sla_policy_list")))
    row = page[page.index(f'id="row-{policies[1].pk}"') :].partition("</tr>")[0]
    assert "Ada Admin" in row
    address = row.partition(reverse("console:audit_log"))[2].partition('"')[0]
    entry = text_of(client.get(reverse("console:audit_log") + address))
    assert "changed SLA policy Second" in entry
    assert "SLA policy First" not in entry


def test_hits_count_what_the_rule_decided_and_lead_there(client: Client, policies: list[SlaPolicy]) -> None:
    asked = make_request_type("printer")
    recent, old = submit(asked), submit(asked)
    Clock.objects.filter(object_id=old.pk).update(started_at=clock.now() - RECENT - dt.timedelta(days=1))
    page = text_of(client.get(reverse("desk:sla_policy_list")))
    row = page[page.index(f'id="row-{policies[0].pk}"') :].partition("</tr>")[0]
    assert '<a class="tnum"' in row and ">1</a>" in row
    found = client.get(reverse("tickets:ticket_list"), {"view": "all", "policy": policies[0].pk})
    assert f"#{recent.number}" in text_of(found) or str(recent.number) in text_of(found)
    none = client.get(reverse("tickets:ticket_list"), {"view": "all", "policy": policies[1].pk})
    assert recent.subject not in text_of(none)


def test_runs_of_a_macro_are_hits(client: Client, admin: Any) -> None:
    ticket = submit(make_request_type("printer"))
    agent = make_agent(ticket.team)
    macro = make_macro(admin)
    run_macro(actor=staff(agent), ticket=fresh(ticket), macro=macro, form_key="macro-key-1")
    rows = rule_lists["macro"].hits(macro.pk, clock.now() - RECENT)  # type: ignore[misc]
    assert rows.count() == 1
    page = text_of(client.get(reverse("desk:macro_list")))
    assert "Ada Admin" in page[page.index(f'id="row-{macro.pk}"') :].partition("</tr>")[0]


def test_who_may_not_change_a_rule_has_no_buttons_and_no_verb(client: Client, admin: Any) -> None:
    macro = make_macro(admin)
    agent = make_agent(make_request_type("printer").team)
    client.force_login(agent)
    assert "app-switch" not in text_of(client.get(reverse("desk:macro_list")))
    assert post(client, "switch", "macro", macro, "on=0").status_code in (302, 403)
    assert Macro.objects.get(pk=macro.pk).is_active
    assert post(client, "switch", "sla_policy", macro, "on=0").status_code == 403


@pytest.mark.parametrize("query", ["way=sideways", "way=", ""])
def test_an_unknown_way_or_list_is_404(client: Client, policies: list[SlaPolicy], query: str) -> None:
    assert post(client, "move", "sla_policy", policies[0], query).status_code in (302, 404)
    assert names() == ["First", "Second", "Third"]
    assert client.post(reverse("ui:rule_switch", args=["nothing", 1])).status_code == 404
    assert client.post(reverse("ui:rule_switch", args=["user", 1])).status_code == 404


def test_a_mailbox_is_switched_off_and_says_what_it_does(client: Client, admin: Any) -> None:
    mailbox = Mailbox.objects.create(brand=Brand.default(), name="Support", address="s@example.test", host="imap.test")
    post(client, "switch", "mailbox", mailbox, "on=0")
    assert not Mailbox.objects.get(pk=mailbox.pk).is_active
    assert "Mail to s@example.test is fetched from imap.test" in text_of(client.get(reverse("console:mailbox_list")))


def test_a_status_that_must_stay_says_why(client: Client, admin: Any) -> None:
    last = Status.objects.filter(category="closed").get()
    page = text_of(post(client, "switch", "status", last, "on=0", follow=True))
    assert "Keep at least one active status" in page
    assert Status.objects.get(pk=last.pk).is_active


def test_a_condition_is_tried_before_it_is_saved(client: Client, admin: Any) -> None:
    ticket = submit(make_request_type("printer"))
    create = reverse("desk:sla_policy_create")
    answer = client.post(create, {"try": "1", "name_0": ""})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "holds for 1 of the latest 1 records" in page and "Nothing was saved." in page
    assert ticket.subject in page
    assert SlaPolicy.objects.filter(name__en="").count() == 0
    policy = make_policy(admin, "Mine", 5)
    before = SlaPolicy.objects.count()
    answer = client.post(reverse("desk:sla_policy_update", args=[policy.pk]), {"try": "1", "order": "77"})
    assert "holds for" in text_of(answer)
    assert SlaPolicy.objects.get(pk=policy.pk).order == 5
    assert SlaPolicy.objects.count() == before
    assert Ticket.objects.count() == 1
