"""Signing in: no enumeration, counted tries, safe redirects, sessions that end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core import clock

from ..actions import staff
from ..views.sign_in import ACCOUNT_TRIES, WINDOW_SECONDS
from .builders import PASSWORD, SYSTEM, make_user, signed_in

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **data: str):  # type: ignore[no-untyped-def]
    return client.post(LOGIN, {"username": email, "password": password, **data})


def last(key: str) -> Activity:
    return next(row for row in Activity.objects.order_by("-pk") if row.key == key)


def test_the_right_password_opens_home_and_is_recorded() -> None:
    user = make_user("agent")
    client = Client()
    response = sign_in(client, user.email.upper())
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    row = last("console.signed_in")
    assert (row.actor_id, row.data["address"]) == (user.pk, "127.0.0.1")


def test_nobody_learns_what_was_wrong() -> None:
    known, suspended = make_user("agent"), make_user("agent")
    staff.suspend_user(actor=SYSTEM, record=suspended)
    pages = set()
    for email, password in ((known.email, "wrong"), ("nobody@yunfan.example", "wrong"), (suspended.email, PASSWORD)):
        response = sign_in(Client(), email, password)
        assert response.status_code == 422
        body = response.content.decode().replace(email, "")
        pages.add(body.split('<form class="auth-card"')[1].split("csrfmiddlewaretoken")[1][100:])
    assert len(pages) == 1


def test_a_failed_try_is_recorded_but_a_password_in_the_wrong_field_is_not() -> None:
    user = make_user("agent")
    sign_in(Client(), user.email, "wrong")
    assert last("console.sign_in_failed").data["email"] == user.email
    sign_in(Client(), "hunter2 is my password", "x")
    assert last("console.sign_in_failed").data["email"] == "--"


def test_wrong_tries_lock_the_account_for_everybody_and_only_for_a_while() -> None:
    user = make_user("agent")
    start = dt.datetime.fromtimestamp(clock.now().timestamp() // WINDOW_SECONDS * WINDOW_SECONDS, tz=dt.UTC)
    with clock.at(start + dt.timedelta(seconds=5)):
        for _number in range(ACCOUNT_TRIES):
            assert sign_in(Client(), user.email, "wrong").status_code == 422
        response = sign_in(Client(), user.email)
        assert response.status_code == 429 and int(response["Retry-After"]) > 0
        assert sign_in(Client(), make_user("agent").email).status_code == 302, "others still get in"
    with clock.at(start + dt.timedelta(seconds=WINDOW_SECONDS + 5)):
        assert sign_in(Client(), user.email).status_code == 302


def test_right_passwords_do_not_count_as_tries() -> None:
    user = make_user("agent")
    for _number in range(ACCOUNT_TRIES + 2):
        assert sign_in(Client(), user.email).status_code == 302


def test_unknown_addresses_are_locked_just_the_same() -> None:
    for _number in range(ACCOUNT_TRIES):
        sign_in(Client(), "nobody@yunfan.example", "wrong")
    assert sign_in(Client(), "nobody@yunfan.example", "wrong").status_code == 429


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/settings/?q=a", "/settings/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_stays_on_this_host(target: str, expected: str) -> None:
    assert sign_in(Client(), make_user("agent").email, next=target)["Location"] == expected


def test_a_guest_comes_back_to_the_page_they_wanted() -> None:
    response = Client().get("/settings/users/")
    assert response["Location"] == "/accounts/login/?next=/settings/users/"


def test_empty_and_hostile_input_gets_a_page() -> None:
    for data in ({}, {"username": "\x00", "password": "\x00"}, {"username": "a" * 5000, "password": "b" * 5000}):
        assert Client().post(LOGIN, data).status_code == 422


def test_suspension_and_ended_sessions_close_open_pages() -> None:
    for verb in (staff.suspend_user, staff.end_sessions):
        user = make_user("agent")
        client = signed_in(user)
        assert client.get("/").status_code == 200
        verb(actor=SYSTEM, record=user)
        assert client.get("/").status_code == 302


def test_signing_out_is_a_post_and_recorded() -> None:
    user = make_user("agent")
    client = signed_in(user)
    assert client.get(reverse("console:logout")).status_code == 405
    assert client.post(reverse("console:logout")).status_code == 302
    assert client.get("/").status_code == 302
    assert last("console.signed_out").actor_id == user.pk


def test_the_page_offers_both_languages_and_keeps_next() -> None:
    html = Client(headers={"accept-language": "zh-CN"}).get(LOGIN, {"next": "/settings/"}).content.decode()
    assert 'lang="zh-Hans"' in html and "English" in html
    assert 'name="next" value="/settings/"' in html


def test_own_sessions_end_elsewhere_only() -> None:
    user = make_user("agent")
    here, there = signed_in(user), signed_in(user)
    assert here.post(reverse("console:own_sessions_end")).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_availability_is_set_by_oneself_and_refuses_nonsense() -> None:
    user = make_user("agent")
    client = signed_in(user)
    response = client.post(reverse("console:availability"), {"availability": "away", "next": "//evil.example/"})
    assert response["Location"] == "/"
    assert User.objects.get(pk=user.pk).availability == "away"
    assert client.post(reverse("console:availability"), {"availability": "gone"}).status_code == 422
