"""The service desk's settings: every list and form, and what each setting changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from crm.calendars.models import Calendar
from crm.testing.suites import CreateSuite, DetailSuite, ListSuite, UpdateSuite, signed_in
from crm.testing.suites import staff as person
from tickets.models import (
    AgentProfile,
    PriorityRule,
    RequestType,
    ServiceSettings,
    Skill,
    SlaPolicy,
    Status,
)

from .builders import make_agent, make_request_type, make_team, make_user, submit

pytestmark = pytest.mark.django_db
MANAGE = "tickets.manage"
NUMBERS = iter(range(10_000))


def make_policy(**values: Any) -> SlaPolicy:
    row = SlaPolicy.objects.create(
        name={"en": f"Promise {next(NUMBERS)}"},
        calendar=Calendar.default(),
        targets={"4": {"resolution": 60}},
        **values,
    )
    return SlaPolicy.objects.get(pk=row.pk)


class TestTypeList(ListSuite):
    url_name, permission = "desk:request_type_list", MANAGE

    def make(self, count: int) -> list[Any]:
        return [make_request_type() for _number in range(count)]


class TestStatusList(ListSuite):
    url_name, permission = "desk:status_list", MANAGE

    def make(self, count: int) -> list[Any]:
        return [
            Status.objects.create(key=f"s{next(NUMBERS)}", name={"en": "Step"}, category="open", order=next(NUMBERS))
            for _number in range(count)
        ]


class TestSkillList(ListSuite):
    url_name, permission = "desk:skill_list", MANAGE

    def make(self, count: int) -> list[Any]:
        return [Skill.objects.create(key=f"k{next(NUMBERS)}", name={"en": "Skill"}) for _number in range(count)]


class TestAgentList(ListSuite):
    url_name, permission = "desk:agent_profile_list", MANAGE

    def make(self, count: int) -> list[Any]:
        return [make_agent(capacity=1 + next(NUMBERS) % 400).agent_profile for _number in range(count)]


class TestPolicyList(ListSuite):
    url_name, permission = "desk:sla_policy_list", MANAGE

    def make(self, count: int) -> list[Any]:
        return [make_policy(order=next(NUMBERS)) for _number in range(count)]


class TestTypeCreate(CreateSuite):
    url_name, permission, kept = "desk:request_type_create", MANAGE, "Kept name"

    def rows(self) -> Any:
        return RequestType.objects.all()

    def good(self) -> dict[str, Any]:
        return {
            "name_en": "Kept name", "key": "kept-name", "kind": "question", "team": make_team().pk, "impact": 1,
            "urgency": 2, "order": 5, "is_active": "on",
        }  # fmt: skip

    def bad(self) -> dict[str, Any]:
        return self.good() | {"key": "no key"}


class TestTypeUpdate(UpdateSuite):
    url_name, permission, kept = "desk:request_type_update", MANAGE, "Kept name"

    def make_one(self) -> Any:
        return make_request_type(is_active=True)

    def change(self) -> dict[str, Any]:
        return {"name_en": "Kept name"}

    def bad(self) -> dict[str, Any]:
        return {"name_en": "Kept name", "kind": "alien"}

    def rival(self, record: Any) -> None:
        RequestType.objects.filter(pk=record.pk).update(name={"en": "Theirs", "zh-hans": str(record.name)})

    def changed(self, record: Any) -> bool:
        return RequestType.objects.get(pk=record.pk).name["en"] == "Kept name"


class TestSkillCreate(CreateSuite):
    url_name, permission, kept = "desk:skill_create", MANAGE, "Kept name"

    def rows(self) -> Any:
        return Skill.objects.all()

    def good(self) -> dict[str, Any]:
        return {"name_en": "Kept name", "key": "kept"}

    def bad(self) -> dict[str, Any]:
        return {"name_en": "Kept name", "key": ""}


class TestAgentCreate(CreateSuite):
    url_name, permission, kept = "desk:agent_profile_create", MANAGE, "501"

    def rows(self) -> Any:
        return AgentProfile.objects.all()

    def good(self) -> dict[str, Any]:
        return {"user": make_user().pk, "capacity": 5, "seniority": 2, "takes_tickets": "on"}

    def bad(self) -> dict[str, Any]:
        return self.good() | {"capacity": 501}


class TestPolicyCreate(CreateSuite):
    url_name, permission, others, kept = "desk:sla_policy_create", MANAGE, ("tickets.view",), "Kept name"

    def rows(self) -> Any:
        return SlaPolicy.objects.all()

    def good(self) -> dict[str, Any]:
        return {
            "name_en": "Kept name", "calendar": Calendar.default().pk, "warn_percent": 80, "order": 5,
            "is_active": "on", "first_response_4": 15, "resolution_4": 60,
        }  # fmt: skip

    def bad(self) -> dict[str, Any]:
        return self.good() | {"first_response_4": -1}


class TestPolicyUpdate(UpdateSuite):
    url_name, permission, others, kept = "desk:sla_policy_update", MANAGE, ("tickets.view",), "Kept name"

    def make_one(self) -> Any:
        return make_policy()

    def change(self) -> dict[str, Any]:
        return {"name_en": "Kept name"}

    def bad(self) -> dict[str, Any]:
        return {"name_en": "Kept name", "warn_percent": 5}

    def rival(self, record: Any) -> None:
        SlaPolicy.objects.filter(pk=record.pk).update(name={"en": "Theirs"})

    def changed(self, record: Any) -> bool:
        return SlaPolicy.objects.get(pk=record.pk).name["en"] == "Kept name"

    def test_times_and_version_change_together(self, client: Any) -> None:
        record = self.make_one()
        assert client.post(self.url(record), self.sent(client, record) | {"resolution_4": 90}).status_code == 302
        row = SlaPolicy.objects.get(pk=record.pk)
        assert (row.targets, row.version) == ({"4": {"resolution": 90}}, 2)


class TestPolicyDetail(DetailSuite):
    url_name, permission, others = "desk:sla_policy_detail", MANAGE, ("tickets.view",)

    def make_one(self) -> Any:
        submit(make_request_type(kind="question"))
        condition = {"v": 1, "all": [{"field": "ticket.kind", "op": "any_of", "value": ["question"]}]}
        return make_policy(condition=condition)

    def test_it_shows_its_condition_and_a_trial(self, client: Any) -> None:
        page = client.get(self.url(self.make_one())).content.decode()
        assert "Question" in page and "holds for 1 of the latest 1 tickets" in page


class TestDeskSettings(UpdateSuite):
    url_name, permission, kept = "desk:service_settings", MANAGE, "Kept words"

    def url(self, record: Any = None) -> str:
        return reverse(self.url_name)

    def make_one(self) -> Any:
        return ServiceSettings.objects.get()

    def change(self) -> dict[str, Any]:
        return {"consent_text_en": "Kept words"}

    def bad(self) -> dict[str, Any]:
        return {"consent_text_en": "Kept words", "close_after_hours": 0}

    def rival(self, record: Any) -> None:
        text = ServiceSettings.objects.get().consent_text
        ServiceSettings.objects.update(consent_text={**text, "en": "Theirs"})

    def changed(self, record: Any) -> bool:
        return ServiceSettings.objects.get().consent_text["en"] == "Kept words"

    def test_what_is_not_in_the_set_is_not_there(self, client: Any) -> None:
        """The desk has one row, and every manager sees it."""
        assert client.get(self.url()).status_code == 200

    def test_a_new_wording_is_a_new_version(self, client: Any) -> None:
        record = self.make_one()
        client.post(self.url(), self.sent(client, record) | self.change())
        client.post(self.url(), self.sent(client, record) | {"close_after_hours": 10})
        assert ServiceSettings.objects.values_list("consent_version", "close_after_hours").get() == (2, 10)


def test_the_matrix_is_saved_whole_or_not_at_all() -> None:
    client = signed_in(person(MANAGE))
    cells = {f"cell_{impact}_{urgency}": "4" for impact in (1, 2, 3) for urgency in (1, 2, 3)}
    address = reverse("desk:matrix")
    assert client.get(address).status_code == 200
    assert client.post(address, cells | {"cell_1_1": "9"}).status_code == 422
    assert PriorityRule.objects.filter(priority=1).exists()
    assert client.post(address, cells).status_code == 302
    assert set(PriorityRule.objects.values_list("priority", flat=True)) == {4}
    assert submit().priority == 4


@pytest.mark.parametrize("change", [{"is_active": ""}, {"category": "open"}])
def test_the_last_status_of_a_meaning_cannot_go(change: dict[str, str]) -> None:
    row = Status.objects.get(key="closed")
    client = signed_in(person(MANAGE))
    address = reverse("desk:status_update", args=[row.pk])
    page = client.get(address)
    sent = {
        "name_en": "Closed", "name_zh_hans": "已关闭", "customer_name_en": "Closed", "customer_name_zh_hans": "已关闭",
        "key": "closed", "category": "closed", "is_default": "on", "is_active": "on", "order": row.order,
        "next_statuses": [other.pk for other in row.next_statuses.all()], "_shown": page.context["shown"],
    }  # fmt: skip
    sent = {name: value for name, value in (sent | change).items() if value != ""}
    response = client.post(address, sent)
    assert response.status_code == 422 and "Keep at least one" in response.content.decode()
    row.refresh_from_db()
    assert (row.category, row.is_active) == ("closed", True)


def test_one_usual_status_of_a_meaning() -> None:
    row = Status.objects.get(key="waiting_third_party")
    client = signed_in(person(MANAGE))
    address = reverse("desk:status_update", args=[row.pk])
    suite = TestTypeUpdate()
    sent = suite.__class__.sent(type("Here", (), {"url": lambda self, record: address})(), client, row)
    assert client.post(address, sent | {"is_default": "on"}).status_code == 302
    assert list(Status.objects.filter(category="waiting", is_default=True)) == [row]
