"""A visitor fills in the form, the lead lies scored in the pool, one of two claims it, and it becomes a customer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.core.actor import Scope
from crm.core.seeding import seed
from crm.testing import axe
from crm.testing.browser import PHONE
from crm.testing.suites import signed_in, staff
from sales.choices.leads import LeadStatus
from sales.models import Lead, LeadSettings, Opportunity, Pool

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SELLING = (
    "leads.view", "leads.create", "leads.update", "leads.claim", "customers.view", "customers.create",
    "customers.update", "opportunities.view", "opportunities.create",
)  # fmt: skip


@pytest.fixture
def sellers(db: Any) -> list[Any]:
    seed()
    LeadSettings.objects.update(min_form_seconds=0)
    people = [staff(*SELLING, scope=Scope.OWN, language="zh-hans") for _n in range(2)]
    Pool.objects.get().users.set(people)
    return people


def signed_in_page(new_page: Any, live_server: Any, user: Any) -> Any:
    client = signed_in(user)
    page = new_page(language="zh-CN")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def look(page: Any) -> None:
    """Nothing wider than the window, nothing for axe to find."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert axe.violations(page) == []


def test_from_the_form_to_a_customer(sellers: list[Any], live_server: Any, new_page: Any) -> None:
    visitor = new_page(language="zh-CN", size=PHONE)
    visitor.goto(f"{live_server.url}/help/contact/?utm_source=baidu")
    look(visitor)
    for name, text in (
        ("name", "陈晓"),
        ("company", "启明机械"),
        ("phone", "138 0013 8000"),
        ("message", "想了解批量价格"),
    ):
        visitor.locator(f"form.app-form [name={name}]").fill(text)
    visitor.locator("[name=consent]").check()
    visitor.locator("form.app-form button.btn-primary").click()
    visitor.wait_for_url("**/help/contact/thanks/")
    look(visitor)
    lead = Lead.objects.get()
    assert lead.in_pool and lead.score > 0

    pages = [signed_in_page(new_page, live_server, user) for user in sellers]
    for page in pages:
        page.goto(f"{live_server.url}/sales/leads/{lead.number}/")
        expect(page.locator("h1")).to_contain_text("陈晓")
        expect(page.locator("body")).not_to_contain_text("0013")
    look(pages[0])
    claim = f'form[action$="/sales/leads/{lead.number}/claim/"] button'
    pages[0].locator(claim).first.click()
    expect(pages[0].locator("body")).to_contain_text(re.compile("0013 ?8000"))
    pages[1].locator(claim).first.click()
    expect(pages[1].locator("h1")).to_be_visible()
    assert Lead.objects.get().owner == sellers[0]

    page = pages[0]
    page.goto(f"{live_server.url}/sales/leads/{lead.number}/convert/")
    look(page)
    page.locator("form.app-form button.btn-primary").click()
    page.wait_for_url("**/sales/opportunities/*/")
    look(page)
    page.goto(f"{live_server.url}/sales/leads/{lead.number}/")
    look(page)
    row = Lead.objects.get()
    assert row.status == LeadStatus.CONVERTED
    assert (row.converted_customer.name, Opportunity.objects.get().contact.name) == ("启明机械", "陈晓")
