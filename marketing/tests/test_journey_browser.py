"""A journey from its empty outline to the first count, in a browser, with real workers and a mail server."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from crm.testing.axe import violations
from crm.testing.builders import make_user
from crm.testing.suites import signed_in
from customers.actions.segments import add_to_segment
from marketing.models import Journey

from .builders import SYSTEM, make_reader, make_segment

pytestmark = pytest.mark.browser
#: language of the browser → of the product, and the subject of the mail.
LANGUAGES = {"zh-CN": ("zh-hans", "欢迎您"), "en-GB": ("en", "Welcome to us")}


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.slow)])
def test_from_the_outline_to_the_first_mail(stack: Any, new_page: Any, language: str) -> None:
    code, subject = LANGUAGES[language]
    segment, reader = make_segment(), make_reader(language=code, name="陈晓 Chen")
    marketer = make_user("marketer")
    type(marketer).objects.filter(pk=marketer.pk).update(language=code)
    page = new_page(language=language)
    page.context.add_cookies(
        [{"name": "sessionid", "value": signed_in(marketer).cookies["sessionid"].value, "url": stack.url}]
    )
    build(page, stack.url, segment.pk)
    assert violations(page) == []
    page.locator("form.app-form .btn-primary").click()
    expect(page.locator("#outline")).to_be_visible()
    assert violations(page) == []

    add_to_segment(actor=SYSTEM, segment=segment, customers=[reader.customer])
    mail = stack.smtp.wait_for(lambda found: found["Subject"] == subject, 60)
    assert mail["X-Envelope-To"] == reader.identities.get(kind="email").value and len(stack.smtp.messages) == 1
    journey = Journey.objects.get()
    stack.wait_until(lambda: journey.enrolments.filter(step__kind="wait").exists(), "the reader waits")
    page.reload()
    figures = page.locator(".jr-figures")
    expect(figures.nth(0).locator("a[href*='did=passed'] b")).to_have_text("1")
    expect(figures.nth(1).locator("a[href*='did=waiting'] b")).to_have_text("1")


def build(page: Any, url: str, segment: int) -> None:
    """As a marketer does: the start, a mail, and a wait that goes before it and behind it again."""
    page.goto(f"{url}/marketing/journeys/new/")
    page.fill("[name=name]", "欢迎 Welcome")
    page.locator("form.app-form .btn-primary").click()
    page.locator("a[href$='/edit/start/']").click()
    page.select_option("[name=segment]", str(segment))
    page.locator("form.app-form .btn-primary").click()
    add(page, "send")
    page.locator("button[name=mail]").click()
    page.fill("[name=subject_en]", "Welcome to us")
    page.fill("[name=subject_zh_hans]", "欢迎您")
    page.locator("button[value='add:button']").click()
    page.locator("[name$=-label_en]").fill("Have a look")
    page.locator("[name$=-label_zh_hans]").fill("去看看")
    page.locator("[name$=-address]").fill("/help/")
    page.locator("form.app-form > .app-form-foot .btn-primary").click()
    add(page, "wait")
    page.fill("[name=n]", "2")
    page.locator("form.app-form .btn-primary").click()
    kinds = page.locator(".jr-step .jr-kind")
    mail = kinds.nth(0).inner_text().partition("·")[2].strip()
    page.locator("[data-jr-handle]").nth(1).drag_to(page.locator("[data-jr-gap]").first)
    expect(kinds.nth(1)).to_contain_text(mail)
    page.locator(".jr-step").nth(0).locator("[value=down]").click()
    expect(kinds.nth(0)).to_contain_text(mail)
    expect(kinds).to_have_count(2)
    assert violations(page) == []
    page.locator("a[href$='/check/']").click()


def add(page: Any, kind: str) -> None:
    """A step at the end of the main path."""
    menu = page.locator("[data-jr-editor] > details.jr-add").last
    menu.locator("summary").click()
    menu.locator(f"button[value={kind}]").click()
