"""The form, the tracking page and the rating in a real browser, with and without scripts."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from crm.core.seeding import seed
from crm.testing import axe
from crm.testing.browser import PHONE
from tickets.models import Rating, ServiceSettings, Ticket

from .builders import answered, make_agent, make_request_type, resolved, submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

DESK = (1366, 900)
WORDS = {
    "en-GB": {"name": "Emma Clarke", "subject": "Printer goes offline", "text": "It is offline since Tuesday."},
    "zh-CN": {"name": "李蕾", "subject": "打印机离线", "text": "昨晚升级后，打印机每 10 分钟离线一次。"},
}


@pytest.fixture(autouse=True)
def desk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    seed()
    ServiceSettings.objects.update(min_form_seconds=0)
    make_request_type("other", name="Other question", chinese="其他问题", order=60)
    return make_request_type(
        "printer", name="Device fault", chinese="设备故障",
        description={"en": "Something broke or stopped", "zh-hans": "设备损坏或停机"}, order=10,
    )  # fmt: skip


def look(page: Any, name: str) -> None:
    """A picture where SCREENSHOTS names a folder; nothing wider than the window, nothing for axe to find."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
    assert axe.violations(page) == [], name


@pytest.mark.parametrize(
    ("language", "size", "dark"),
    [("en-GB", DESK, False), ("zh-CN", PHONE, True)],
    ids=["en-desk-light", "zh-phone-dark"],
)
def test_a_request_with_a_file_from_form_to_rating(new_page, live_server, desk, tmp_path, language, size, dark):
    words, name = WORDS[language], f"{language}-{size[0]}-{'dark' if dark else 'light'}"
    page = new_page(language=language, size=size, dark=dark)
    page.goto(f"{live_server.url}/help/")
    look(page, f"home-{name}")
    page.goto(f"{live_server.url}/help/tickets/new/")
    look(page, f"form-{name}")
    page.locator("input[name=request_type][value=printer]").check()
    page.locator("#expected b").wait_for()
    assert "Asia/Shanghai" in page.locator("#expected").inner_text()
    page.fill("[name=description]", words["text"])
    log = tmp_path / "log.txt"
    log.write_text("started\n" * 500)
    page.set_input_files("#id_attachments", log)
    page.locator(".app-upload.is-done").wait_for()
    page.click("form.app-form .btn-lg")
    page.locator(".error-summary").wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.locator(".app-upload.is-done").count() == 1
    assert page.input_value("[name=description]") == words["text"]
    look(page, f"errors-{name}")
    page.fill("[name=subject]", words["subject"])
    page.fill("[name=name]", words["name"])
    page.fill("[name=email]", "emma.clarke@brightwater.example")
    page.check("[name=consent]")
    page.click("form.app-form .btn-lg")
    page.locator(".pub-panel").wait_for()
    look(page, f"sent-{name}")
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.timezone) == (words["subject"], "Asia/Shanghai")
    page.goto(f"{live_server.url}/help/tickets/{ticket.guest_token}/")
    look(page, f"guest-{name}")

    agent = make_agent(ticket.team, name="周敏")
    answered(agent, ticket, "日志显示网络模块进入了休眠。\n\nSwitch off power saving under Settings, Network.")
    page.goto(f"{live_server.url}/help/tickets/{ticket.access_token}/")
    page.locator(".pub-two p[role=status]").wait_for()
    assert Ticket.objects.get().verified_at is not None
    look(page, f"track-{name}")
    page.fill("[name=body]", words["text"])
    page.click(".app-form-foot .btn-primary")
    page.locator("article.msg").nth(2).wait_for()
    resolved(agent, Ticket.objects.get())
    page.reload()
    look(page, f"solved-{name}")
    rating = Rating.objects.get()
    page.goto(f"{live_server.url}/rate/{rating.token}/?score=4")
    page.locator("#rating .tone-success").wait_for()
    assert Rating.objects.get().score == 4 and "score" not in page.url
    look(page, f"rate-{name}")
    page.fill("[name=comment]", words["text"])
    page.click(".app-form-foot .btn-primary")
    page.wait_for_load_state()
    assert Rating.objects.get().comment == words["text"]


def test_a_file_that_cannot_be_taken_says_so_beside_it_and_can_be_removed(new_page, live_server, tmp_path):
    page = new_page()
    page.goto(f"{live_server.url}/help/tickets/new/")
    program = tmp_path / "run.exe"
    program.write_bytes(b"MZ" + b"\0" * 100)
    page.set_input_files("#id_attachments", program)
    page.locator(".app-upload.is-failed").wait_for()
    assert "is a program" in page.locator(".app-upload").inner_text()
    page.locator(".app-upload button").click()
    assert page.locator(".app-upload").count() == 0


def test_a_kept_file_is_removed_and_enter_sends_the_form(new_page, live_server, tmp_path):
    page = new_page()
    page.goto(f"{live_server.url}/help/tickets/new/")
    page.set_input_files("#id_attachments", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"})
    page.locator(".app-upload.is-done").wait_for()
    page.locator("[name=subject]").press("Enter")
    page.locator(".error-summary").wait_for()
    page.locator("[data-remove-upload]").click()
    assert page.locator(".app-upload").count() == 0


def test_everything_works_without_scripts(new_page, live_server, desk):
    page = new_page(javascript=False, language="zh-CN", size=PHONE)
    page.goto(f"{live_server.url}/help/tickets/new/?type=printer")
    page.set_input_files("#id_attachments", {"name": "日志.txt", "mimeType": "text/plain", "buffer": b"hello"})
    page.fill("[name=subject]", "打印机离线")
    page.locator("[name=subject]").press("Enter")
    assert "日志.txt" in page.locator(".app-upload").inner_text()
    for name, value in {"description": "离线", "name": "李蕾", "phone": "138 1234 5678"}.items():
        page.fill(f"[name={name}]", value)
    page.check("[name=consent]")
    page.click("form.app-form .btn-lg")
    page.click(".pub-two .btn-primary")
    assert "日志.txt" in page.locator(".msg-files").inner_text()
    page.fill("[name=body]", "还没有好")
    page.click(".app-form-foot .btn-primary")
    assert page.locator("article.msg").count() == 2
    mailed = submit(desk)
    page.goto(f"{live_server.url}/help/tickets/{mailed.access_token}/")
    assert Ticket.objects.get(pk=mailed.pk).verified_at is None
    page.click("form.app-banner button")
    assert Ticket.objects.get(pk=mailed.pk).verified_at is not None
    resolved(make_agent(mailed.team), mailed)
    rating = Rating.objects.get()
    page.goto(f"{live_server.url}/rate/{rating.token}/?score=2")
    page.click(".app-form-foot .btn-primary")
    assert Rating.objects.get().score == 2
    assert re.search(r"/rate/[^/?]+/$", page.url)
