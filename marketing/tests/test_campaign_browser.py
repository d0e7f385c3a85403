"""From a segment to the return of a campaign, in a browser, with a real worker and mail server; both languages."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.core import clock
from crm.testing.axe import violations
from crm.testing.builders import make_user
from crm.testing.suites import signed_in
from marketing.actions import add_cost
from marketing.models import Campaign, Recipient
from sales.actions import win_opportunity
from sales.tests.deal_builders import make_deal

from .builders import SYSTEM, make_reader, make_segment

pytestmark = pytest.mark.browser
#: language of the browser → of the product, and the subject of the mail.
LANGUAGES = {"zh-CN": ("zh-hans", "给您的新品"), "en-GB": ("en", "News for you")}


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.slow)])
def test_from_the_segment_to_the_return(stack: Any, new_page: Any, language: str) -> None:
    code, subject = LANGUAGES[language]
    reader, refused = make_reader(language=code, name="陈晓 Chen"), make_reader(False)
    segment = make_segment(reader, refused)
    marketer = make_user("marketer")
    type(marketer).objects.filter(pk=marketer.pk).update(language=code)
    page = new_page(language=language)
    page.context.add_cookies(
        [{"name": "sessionid", "value": signed_in(marketer).cookies["sessionid"].value, "url": stack.url}]
    )
    prepare(page, stack.url, segment.pk)
    assert violations(page) == []
    page.locator("form.app-form .btn-primary").click()
    mail = stack.smtp.wait_for(lambda found: found["Subject"] == subject, 40)
    campaign = Campaign.objects.get()
    assert mail["X-Envelope-To"] == Recipient.objects.get(contact=reader).address and len(stack.smtp.messages) == 1
    stack.wait_until(lambda: Campaign.objects.get().state == "sent", "everybody got it")
    assert dict(campaign.recipients.values_list("contact", "state")) == {reader.pk: "sent", refused.pk: "left_out"}

    # A click seconds after sending, or by a browser that says it is headless, counts as a scanner's.
    Recipient.objects.filter(contact=reader).update(sent_at=clock.now() - dt.timedelta(minutes=1))
    html = mail.get_body(("html",)).get_content()
    link = re.search(rf"{re.escape(stack.url)}/m/[\w-]+/c/\d+/", html)
    assert link, html
    visitor = new_page(language=language)
    visitor.set_extra_http_headers({"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    visitor.goto(link.group(0))
    expect(visitor).to_have_url(re.compile(rf"/help/\?.*utm_campaign={campaign.code}"))
    assert Recipient.objects.get(contact=reader).clicked_at is not None

    win_opportunity(actor=SYSTEM, opportunity=make_deal(reader.customer, amount=Decimal(5000)))
    add_cost(actor=SYSTEM, record=campaign, values={"kind": "booked", "label": "Design", "amount": Decimal(1000)})
    page.goto(f"{stack.url}/marketing/campaigns/{campaign.pk}/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if code == "zh-hans" else "en")
    expect(page.locator("#record-main")).to_contain_text("400%")
    expect(page.locator("#record-main")).to_contain_text("5,000.00")
    assert violations(page) == []
    page.goto(f"{stack.url}/customers/{reader.customer.number}/")
    expect(page.locator("main")).to_contain_text(campaign.name)
    page.goto(f"{stack.url}/reports/gallery/campaigns-by-campaign/")
    row = page.locator("main tr", has_text=campaign.name).first
    expect(row).to_contain_text("100.0%")


def prepare(page: Any, url: str, segment: int) -> None:
    """Goes through the steps as a marketer does, to the last one."""
    page.goto(f"{url}/marketing/campaigns/new/")
    page.fill("[name=name]", "新品 Spring")
    page.locator("form.app-form .btn-primary").click()
    page.locator(f"[name=segments][value='{segment}']").check()
    page.locator("form.app-form .btn-primary").click()
    page.fill("[name=subject_en]", "News for you")
    page.fill("[name=subject_zh_hans]", "给您的新品")
    page.locator("button[value='add:button']").click()
    page.locator("[name$=-label_en]").fill("Have a look")
    page.locator("[name$=-label_zh_hans]").fill("去看看")
    page.locator("[name$=-address]").fill("/help/")
    page.locator("form.app-form > .app-form-foot .btn-primary").click()
    page.locator("[name=when][value=now]").check()
    page.locator("form.app-form .btn-primary").click()
    expect(page.locator(".app-checks .tone-danger")).to_have_count(0)
