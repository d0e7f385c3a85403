"""From an empty start to the first answered ticket, in a browser, with a real worker and a real mail server."""

from __future__ import annotations

from typing import Any

import pytest

from crm.accounts.models import Team, User
from crm.calendars.models import Calendar
from crm.console import first_run
from crm.console.selectors.first_steps import first_steps
from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.testing.axe import violations
from crm.testing.tests.test_main_job import all_day, link_in
from tickets.models import AgentProfile, RequestType, Ticket
from tickets.trial import latest_trial

pytestmark = [pytest.mark.browser, pytest.mark.first_run]

PASSWORD = "copper kettle morning"
STAFF = "Name,Email,Department,Teams,Roles\nZhou Min,zhou.min@northwind.example,Service,Hardware,Agent\n"


def fill(page: Any, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


def send(page: Any) -> None:
    """The button of the page's own form."""
    page.locator("main form.app-form button.btn-primary, main form.auth-card button.btn-primary").first.click()
    page.wait_for_load_state()


def follow(page: Any, url: str, words: str) -> None:
    """From home, by the button of a first step."""
    page.goto(f"{url}/")
    page.locator(".first-steps a", has_text=words).first.click()
    page.wait_for_load_state()


def test_from_an_empty_start_to_the_first_answered_ticket(stack: Any, new_page: Any) -> None:
    owner = new_page()
    set_up(stack, owner)
    structure(stack, owner)
    colleague = invited(stack, owner, new_page())
    desk(stack, owner)

    follow(owner, stack.url, "Send it")
    owner.locator("main form button.btn-primary", has_text="Send it").click()
    stack.wait_until(lambda: Ticket.objects.filter(assignee__name="Zhou Min").exists(), "the worker assigns")
    owner.locator("#trial", has_text="Assigned to Zhou Min").wait_for()
    owner.locator("#trial .tone-success", has_text="Confirmed by mail").wait_for()
    assert violations(owner) == []
    ticket = latest_trial()
    assert ticket is not None and ticket.customer.name == "Ada Byron"
    received = stack.smtp.wait_for(lambda mail: str(ticket.number) in mail["Subject"])
    assert "ada@northwind.example" in received["To"]

    colleague.goto(f"{stack.url}/tickets/{ticket.number}/")
    colleague.fill("#pane-reply textarea", "Everything works.")
    colleague.locator("#pane-reply button[type=submit]").first.click()
    colleague.locator(".msg.is-reply").wait_for()
    stack.smtp.wait_for(lambda mail: "Everything works." in str(mail.get_body(("plain",)).get_content()))

    owner.goto(link_in(received, r"http\S+/help/tickets/\S+"))
    assert "Everything works." in owner.inner_text("main")
    owner.goto(f"{stack.url}/settings/service/trial/")
    assert "Answered" in owner.inner_text("#trial")
    done = {state.step.key for state in first_steps(Actor.system()).steps if state.reached}
    assert done >= {"console.departments", "console.teams", "console.staff", "tickets.types", "tickets.agents",
                    "console.mail", "console.calendar", "tickets.trial"}  # fmt: skip

    colleague.goto(f"{stack.url}/")  # a page that asks who is there would ask for a ticket that is gone
    owner.locator("#trial button", has_text="Remove").click()
    owner.wait_for_url(f"{stack.url}/")
    assert not Ticket.all_objects.exists()


def set_up(stack: Any, owner: Any) -> None:
    """The first page: nobody gets past it, and the printed link makes the administrator."""
    owner.goto(f"{stack.url}/tickets/")
    assert owner.url == f"{stack.url}/welcome/"
    assert violations(owner) == []
    owner.goto(f"{stack.url}/welcome/?code={first_run.setup_code()}")
    fill(owner, company="North Wind", name="Ada Byron", email="ada@northwind.example", password=PASSWORD)
    assert owner.locator("#password-strength").inner_text() == "Strong"
    assert owner.input_value("[name=timezone]") == "Asia/Shanghai", "the browser's own"
    send(owner)
    owner.wait_for_url(f"{stack.url}/")
    assert str(Brand.default().name) == "North Wind"
    owner.locator(".first-steps").wait_for()
    assert violations(owner) == []


def structure(stack: Any, owner: Any) -> None:
    """A department and a team."""
    follow(owner, stack.url, "Create a department")
    fill(owner, name_en="Service", name_zh_hans="服务部")
    send(owner)
    follow(owner, stack.url, "Create a team")
    fill(owner, name_en="Hardware", name_zh_hans="硬件组")
    owner.select_option("[name=department]", index=1)
    send(owner)
    assert Team.objects.get().department.name["en"] == "Service"


def invited(stack: Any, owner: Any, colleague: Any) -> Any:
    """A colleague from a file, who follows the mailed link and signs in."""
    follow(owner, stack.url, "Bring in a file")
    file = {"name": "staff.csv", "mimeType": "text/csv", "buffer": STAFF.encode()}
    owner.set_input_files("main input[type=file]", file)
    send(owner)
    owner.locator("main form button.btn-primary", has_text="Bring in").click()
    stack.wait_until(lambda: User.objects.filter(email="zhou.min@northwind.example").exists(), "the job made them")
    mail = stack.smtp.wait_for(lambda mail: "zhou.min@northwind.example" in mail["To"])
    colleague.goto(link_in(mail, r"http\S+/accounts/password/\S+"))
    fill(colleague, password=PASSWORD)
    send(colleague)
    fill(colleague, username="zhou.min@northwind.example", password=PASSWORD)
    send(colleague)
    colleague.wait_for_url(f"{stack.url}/")
    return colleague


def desk(stack: Any, owner: Any) -> None:
    """A request type, somebody who takes its tickets, and a mail server that answers."""
    follow(owner, stack.url, "Create a request type")
    fill(owner, name_en="Hardware fault", name_zh_hans="硬件故障", key="hardware")
    owner.select_option("[name=team]", index=1)
    owner.check("[name=audiences][value=public]")
    send(owner)
    assert RequestType.objects.get().key == "hardware"
    follow(owner, stack.url, "Choose agents")
    owner.select_option("[name=user]", label="Zhou Min")
    send(owner)
    assert AgentProfile.objects.get().user.name == "Zhou Min"
    # So that somebody is at work whenever this test runs.
    Calendar.objects.filter(is_default=True).update(week=all_day(), updated_at=clock.now())
    owner.goto(f"{stack.url}/settings/mail-server/")
    owner.locator("main form button.btn-primary").click()
    owner.locator(".tone-success", has_text="250").wait_for()
