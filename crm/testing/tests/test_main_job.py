"""The main job from a customer's form to a manager's board, in a browser, with a real worker and a real mail server.

Played in both languages; then again while the worker is killed, Redis is emptied and the scheduler is away.
"""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage
from typing import Any

import pytest

from crm.accounts.models import User
from crm.activity.models import Activity, DeadDelivery, Outbox
from crm.calendars.models import Calendar, Clock
from crm.core import clock
from crm.core.sockets import activity_types
from crm.messaging.models import OutgoingMail
from crm.testing.axe import violations
from crm.testing.builders import make_team
from tickets.models import Rating, RequestType, ServiceSettings, Ticket
from tickets.tests.builders import make_agent, make_request_type, submit

pytestmark = pytest.mark.browser

PASSWORD = "main-job-main-job"
PHONE = (390, 844)
#: language of the browser → language of the product, subject, words of the customer and of the agent.
LANGUAGES = {
    "en-GB": ("en", "Printer goes offline", "It stops every ten minutes.", "Switch power saving off.", "It works."),
    "zh-CN": ("zh-hans", "打印机经常离线", "每十分钟停一次。", "您可以关闭省电模式。", "已经恢复正常。"),
}


@pytest.fixture
def desk(stack: Any) -> dict[str, User]:
    """A team around the clock: one agent, one supervisor, one request type."""
    Calendar.objects.filter(pk=Calendar.default().pk).update(week=all_day())
    Calendar.objects.filter(pk=Calendar.default().pk).update(updated_at=clock.now())
    team = make_team("Hardware")
    agent = make_agent(team, name="Zhou Min")
    supervisor = make_agent(team, name="Wang Jing", role="supervisor", takes_tickets=False)
    for user in (agent, supervisor):
        user.set_password(PASSWORD)
        user.save()
    ServiceSettings.objects.update(min_form_seconds=0)
    make_request_type("hardware", team=team, name="Hardware fault", chinese="硬件故障")
    return {"agent": agent, "supervisor": supervisor}


def all_day() -> dict[str, Any]:
    """A week that is always open."""
    return {"v": 1, **{day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}


def link_in(mail: EmailMessage, pattern: str) -> str:
    """The first address of the mail's text that matches."""
    body = mail.get_body(("plain",))
    found = re.search(pattern, body.get_content() if body else "")
    assert found, mail
    return found.group(0)


def sign_in(page: Any, url: str, user: User) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form[method=post] .btn-primary")
    page.wait_for_url(f"{url}/")


def send_request(page: Any, url: str, subject: str, text: str, email: str) -> None:
    """Fills the public form as a person does."""
    page.goto(f"{url}/help/tickets/new/?type=hardware")
    page.fill("[name=subject]", subject)
    page.fill("[name=description]", text)
    page.fill("[name=name]", "Li Lei")
    page.fill("[name=email]", email)
    page.check("[name=consent]")
    page.set_input_files("input[type=file]", {"name": "照片.txt", "mimeType": "text/plain", "buffer": b"line 3"})
    page.locator(".app-uploads li:not(.is-failed)").first.wait_for()
    page.locator("form.app-form button.btn-primary").click()
    page.wait_for_url("**/help/tickets/sent/**")


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.slow)])
def test_from_the_form_to_the_board(stack: Any, desk: dict[str, User], new_page: Any, language: str) -> None:
    code, subject, problem, answer, thanks = LANGUAGES[language]
    email = f"li.lei.{code}@example.test"
    customer = new_page(language=language, size=PHONE)
    send_request(customer, stack.url, subject, problem, email)
    assert violations(customer) == []

    ticket = stack.wait_until(
        lambda: Ticket.objects.filter(subject=subject, assignee=desk["agent"]).first(), "assigned"
    )
    assert ticket.language == code
    assert str(ticket.number) in customer.inner_text("main")
    waited = ticket.decisions.get().at - ticket.created_at
    assert waited < dt.timedelta(seconds=5)

    received = stack.smtp.wait_for(lambda mail: str(ticket.number) in mail["Subject"])
    tracking = link_in(received, r"http\S+/help/tickets/\S+")
    customer.goto(tracking)
    stack.wait_until(lambda: Ticket.objects.get(pk=ticket.pk).verified_at, "the mailed link proves the address")

    User.objects.update(language=code)
    agent = new_page(language=language)
    sign_in(agent, stack.url, desk["agent"])
    agent.locator(f"a[href$='/tickets/{ticket.number}/']").first.click()
    agent.locator(f"form[action$='/tickets/{ticket.number}/take/'] button").click()
    agent.wait_for_load_state()
    agent.fill("#pane-reply textarea", answer)
    agent.select_option("#pane-reply [name=then]", "waiting_customer")
    agent.locator("#pane-reply button[type=submit]").click()
    agent.locator(".msg.is-reply").wait_for()
    assert violations(agent) == []
    reply = stack.smtp.wait_for(lambda mail: answer in str(mail.get_body(("plain",)).get_content()))
    assert reply["To"].endswith(f"{email}>") or reply["To"] == email

    customer.goto(tracking)
    assert answer in customer.inner_text("main")
    customer.fill("textarea[name=body]", thanks)
    customer.locator("form[action$='/reply/'] button[type=submit].btn-primary").click()
    stack.wait_until(
        lambda: Ticket.objects.get(pk=ticket.pk).status.key == "in_progress", "the answer restarts the clock"
    )

    agent.goto(f"{stack.url}/tickets/{ticket.number}/resolve/")
    agent.select_option("[name=cause]", "product")
    agent.fill("[name=solution]", answer)
    agent.locator("form.app-form button.btn-primary").click()
    agent.wait_for_url(f"**/tickets/{ticket.number}/")
    solved = stack.smtp.wait_for(lambda mail: "/rate/" in str(mail.get_body(("plain",)).get_content()))
    customer.goto(link_in(solved, r"http\S+/rate/\S+score=5"))
    stack.wait_until(lambda: Rating.objects.filter(ticket=ticket, score=5).exists(), "one click rates")

    agent.goto(f"{stack.url}/customers/{ticket.customer.number}/")
    assert subject in agent.inner_text("main") or str(ticket.number) in agent.inner_text("main")
    board = new_page(language=language)
    sign_in(board, stack.url, desk["supervisor"])
    board.goto(f"{stack.url}/reports/")
    board.wait_for_load_state("networkidle")
    assert board.locator(".tile").count() >= 6
    assert violations(board) == []
    assert Outbox.objects.count() == 0 or stack.wait_until(lambda: Outbox.objects.count() == 0, "everything delivered")
    assert not DeadDelivery.objects.exists()


def test_nothing_lost_and_nothing_twice_when_parts_fail(stack: Any, desk: dict[str, User]) -> None:
    """The worker dies, Redis forgets, the scheduler is away for an hour: every deed takes effect once."""
    stack.kill_worker()
    stack.flush_redis()
    first = submit(RequestType.objects.get(key="hardware"))
    stack.wait_until(lambda: Ticket.objects.get(pk=first.pk).assignee_id, "the scheduler assigns without a worker")

    stack.stop_scheduler()
    second = submit(first.request_type)
    assert Ticket.objects.get(pk=second.pk).assignee_id is None
    hour = dt.timedelta(hours=1)
    for entry in Clock.objects.filter(object_id=second.pk):
        Clock.objects.filter(pk=entry.pk).update(
            started_at=entry.started_at - 500 * hour,
            due_at=entry.due_at - 500 * hour,
            warn_at=entry.warn_at - 500 * hour,
            next_check_at=entry.warn_at - 500 * hour,
        )
    stack.start_worker()
    stack.flush_redis()
    stack.start_scheduler()
    stack.wait_until(lambda: Ticket.objects.get(pk=second.pk).assignee_id, "assigned after the outage")
    stack.wait_until(lambda: Ticket.objects.get(pk=second.pk).sla_state == "breached", "the breach is noticed once")
    stack.wait_until(lambda: Outbox.objects.count() == 0, "everything delivered")
    stack.wait_until(lambda: not OutgoingMail.objects.exclude(state="sent").exists(), "every mail went out")
    for ticket in (first, second):
        assert ticket.decisions.count() == 1
        assert len(stack.smtp.sent_to(ticket.reply_email)) == 1
    code = activity_types["tickets.sla_breached"].code
    assert Activity.objects.filter(type=code, object_id=second.pk).count() == 2
    assert not DeadDelivery.objects.exists()
