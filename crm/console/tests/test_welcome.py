"""The first page: only while nobody is there, only with the code, only once."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.models import Activity
from crm.calendars.models import Calendar
from crm.console import first_run
from crm.console.actions.start import begin
from crm.console.exceptions import AlreadyBegun
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.sockets import activity_types

from .builders import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.first_run]
ADDRESS = "/welcome/"


def values(**changes: Any) -> dict[str, Any]:
    """What a person types."""
    return {
        "code": first_run.setup_code(), "company": "North Wind", "languages": ["en", "zh-hans"], "language": "en",
        "timezone": "Europe/London", "currency": "GBP", "name": "Ada Byron", "email": "Ada@NorthWind.example",
        "password": "copper kettle morning", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("page", ["/", "/accounts/login/", "/help/tickets/new/", "/settings/users/", "/tickets/"])
def test_every_page_leads_there_while_nobody_is_there(page: str) -> None:
    assert Client().get(page)["Location"] == ADDRESS


def test_machines_still_get_their_answers() -> None:
    assert Client().get("/healthz").status_code == 200


def test_the_printed_link_fills_in_the_code() -> None:
    out = io.StringIO()
    call_command("setupcode", stdout=out)
    link = next(word for word in out.getvalue().split() if "/welcome/?code=" in word)
    html = Client().get(link[link.index("/welcome/") :]).content.decode()
    assert f'value="{first_run.setup_code()}"' in html


def test_the_zone_of_the_browser_suggests_zone_and_currency() -> None:
    client = Client()
    client.cookies["zone"] = "Asia/Tokyo"
    html = client.get(ADDRESS).content.decode()
    assert '<option value="Asia/Tokyo" selected' in html and '<option value="JPY" selected' in html


def test_it_makes_company_and_administrator_and_signs_them_in() -> None:
    client = Client()
    response = client.post(ADDRESS, values(languages=["en"]))
    assert response.status_code == 302 and response["Location"] == "/"
    user = User.objects.get()
    assert (user.email, user.name, user.language, user.timezone) == (
        "ada@northwind.example", "Ada Byron", "en", "Europe/London",
    )  # fmt: skip
    assert user.check_password("copper kettle morning") and actor_for(user).can("console.manage_roles")
    brand = Brand.default()
    assert (str(brand.name), brand.currency, brand.timezone, brand.languages) == (
        "North Wind", "GBP", "Europe/London", ["en"],
    )  # fmt: skip
    assert client.get("/").status_code == 200, "signed in"
    assert Activity.objects.filter(type=activity_types["console.begun"].code, actor_id=user.pk).count() == 1


def test_hours_follow_the_zone_and_chinas_holidays_stay_in_china() -> None:
    begin(actor=Actor.guest(), values=values())
    assert Calendar.default().timezone == "Europe/London"
    assert not Calendar.default().holidays.exists()


def test_a_company_in_china_keeps_its_holidays() -> None:
    begin(actor=Actor.guest(), values=values(timezone="Asia/Shanghai", currency="CNY"))
    assert Calendar.default().holidays.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "AAAA-BBBB-CCCC-DDDD"}, {"code": ""}, {"company": "\u200b "}, {"password": "12345678"},
        {"password": "ada@northwind"}, {"email": "nobody"}, {"timezone": "Mars/Base"}, {"currency": "XXX"},
        {"languages": []}, {"languages": ["zh-hans"]}, {"name": ""},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(wrong: dict[str, Any]) -> None:
    response = Client().post(ADDRESS, values(**wrong))
    html = response.content.decode()
    assert response.status_code == 422 and "app-form-error" in html
    assert "copper kettle" not in html, "a password never comes back"
    assert not User.objects.exists() and str(Brand.default().name) != "North Wind"


def test_a_stranger_cannot_try_codes_for_ever() -> None:
    client = Client()
    answers = [client.post(ADDRESS, values(code=f"AAAA-{number:04}")).status_code for number in range(21)]
    assert answers[0] == 422 and answers[-1] == 429
    assert client.post(ADDRESS, values()).status_code == 429, "not even with the right one"


def test_the_code_is_read_as_people_type_it() -> None:
    code = first_run.setup_code()
    assert first_run.is_setup_code(f" {code.replace('-', ' ').lower()} ")
    assert not first_run.is_setup_code("")


def test_afterwards_the_page_is_gone() -> None:
    make_user("administrator")
    client = Client()
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, values()).status_code == 409
    assert User.objects.count() == 1
    assert client.get("/")["Location"].startswith("/accounts/login/")
    out = io.StringIO()
    call_command("setupcode", stdout=out)
    assert "already" in out.getvalue() and "code is" not in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one_administrator() -> None:
    barrier, told = threading.Barrier(2), []

    def run(name: str) -> None:
        try:
            barrier.wait(5)
            begin(actor=Actor.guest(), values=values(name=name, email=f"{name}@northwind.example"))
            told.append("made")
        except AlreadyBegun:
            told.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("ada", "grace")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["made", "too late"]
    assert User.objects.count() == 1
