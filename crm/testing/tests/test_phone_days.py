"""Days on a phone, 390 px wide and by touch: customer, agent, supervisor, administrator, and those who sell.

They share one running system, as they would.

Every tap is measured: what a thumb has to hit is at least 44 px high, and no page is wider than the screen.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from crm.accounts.models import User
from crm.calendars.models import Calendar
from crm.core import clock
from crm.files.models import Attachment
from crm.notifications.models import Notification
from crm.planner.models import Task
from crm.testing.axe import violations
from crm.testing.browser import PHONE
from crm.testing.builders import make_team, make_user, staff
from customers.tests.builders import make_customer
from sales.actions.quotes import submit_quote
from sales.models import Quote
from sales.tests.quote_builders import line, make_quote
from tickets.actions import resolve_ticket
from tickets.models import Rating, RequestType, ServiceSettings, SlaPolicy, Ticket
from tickets.tests.builders import make_agent, make_request_type, submit

from .test_main_job import PASSWORD, all_day, link_in, sign_in

pytestmark = pytest.mark.browser

#: A red dot of one pixel: what a camera hands over, only smaller.
PHOTO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
THUMB = 44


@pytest.fixture
def stack(module_stack: Any) -> Any:
    return module_stack


@pytest.fixture(scope="module")
def desk(module_stack: Any) -> dict[str, User]:
    """Two teams around the clock, an agent and a supervisor in the first, and an administrator."""
    Calendar.objects.filter(pk=Calendar.default().pk).update(week=all_day(), updated_at=clock.now())
    hardware, field = make_team("Hardware"), make_team("Field service")
    people = {
        "agent": make_agent(hardware, name="Zhou Min"),
        "other": make_agent(field, name="Chen Bo"),
        "supervisor": make_agent(hardware, field, name="Wang Jing", role="supervisor", takes_tickets=False),
        "admin": make_user("administrator", name="Ada Admin"),
        "seller": make_user("sales", name="Chen Hao"),
        "manager": make_user("sales_manager", name="Sun Yan"),
        "owner": make_user("executive", name="Wu Lan"),
    }
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    ServiceSettings.objects.update(min_form_seconds=0)
    make_request_type("hardware", team=hardware, name="Hardware fault", chinese="硬件故障")
    return people


@pytest.fixture
def phone(new_page: Any) -> Any:
    """Opens a phone's browser."""
    return lambda **options: new_page(size=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2, **options)


def tap(page: Any, target: Any) -> None:
    """Taps what is found by a selector or locator, after measuring it as a thumb would."""
    found = (page.locator(target) if isinstance(target, str) else target).first
    found.scroll_into_view_if_needed()
    box = found.bounding_box()
    assert box is not None and box["height"] >= THUMB, f"{target}: {box} is too small for a thumb"
    found.tap()


def fits(page: Any) -> None:
    """Nothing is wider than the screen, and axe finds nothing."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than the screen"
    assert violations(page) == []


def solve(ticket: Ticket, agent: User) -> None:
    resolve_ticket(actor=staff(agent), ticket=ticket, cause="product", solution="New fuse.")


def test_the_customer_sends_a_photo_follows_and_rates(stack: Any, desk: dict[str, User], phone: Any) -> None:
    page = phone()
    page.goto(f"{stack.url}/help/tickets/new/?type=hardware")
    page.fill("[name=subject]", "The printer smokes")
    page.fill("[name=description]", "Look at the photo.")
    page.fill("[name=name]", "Li Lei")
    page.fill("[name=email]", "li.lei@example.test")
    page.set_input_files("input[type=file]", {"name": "IMG_1.png", "mimeType": "image/png", "buffer": PHOTO})
    page.locator(".app-upload.is-done").wait_for()
    page.check("[name=consent]")
    fits(page)
    tap(page, "form.app-form button.btn-primary")
    page.wait_for_url("**/help/tickets/sent/**")
    ticket = stack.wait_until(lambda: Ticket.objects.filter(subject="The printer smokes").first(), "it came in")
    stack.wait_until(lambda: Attachment.objects.filter(name="IMG_1.png").exists(), "with its photo")

    received = stack.smtp.wait_for(lambda mail: str(ticket.number) in mail["Subject"])
    tracking = link_in(received, r"http\S+/help/tickets/\S+")
    page.goto(tracking)
    assert "The printer smokes" in page.inner_text("main")
    page.fill("textarea[name=body]", "It stopped smoking.")
    tap(page, "form[action$='/reply/'] button[type=submit].btn-primary")
    page.get_by_text("It stopped smoking.").wait_for()
    fits(page)

    solve(Ticket.objects.get(pk=ticket.pk), desk["agent"])
    solved = stack.smtp.wait_for(lambda mail: "/rate/" in str(mail.get_body(("plain",)).get_content()))
    link = urlsplit(link_in(solved, r"http\S+/rate/\S+score=5"))  # made by the test's own process, for another port
    page.goto(f"{stack.url}{link.path}?{link.query}")
    stack.wait_until(lambda: Rating.objects.filter(ticket=ticket, score=5).exists(), "one tap rates")
    fits(page)


def test_the_agent_takes_answers_and_hands_over(stack: Any, desk: dict[str, User], phone: Any) -> None:
    ticket = submit(RequestType.objects.get(key="hardware"), subject="Scanner is stuck")
    stack.wait_until(lambda: Ticket.objects.get(pk=ticket.pk).assignee_id == desk["agent"].pk, "assigned")
    page = phone()
    sign_in(page, stack.url, desk["agent"])
    tap(page, page.locator(".app-bottom a[href$='/tickets/']"))
    page.wait_for_url("**/tickets/**")
    fits(page)
    page.locator(f"a[href*='/tickets/{ticket.number}/']").first.tap()
    page.wait_for_url(f"**/tickets/{ticket.number}/**")
    tap(page, f"form[action$='/tickets/{ticket.number}/take/'] button")
    stack.wait_until(lambda: Ticket.objects.get(pk=ticket.pk).accepted_at, "taken")
    page.wait_for_load_state()
    page.locator("#pane-reply textarea").tap()
    page.fill("#pane-reply textarea", "Please pull the paper out.")
    tap(page, "#pane-reply button[type=submit]")
    page.locator(".msg.is-reply").wait_for()
    fits(page)
    tap(page, f"a.app-prop[href$='/tickets/{ticket.number}/hand-over/']")
    page.wait_for_url("**/hand-over/")
    page.select_option("[name=team]", label="Field service")
    tap(page, "form.app-form button.btn-primary")
    stack.wait_until(lambda: Ticket.objects.get(pk=ticket.pk).assignee_id == desk["other"].pk, "handed over")


def test_the_supervisor_balances_the_queue(stack: Any, desk: dict[str, User], phone: Any) -> None:
    tickets = [submit(RequestType.objects.get(key="hardware"), subject=f"Queue {number}") for number in range(3)]
    for ticket in tickets:
        stack.wait_until(lambda pk=ticket.pk: Ticket.objects.get(pk=pk).assignee_id, "assigned")
    page = phone()
    sign_in(page, stack.url, desk["supervisor"])
    page.goto(f"{stack.url}/tickets/?view=all")
    tap(page, "[data-select-mode]")
    for ticket in tickets[:2]:
        page.locator(f"#row-{ticket.pk} input[data-select]").tap()
    tap(page, page.locator("[data-bulk] button[formaction*='/bulk/hand_over/']"))
    page.wait_for_url("**/bulk/hand_over/**")
    assert "Queue 0" in page.inner_text("main")
    page.select_option("[name=team]", label="Field service")
    fits(page)
    tap(page, "form.app-form button.btn-primary")
    for ticket in tickets[:2]:
        stack.wait_until(lambda pk=ticket.pk: Ticket.objects.get(pk=pk).assignee_id == desk["other"].pk, "moved")
    assert Ticket.objects.get(pk=tickets[2].pk).assignee_id == desk["agent"].pk
    page.goto(f"{stack.url}/reports/")
    page.wait_for_load_state("networkidle")
    assert page.locator(".tile").count() >= 6
    fits(page)


def test_the_administrator_switches_a_rule_off_and_takes_it_back(stack: Any, desk: dict[str, User], phone: Any) -> None:
    policy = SlaPolicy.objects.filter(is_active=True).first()
    assert policy is not None
    page = phone()
    sign_in(page, stack.url, desk["admin"])
    page.goto(f"{stack.url}/settings/?q=SLA")
    page.locator("main a[href$='/settings/service/sla/']").first.tap()
    page.wait_for_url("**/settings/service/sla/")
    fits(page)
    switch = page.locator(f"#row-{policy.pk} [role=switch]")
    assert switch.get_attribute("aria-checked") == "true"
    tap(page, switch)
    stack.wait_until(lambda: not SlaPolicy.objects.get(pk=policy.pk).is_active, "switched off")
    undo = page.locator("#toasts").get_by_role("button", name=re.compile("Undo"))
    undo.wait_for()
    tap(page, undo)
    stack.wait_until(lambda: SlaPolicy.objects.get(pk=policy.pk).is_active, "taken back")


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.slow)])
def test_a_visit_an_approval_and_what_the_owner_reads(
    stack: Any, desk: dict[str, User], phone: Any, language: str
) -> None:
    """Logged at the customer's door, agreed from the bell, and read by the owner as a figure that opens its records."""
    User.objects.update(language="zh-hans" if language == "zh-CN" else "en")
    customer = make_customer(f"Cold store {language}", owner=desk["seller"])
    page = phone(language=language)
    sign_in(page, stack.url, desk["seller"])
    page.goto(f"{stack.url}/customers/{customer.number}/")
    fits(page)
    tap(page, f"a[href$='/customers/{customer.number}/talk/?kind=visit']")
    page.fill("[name=text]", "At the gate of hall 3: twelve sensors, first week of December.")
    page.fill("[name=follow_up]", f"Send the quote {language}")
    page.fill("[name=follow_up_at]", f"{clock.now() + dt.timedelta(days=1):%Y-%m-%dT%H:%M}")
    fits(page)
    tap(page, "form.app-form button.btn-primary")
    page.get_by_text("At the gate of hall 3").first.wait_for()
    assert Task.objects.get(title=f"Send the quote {language}").assignee == desk["seller"]

    quote = make_quote(desk["seller"], line(discount="30"), customer=customer, name=f"Sensors {language}")
    submit_quote(actor=staff(desk["seller"]), quote=quote)
    told = Notification.objects.filter(user=desk["manager"], kind="approvals.asked", data__title__icontains=language)
    stack.wait_until(told.exists, "the manager is asked")
    manager = phone(language=language)
    sign_in(manager, stack.url, desk["manager"])
    manager.goto(f"{stack.url}/notifications/")
    fits(manager)
    manager.locator("main a", has_text=quote.name).first.tap()
    manager.wait_for_url("**/approvals/*/")
    fits(manager)
    tap(manager, "form[action$='/approve/'] button")
    stack.wait_until(lambda: Quote.objects.get(pk=quote.pk).state == "approved", "agreed from the phone")

    owner = phone(language=language)
    sign_in(owner, stack.url, desk["owner"])
    owner.goto(f"{stack.url}/reports/owner/")
    fits(owner)
    figure = owner.locator(".owner-tiles a[href]").first
    records = str(figure.get_attribute("href")).partition("?")[0]
    figure.tap()
    owner.wait_for_url(f"**{records}**")
    fits(owner)
