"""The composer in a real browser: what "/" and "@" offer, macros, taking a reply back; with and without scripts."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from crm.accounts.models import User
from crm.core.seeding import seed
from crm.core.translated import Translated
from crm.messaging.models import Message
from crm.testing import axe
from crm.testing.browser import PHONE
from tickets.actions import save_canned_reply, save_macro
from tickets.models import PendingReply

from .builders import fresh, make_agent, make_request_type, make_team, staff, submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

REPLY, NOTE = "#pane-reply textarea", "#pane-note textarea"


@pytest.fixture
def agent(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    seed()
    team = make_team("Printers", "打印机")
    agent = make_agent(team, name="Han Mei", undo_seconds=30)
    make_agent(team, name="张伟")
    for name, chinese in (("Restart", "请重启打印机"), ("Refund", "我们会退款")):
        body = Translated({"en": f"{name}, {{{{contact.name}}}}", "zh-hans": chinese})
        save_canned_reply(
            actor=staff(agent), values={"user": agent, "name": Translated({"en": name}), "body": body}
        )  # fmt: skip
    save_macro(actor=staff(agent), values={"user": agent, "name": Translated({"en": "Mine"}), "takes": True})
    return agent


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team))


@pytest.fixture
def opened(agent: Any, ticket: Any, live_server: Any, new_page: Any, client: Any) -> Any:
    """Opens the ticket as its agent."""

    def open_page(language: str = "en", theme: str = "light", **options: Any) -> Any:
        User.objects.filter(pk=agent.pk).update(language=language, theme=theme)
        client.force_login(agent)
        page = new_page(**options)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}{reverse('tickets:ticket_detail', args=[ticket.number])}", wait_until="load")
        return page

    return open_page


def look(page: Any, name: str) -> None:
    """A picture where SCREENSHOTS names a folder; nothing wider than the window, nothing for axe to find."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
    assert axe.violations(page) == [], name


@pytest.mark.parametrize(
    ("language", "theme", "size"), [("en", "light", (1366, 900)), ("zh-hans", "dark", PHONE)], ids=["en", "zh-phone"]
)
def test_slash_offers_and_inserts_at_the_cursor(opened, language, theme, size):
    page = opened(language, theme, size=size)
    page.fill(REPLY, "Hello ")
    page.focus(REPLY)
    page.keyboard.press("End")
    page.keyboard.type("/re")
    page.locator("#suggestions [role=option]").nth(1).wait_for()
    look(page, f"canned-{language}")
    page.keyboard.type("f")
    expect(page.locator("#suggestions [data-text]")).to_have_count(1)
    page.keyboard.press("Enter")
    assert page.input_value(REPLY) == "Hello Refund, Li Lei"
    assert page.locator("#suggestions").count() == 0


def test_escape_closes_and_keeps_the_text_and_arrows_choose(opened):
    page = opened()
    page.focus(REPLY)
    page.keyboard.type("/re")
    page.locator("#suggestions [role=option]").nth(1).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.input_value(REPLY) == "Refund, Li Lei"
    page.keyboard.type(" and/or 1/2 /x")
    page.locator("#suggestions").wait_for()
    page.keyboard.press("Escape")
    assert page.input_value(REPLY).endswith(" and/or 1/2 /x")
    assert page.evaluate("document.activeElement.name") == "body"


def test_at_offers_colleagues_in_a_note_only(opened):
    page = opened()
    page.focus(REPLY)
    page.keyboard.type("@zh")
    page.wait_for_timeout(400)
    assert page.locator("#suggestions").count() == 0
    page.click("#tab-note")
    page.click("#pane-note [data-suggest='@']")
    page.keyboard.type("zh")
    expect(page.locator("#suggestions [data-text]")).to_have_count(1)
    page.locator("#suggestions [role=option]").click()
    assert page.input_value(NOTE) == "@张伟 "
    look(page, "mention")


def test_a_sent_reply_is_taken_back_by_the_toast(opened, ticket):
    page = opened()
    page.fill(REPLY, "Not meant")
    page.click("#pane-reply button[type=submit]")
    page.locator(".app-hold").wait_for()
    look(page, "hold")
    assert 20 < page.evaluate("document.querySelector('.app-hold progress').value") <= 30
    page.locator("#toasts [data-part=undo]").click()
    expect(page.locator(REPLY)).to_have_value("Not meant")
    expect(page.locator(".app-hold")).to_have_count(0)
    assert not PendingReply.objects.exists()
    assert not Message.objects.filter(direction="outbound").exists()


def test_the_palette_runs_a_macro(opened, ticket, agent):
    page = opened()
    page.keyboard.press("Control+k")
    page.keyboard.type("macro: mine")
    page.locator("#po-page-0", has_text="Macro").wait_for()
    with page.expect_response(lambda answer: "/macro/" in answer.url):
        page.keyboard.press("Enter")
    page.locator(".app-toast").wait_for()
    assert fresh(ticket).assignee == agent


def test_all_of_it_without_scripts(opened, ticket):
    page = opened(javascript=False)
    page.fill(REPLY, "Hello")
    page.select_option("#pane-reply [name=canned]", label="Refund")
    page.click("#pane-reply [name=insert]")
    assert page.input_value(REPLY) == "Hello\n\nRefund, Li Lei"
    page.click("#pane-reply .btn-primary")
    page.locator(".app-hold form button").first.click()
    assert page.input_value(REPLY) == "Hello\n\nRefund, Li Lei"
    assert not PendingReply.objects.exists()
