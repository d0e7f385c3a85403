"""A visitor sends the form of a landing page from a phone, and whom the rule names has the lead; in both languages."""

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
from sales.choices.leads import RouteTo
from sales.models import Lead, LeadSettings
from sales.tests.lead_builders import make_rule

from .landing_builders import make_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-CN", "冷链方案"), pytest.param("en-GB", "Cold chain", marks=pytest.mark.slow)],
)
def test_from_the_page_to_the_lead_of_whom_the_rule_names(
    live_server: Any, new_page: Any, language: str, title: str
) -> None:
    seed()
    LeadSettings.objects.update(min_form_seconds=0)
    seller = staff("leads.view", scope=Scope.OWN, language="en" if language == "en-GB" else "zh-hans")
    make_rule(route=RouteTo.USER, user=seller)
    page = make_page(slug="cold-chain", channels=["email"])
    visitor = new_page(language=language, size=PHONE)
    visitor.goto(f"{live_server.url}{page.path}?utm_source=wechat&utm_campaign=spring")
    expect(visitor.locator("h1")).to_have_text(title)
    assert visitor.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert axe.violations(visitor) == []
    visitor.locator("form.app-form .btn-primary").click()
    expect(visitor.locator("#form:has(.error-summary)")).to_be_focused()
    for name, text in (("name", "陈晓 Chen"), ("email", "chen@example.test"), ("message", "40 t")):
        visitor.locator(f"form.app-form [name={name}]").fill(text)
    visitor.locator("[name=channels][value=email]").check()
    visitor.locator("[name=consent]").check()
    visitor.locator("form.app-form .btn-primary").click()
    expect(visitor).to_have_url(re.compile("/thanks/"))
    lead = Lead.objects.get()
    assert (lead.owner, lead.source, lead.utm["utm_source"]) == (seller, "landing", "wechat")
    screen = new_page(language=language)
    session = signed_in(seller).cookies["sessionid"].value
    screen.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    screen.goto(f"{live_server.url}/sales/leads/{lead.number}/")
    expect(screen.locator("h1")).to_contain_text("陈晓 Chen")
    panel = screen.locator(".app-block", has_text=page.name)
    expect(panel).to_contain_text("utm_campaign=spring")
