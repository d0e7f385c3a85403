"""Everybody can ask, in a browser: a caller within half a minute, a colleague without any agent role."""

from __future__ import annotations

import time
from typing import Any

import pytest

from crm.accounts.models import User
from crm.testing.axe import violations
from crm.testing.builders import make_team, make_user
from customers.tests.builders import make_contact, make_customer
from tickets.models import RequestType, Ticket
from tickets.tests.builders import make_agent, make_request_type, submit

pytestmark = pytest.mark.browser

PASSWORD = "asking-asking-asking"


@pytest.fixture
def stack(module_stack: Any) -> Any:
    return module_stack


@pytest.fixture(scope="module")
def desk(module_stack: Any) -> dict[str, User]:
    """An agent of the front desk, one of IT, and a colleague who is neither."""
    front, it = make_team("Front desk"), make_team("IT")
    make_request_type("room", team=front, name="Room")
    make_request_type("it-help", team=it, name="IT help", chinese="IT 支持", audiences=["employees"])
    found = {
        "agent": make_agent(front, name="Zhou Min"),
        "it": make_agent(it, name="Sun Lei"),
        "colleague": make_user("employee", name="李娜"),
    }
    for user in found.values():
        user.set_password(PASSWORD)
        user.save()
    return found


def sign_in(page: Any, url: str, user: User) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form[method=post] .btn-primary")
    page.wait_for_url(f"{url}/")


def test_the_caller_is_served_within_half_a_minute(stack: Any, desk: dict[str, User], new_page: Any) -> None:
    """Four digits, Enter takes the person, the history stands beside, a subject, Enter: the ticket is there."""
    person = make_contact(make_customer("Acme"), name="Wang Wei", phones=["13812345678"])
    make_contact(make_customer("Other"), name="Anna Berg", phones=["13900001111"])
    room = RequestType.objects.get(key="room")
    earlier = submit(room, name="Wang Wei", email="", phone="13812345678", subject="No hot water")
    assert earlier.contact == person
    page = new_page(language="en-GB")
    sign_in(page, stack.url, desk["agent"])
    started = time.monotonic()
    page.keyboard.press("c")
    page.keyboard.press("t")
    page.wait_for_url("**/tickets/new/")
    page.keyboard.type("5678")
    page.locator("#caller-people [data-pick]").wait_for()
    page.keyboard.press("Enter")
    page.locator("#caller-who .caller-person").wait_for()
    page.locator("#caller-history", has_text="No hot water").wait_for()
    page.select_option("[name=request_type]", label="Room")
    page.fill("[name=subject]", "Lamp does not work")
    page.locator("[name=subject]").press("Enter")
    page.wait_for_url("**/tickets/1*/")
    assert time.monotonic() - started < 30
    ticket = Ticket.objects.get(subject="Lamp does not work")
    assert ticket.contact == person and ticket.channel == "phone"

    page.goto(f"{stack.url}/tickets/new/?contact={person.pk}")
    assert violations(page) == []
    page.fill("[name=subject]", "Still cold")
    page.locator(f"[name=add_to][value='{earlier.number}']").click()
    page.wait_for_url(f"**/tickets/{earlier.number}/?compose=note*")
    assert page.input_value("#pane-note textarea") == "Still cold"


def test_an_unknown_caller_is_made_in_the_same_form(stack: Any, desk: dict[str, User], new_page: Any) -> None:
    page = new_page(language="en-GB")
    sign_in(page, stack.url, desk["agent"])
    page.goto(f"{stack.url}/tickets/new/")
    page.locator("#id_q").press_sequentially("13700002222")
    page.locator("#caller-people [name=phone]").wait_for()
    assert page.input_value("[name=phone]") == "13700002222"
    assert violations(page) == []
    page.fill("[name=name]", "Li Lei")
    page.select_option("[name=request_type]", label="Room")
    page.fill("[name=subject]", "Key card")
    page.locator("[name=subject]").press("Control+Enter")
    page.wait_for_url("**/tickets/1*/")
    assert Ticket.objects.get(subject="Key card").contact.name == "Li Lei"


def test_a_colleague_asks_it_and_follows_it_signed_in(stack: Any, desk: dict[str, User], new_page: Any) -> None:
    User.objects.filter(pk=desk["colleague"].pk).update(language="zh-hans")
    page = new_page(language="zh-CN", size=(390, 844))
    sign_in(page, stack.url, desk["colleague"])
    page.goto(f"{stack.url}/requests/")
    page.locator("a.btn[href='/requests/new/']").first.click()
    page.get_by_text("IT 支持").click()
    page.fill("[name=subject]", "连不上网络")
    page.fill("[name=description]", "早上开始就没有网络。")
    assert violations(page) == []
    page.locator("form.app-form .app-form-foot button.btn-primary").click()
    page.wait_for_url("**/requests/1*/")
    ticket = Ticket.objects.get(subject="连不上网络")

    agent = new_page(language="en-GB")
    sign_in(agent, stack.url, desk["it"])
    agent.goto(f"{stack.url}/tickets/{ticket.number}/")
    agent.fill("#pane-reply textarea", "请换一个网口试试。")
    agent.locator("#pane-reply button[type=submit]").click()
    agent.locator(".msg.is-reply").wait_for()

    stack.wait_until(lambda: desk["colleague"].notifications.exists(), "the bell rings")
    page.goto(f"{stack.url}/requests/{ticket.number}/")
    assert "请换一个网口试试。" in page.inner_text("main")
    page.fill("textarea[name=body]", "好了，谢谢！")
    page.locator("form[action$='/reply/'] .app-form-foot button").click()
    page.wait_for_load_state()
    page.locator("form[action$='/solved/'] button").click()
    page.locator("#rating").wait_for()
    assert violations(page) == []
    page.locator("[name=score][value='5']").check()
    page.locator("#rating button[type=submit]").click()
    stack.wait_until(lambda: ticket.ratings.filter(score=5).exists(), "the rating is stored")
