"""A customer in Chinese with nothing but a phone: form, text message, link, answer, text message, rating."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from crm.core.seeding import seed
from crm.messaging.sms.delivery import wake_due
from crm.testing import axe
from crm.testing.browser import PHONE
from tickets.actions import look_for_links
from tickets.models import Rating, ServiceSettings, Ticket

from .builders import answered, make_agent, make_request_type, resolved, submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def inbox(settings, tmp_path) -> Path:
    """Where the console sender leaves text messages."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SMS = {"sender": "console", "countries": [], "folder": str(tmp_path / "sms")}
    seed()
    ServiceSettings.objects.update(min_form_seconds=0)
    return tmp_path / "sms"


def newest(inbox: Path) -> str:
    """Sends what waits; the words of the latest text message."""
    wake_due()
    return sorted(inbox.iterdir())[-1].read_text(encoding="utf-8")


def opened(page: Any, url: str, text: str, pattern: str) -> None:
    """Opens the link of a text message on this server."""
    path = re.search(pattern, text)
    assert path, text
    page.goto(f"{url}{path[0]}")


def test_a_phone_is_enough(new_page, live_server, inbox):
    kind = make_request_type("printer", name="Device fault", chinese="设备故障")
    agent = make_agent(kind.team, name="周敏")
    page = new_page(language="zh-CN", size=PHONE)
    page.goto(f"{live_server.url}/help/tickets/new/?type=printer")
    typed = {"subject": "打印机离线", "description": "昨晚升级后一直离线。", "name": "吴桂兰", "phone": "138 1234 5678"}
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.check("[name=consent]")
    page.click("form.app-form .btn-lg")
    page.locator(".pub-panel").wait_for()
    assert "138 **** 5678" in page.locator(".pub-list").inner_text() and axe.violations(page) == []
    ticket = Ticket.objects.get()

    received = newest(inbox)
    assert "To: +8613812345678" in received and str(ticket.number) in received
    opened(page, live_server.url, received, r"/help/tickets/[\w-]+/")
    page.locator(".pub-two p[role=status]").wait_for()  # the page confirmed by itself
    assert Ticket.objects.get().verified_at is not None and axe.violations(page) == []

    answered(agent, ticket, "请先关闭省电模式，再试一次。")
    answer = newest(inbox)
    assert "请先关闭省电模式，再试一次。" in answer
    opened(page, live_server.url, answer, r"/help/tickets/[\w-]+/")
    assert "请先关闭省电模式" in page.locator(".pub-messages").inner_text()
    page.fill("[name=body]", "还是不行")
    page.click(".app-form-foot .btn-primary")
    page.locator("article.msg").nth(2).wait_for()

    resolved(agent, Ticket.objects.get(), "换了网卡，现已正常。")
    opened(page, live_server.url, newest(inbox), r"/rate/[\w-]+/")
    page.check("[name=score][value='5']")
    page.click(".app-form-foot .btn-primary")
    page.locator("#rating .tone-success").wait_for()
    assert Rating.objects.get().score == 5 and len(list(inbox.iterdir())) == 3


def test_a_lost_link_and_the_customers_own_verdict(new_page, live_server, inbox):
    kind = make_request_type("printer")
    ticket = answered(
        make_agent(kind.team, name="周敏"), submit(kind, email="", phone="13812345678", language="zh-hans")
    )
    wake_due()
    page = new_page(language="zh-CN", size=PHONE)
    page.goto(f"{live_server.url}/help/")
    page.click("a[href='/help/tickets/lost/']")
    page.fill("[name=number]", f"#{ticket.number}")
    page.fill("[name=address]", "13812345678")
    page.click(".app-form-foot .btn-primary")
    page.locator(".pub-panel[role=status]").wait_for()
    assert axe.violations(page) == []
    assert look_for_links() == 1
    opened(page, live_server.url, newest(inbox), r"/help/tickets/[\w-]+/")
    page.click(f"a[href='/help/tickets/{ticket.access_token}/solved/']")
    page.wait_for_url("**/solved/")
    assert axe.violations(page) == []
    page.click("form .btn-primary")
    page.locator("#rating").wait_for()
    assert Ticket.objects.get().status.category == "resolved"
