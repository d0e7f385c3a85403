"""A solved ticket becomes an article, a search finds it, and the next customer needs no ticket; in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.core.seeding import seed
from crm.testing import axe
from crm.testing.browser import PHONE
from knowledge.models import Article
from knowledge.selectors import figures
from knowledge.tests.builders import make_category
from tickets.models import ServiceSettings, Ticket

from .builders import make_agent, make_request_type, make_team, resolved, submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


#: Of the browser and the product, the ticket's subject, words and solution, what a reader looks for and another asks.
LANGUAGES = {
    "zh-CN": ("zh-hans", "升级后打印机离线", "昨晚升级固件，今天一直断网。", "关闭省电模式，然后重启打印机。",
              "打印机离线", "打印机升级后离线了怎么办"),
    "en-GB": ("en", "Printer offline after the upgrade", "Since the new firmware it drops the network all day.",
              "Switch power saving off, then start the printer again.", "printer offline",
              "After the upgrade my printer is offline"),
}  # fmt: skip


@pytest.fixture
def author(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    seed()
    ServiceSettings.objects.update(min_form_seconds=0)
    make_category(slug="printers", name={"en": "Label printers", "zh-hans": "标签打印机"})
    return make_agent(make_team("Printers", "打印机"), name="王静", role="supervisor", undo_seconds=0)


def signed_in_page(new_page: Any, live_server: Any, client: Any, user: Any, language: str) -> Any:
    user.language = LANGUAGES[language][0]
    user.save()
    client.force_login(user)
    page = new_page(language=language)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def look(page: Any) -> None:
    """Nothing wider than the window, nothing for axe to find."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert axe.violations(page) == []


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.slow)])
def test_from_a_solved_ticket_to_a_ticket_that_need_not_be_sent(author, live_server, new_page, client, language):
    code, subject, words, solution, wanted, asked = LANGUAGES[language]
    kind = make_request_type("printer", team=author.memberships.get().team, name="Fault", chinese="设备故障")
    ticket = resolved(author, submit(kind, subject=subject, description=words, language=code), solution=solution)
    staff_page = signed_in_page(new_page, live_server, client, author, language)
    staff_page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    staff_page.locator(f'a[href$="/knowledge/new/?about=ticket:{ticket.pk}"]').click()
    expect(staff_page.locator("[name=title]")).to_have_value(subject)
    expect(staff_page.locator("[name=body]")).to_have_value(re.compile(re.escape(solution[:8])))
    staff_page.locator("[name=category]").select_option(index=1)
    staff_page.locator("[name=visibility]").select_option("public")
    staff_page.locator("form.app-form button.btn-primary").click()
    staff_page.wait_for_url(f"**/{code}/edit/")
    look(staff_page)
    article = Article.objects.get()
    staff_page.goto(f"{live_server.url}/knowledge/{article.number}/?lang={code}")
    staff_page.locator('form[action$="/publish/"] button').click()
    staff_page.wait_for_load_state("load")
    look(staff_page)
    assert article.texts.get().is_live

    reader = new_page(language=language, size=PHONE, dark=True)
    reader.goto(f"{live_server.url}/help/search/?q={wanted}")
    look(reader)
    reader.locator(".pub-hits a").first.click()
    expect(reader.locator("h1")).to_have_text(subject)
    look(reader)

    asking = new_page(language=language, size=PHONE)
    asking.goto(f"{live_server.url}/help/tickets/new/")
    asking.locator("[name=subject]").press_sequentially(asked, delay=5)
    link = asking.locator("[data-article]").first
    expect(link).to_be_visible()
    look(asking)
    with asking.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("h1")).to_have_text(subject)
    expect(asking.locator("[name=subject]")).to_have_value(asked)
    expect(asking.locator("input[name=article]")).to_have_value(article.slug)

    found = figures(article)
    assert (found.from_form, found.sent, found.saved) == (1, 0, 1)
    assert Ticket.objects.count() == 1
