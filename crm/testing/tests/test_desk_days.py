"""Days of a desk, in a browser with real workers: mail there and back, a night without anyone, a leaver."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from typing import Any

import pytest

from crm.accounts.models import User
from crm.calendars.actions.shifts import ShiftPattern, set_shifts
from crm.calendars.models import Calendar
from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.actions.mailboxes import create_mailbox
from crm.messaging.inbound.imap import fetch
from crm.messaging.tests.imap_server import ImapServer
from crm.testing.axe import violations
from crm.testing.builders import make_team, make_user
from tickets.models import ServiceSettings, Ticket
from tickets.tests.builders import make_agent, make_request_type, submit

from .test_main_job import PASSWORD, all_day, sign_in

pytestmark = pytest.mark.browser

SYSTEM = Actor.system("test")
SUPPORT = "support@yunfan.example"
WEEK = range(7)


def with_password(*users: User) -> None:
    for user in users:
        user.set_password(PASSWORD)
        user.save()


def open_around_the_clock() -> None:
    Calendar.objects.filter(pk=Calendar.default().pk).update(week=all_day(), updated_at=clock.now())


def letter(text: str, **headers: str) -> bytes:
    mail = EmailMessage()
    for name, value in {"From": "Li Lei <li.lei@example.com>", "To": SUPPORT, **headers}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def test_a_mail_is_answered_and_answered_again(stack: Any, new_page: Any, settings: Any) -> None:
    """Over real IMAP and SMTP servers on loopback: in, out, in again, and a thanks that alarms nobody."""
    settings.MEDIA_ROOT = stack.folder / "media"
    open_around_the_clock()
    team = make_team("Hardware")
    agent = make_agent(team, name="Zhou Min")
    with_password(agent)
    make_request_type("hardware", team=team, name="Hardware fault", chinese="硬件故障")
    with ImapServer() as server:
        box = create_mailbox(
            actor=SYSTEM,
            values={
                "brand": Brand.default(), "name": "Support", "address": SUPPORT, "host": "127.0.0.1",
                "port": server.port, "security": "plain", "username": "support", "password": "secret",
            },
        )  # fmt: skip
        server.add(letter("打印机每十分钟停一次。", Subject="打印机经常离线", Message_ID="<one@example.com>"))
        assert fetch(box) == 1
        found = Ticket.objects.filter(subject="打印机经常离线", assignee=agent)
        ticket = stack.wait_until(found.first, "the mail is a ticket and somebody has it")

        page = new_page(language="en-GB")
        sign_in(page, stack.url, agent)
        page.goto(f"{stack.url}/tickets/{ticket.number}/")
        assert "打印机每十分钟停一次。" in page.inner_text(".app-msgs")
        page.fill("#pane-reply textarea", "请关闭省电模式。")
        page.locator("#pane-reply button[type=submit]").click()
        page.locator(".msg.is-reply").wait_for()
        answer = stack.smtp.wait_for(lambda mail: "请关闭省电模式。" in plain(mail))
        assert answer["In-Reply-To"] or answer["References"]

        quoted = f"关闭了，还是停。\n\n在 2026年11月22日，云帆客服 写道：\n> {plain(answer).strip()[:40]}\n"
        reply_to = answer["Reply-To"] or answer["From"]
        server.add(letter(quoted, Subject=f"Re: {answer['Subject']}", To=reply_to, In_Reply_To=answer["Message-ID"]))
        assert fetch(box) == 1
        stack.wait_until(lambda: ticket.conversation.messages.filter(body__contains="还是停").exists(), "it is on it")
        page.goto(f"{stack.url}/tickets/{ticket.number}/")
        assert "关闭了，还是停。" in page.inner_text(".app-msgs")
        said = ticket.conversation.messages.get(body__contains="还是停")
        assert "写道" not in said.body
        assert "写道" in said.quoted
        assert Ticket.objects.count() == 1

        page.goto(f"{stack.url}/tickets/{ticket.number}/resolve/")
        page.select_option("[name=cause]", "product")
        page.fill("[name=solution]", "换了网线。")
        page.locator("form.app-form button.btn-primary").click()
        page.wait_for_url(f"**/tickets/{ticket.number}/")
        server.add(letter("谢谢！", Subject=f"Re: {answer['Subject']}", To=reply_to, In_Reply_To=answer["Message-ID"]))
        assert fetch(box) == 1
        stack.wait_until(lambda: ticket.conversation.messages.filter(body__contains="谢谢").exists(), "thanks arrive")
        assert Ticket.objects.get(pk=ticket.pk).status.category == "resolved"
        server.add(
            letter("又坏了。", Subject=f"Re: {answer['Subject']}", To=reply_to, In_Reply_To=answer["Message-ID"])
        )
        assert fetch(box) == 1
        reopened = Ticket.objects.filter(pk=ticket.pk, cycle=2)
        stack.wait_until(reopened.exists, "still broken opens it again")
        assert violations(page) == []


def test_a_night_without_anyone(stack: Any, new_page: Any) -> None:
    """Nobody is on shift: the customer reads an honest promise, nobody gets the ticket; the morning's first does."""
    now = clock.now()
    # The hours lie twelve hours from now, so that it is night whenever the test runs.
    opening, closing = dt.time((now.hour + 12) % 24, 0), dt.time((now.hour + 12) % 24, 59)
    hours = [[f"{opening:%H:%M}", f"{closing:%H:%M}"]]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), hours)
    calendar = Calendar.default()
    Calendar.objects.filter(pk=calendar.pk).update(week={"v": 1, **week}, timezone="UTC", updated_at=now)
    team = make_team("Hardware")
    agent = make_agent(team, name="Zhou Min")
    with_password(agent)
    ServiceSettings.objects.update(min_form_seconds=0)
    make_request_type("hardware", team=team, name="Hardware fault")
    set_shifts(actor=SYSTEM, user=agent, shifts=[ShiftPattern(list(WEEK), opening, closing, "UTC")])

    customer = new_page(language="en-GB", size=(390, 844))
    customer.goto(f"{stack.url}/help/tickets/new/?type=hardware")
    customer.fill("[name=subject]", "Freezer alarm")
    customer.fill("[name=description]", "It beeps.")
    customer.fill("[name=name]", "Li Lei")
    customer.fill("[name=email]", "night@example.test")
    customer.check("[name=consent]")
    customer.locator("form.app-form button.btn-primary").click()
    customer.wait_for_url("**/help/tickets/sent/**")
    ticket = stack.wait_until(Ticket.objects.filter(subject="Freezer alarm").first, "stored")
    assert ticket.next_due_at > now + dt.timedelta(hours=10)
    stack.wait_until(ticket.decisions.exists, "the engine looked")
    assert Ticket.objects.get(pk=ticket.pk).assignee is None

    set_shifts(actor=SYSTEM, user=agent, shifts=[ShiftPattern(list(WEEK), dt.time(0, 0), dt.time(0, 0), "UTC")])
    page = new_page(language="en-GB")
    sign_in(page, stack.url, agent)
    mine = Ticket.objects.filter(pk=ticket.pk, assignee=agent)
    stack.wait_until(mine.exists, "who comes first in the morning gets it", timeout_seconds=90)


def test_a_leavers_work_is_handed_over_and_taken_back(stack: Any, new_page: Any) -> None:
    open_around_the_clock()
    team = make_team("Hardware")
    leaver = make_agent(team, name="Leaving Lee")
    kind = make_request_type("hardware", team=team)
    tickets = [submit(kind, subject=f"Fault {number}") for number in range(3)]
    held = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])
    stack.wait_until(lambda: held.filter(assignee=leaver).count() == 3, "the leaver has them")
    heir = make_agent(team, name="Zhou Min")
    boss = make_user("administrator", name="Boss")
    with_password(boss)

    page = new_page(language="en-GB")
    sign_in(page, stack.url, boss)
    page.goto(f"{stack.url}/settings/users/{leaver.pk}/hand-over/")
    assert violations(page) == []
    page.locator("select", has=page.locator(f"option[value='{heir.pk}']")).first.select_option(str(heir.pk))
    page.check("[name=suspend]")
    page.locator("form.app-form button.btn-primary").click()
    page.wait_for_url("**/settings/hand-overs/*/")
    stack.wait_until(lambda: held.filter(assignee=heir).count() == 3, "the heir has them")
    stack.wait_until(lambda: not User.objects.get(pk=leaver.pk).is_active, "the leaver cannot sign in")

    page.goto(f"{page.url}undo/")
    page.locator("form.app-form button.btn-primary, form.app-form button.btn-danger").click()
    page.wait_for_load_state()
    stack.wait_until(lambda: held.filter(assignee=leaver).count() == 3, "they are back")
    stack.wait_until(lambda: User.objects.get(pk=leaver.pk).is_active, "and so is the leaver")
