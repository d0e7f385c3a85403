"""Deciding from the home page and on a phone; setting up a flow."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.approvals.actions import request_approval
from crm.approvals.models import Approval, ApprovalFlow
from crm.testing.builders import make_department, make_user, staff

from .builders import departments, make_flow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("departments")]
__all__ = ["departments"]


@pytest.fixture
def boss():
    return make_user("sales_manager", name="Boss")


@pytest.fixture
def approval(boss):
    make_flow({"who": "user", "user": boss})
    return request_approval(
        actor=staff(make_user("sales", name="Asker")), subject=make_department("Big"), reason="An old customer"
    )


def test_one_tap_on_the_home_page(client, boss, approval):
    client.force_login(boss)
    slot = client.get(reverse("console:home_slot", args=["approvals.waiting"])).content.decode()
    assert "An old customer" in slot
    assert reverse("approvals:approval_approve", args=[approval.pk]) in slot
    client.post(reverse("approvals:approval_approve", args=[approval.pk]), {"from": "home"})
    assert Approval.objects.get().state == "approved"
    assert (
        "An old customer" not in client.get(reverse("console:home_slot", args=["approvals.waiting"])).content.decode()
    )


def test_its_page_tells_what_is_asked(client, boss, approval):
    client.force_login(boss)
    page = client.get(reverse("approvals:approval_detail", args=[approval.pk])).content.decode()
    assert "An old customer" in page
    assert "Big" in page
    assert reverse("approvals:approval_reject", args=[approval.pk]) in page
    assert "Asker" in client.get(reverse("approvals:approval_list")).content.decode()


def test_a_refusal_without_a_reason_comes_back(client, boss, approval):
    client.force_login(boss)
    url = reverse("approvals:approval_reject", args=[approval.pk])
    assert client.post(url, {"comment": ""}).status_code == 422
    client.post(url, {"comment": "Too much"})
    assert Approval.objects.get().state == "rejected"


def test_a_stranger_finds_nothing(client, approval):
    client.force_login(make_user("sales"))
    assert client.get(reverse("approvals:approval_detail", args=[approval.pk])).status_code == 404
    assert client.post(reverse("approvals:approval_approve", args=[approval.pk])).status_code == 404


def test_a_flow_is_set_up_and_changed(client, boss):
    client.force_login(boss)
    values = {
        "name_en": "Big", "name_zh_hans": "大", "order": "5", "is_active": "on", "who_0": "user", "user_0": boss.pk,
        "rule_0": "any", "who_1": "superior", "rule_1": "all",
    }  # fmt: skip
    url = reverse("approvals:flow_create") + "?kind=department"
    assert client.get(url).status_code == 200
    assert client.post(url, {**values, "user_0": ""}).status_code == 422
    assert client.post(url, values).status_code == 302
    flow = ApprovalFlow.objects.get(kind="department")
    assert [step.who for step in flow.steps.all()] == ["user", "superior"]
    page = reverse("approvals:flow_update", args=[flow.pk])
    assert client.get(page).status_code == 200
    client.post(page, {**values, "who_1": "", "order": "7"})
    flow.refresh_from_db()
    assert (flow.order, flow.steps.count()) == (7, 1)
    assert "Big" in client.get(reverse("approvals:flow_list")).content.decode()
