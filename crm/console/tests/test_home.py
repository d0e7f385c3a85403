"""Home: greeting, slots that load and fail alone, rights."""

from __future__ import annotations

from typing import Any

import pytest

from crm.core.sockets import ShellSlot, shell_slots
from crm.testing.declarations import declared
from crm.testing.suites import staff

from .builders import make_user, signed_in

pytestmark = pytest.mark.django_db
FRAGMENT = {"hx-request": "true"}


def slot(key: str, context: Any, permission: str = "") -> ShellSlot:
    return ShellSlot(key, "home", "console/partials/_setup.html", context, permission)


def broken(_actor: Any) -> dict[str, Any]:
    raise RuntimeError("no luck")


def test_the_page_greets_and_says_that_nothing_is_waiting() -> None:
    user = make_user("agent", name="李雷", language="zh-hans")
    html = signed_in(user).get("/").content.decode()
    assert "李雷" in html and "home-clear" in html


def test_a_slot_that_fails_shows_a_card_and_leaves_the_page() -> None:
    client = signed_in(make_user("agent"))
    with declared(shell_slots, slot("test.broken", broken)):
        assert 'hx-get="/home/test.broken/"' in client.get("/").content.decode()
        response = client.get("/home/test.broken/", headers=FRAGMENT)
    assert response.status_code == 200 and "is-failed" not in response.headers
    assert 'role="alert"' in response.content.decode() and "no luck" not in response.content.decode()


def test_an_empty_slot_answers_with_nothing() -> None:
    with declared(shell_slots, slot("test.empty", lambda actor: {})):
        client = signed_in(make_user("agent"))
        assert client.get("/home/test.empty/", headers=FRAGMENT).content == b""
        assert "Nothing is waiting" in client.get("/home/test.empty/").content.decode(), "without JavaScript"


def test_a_slot_without_the_right_is_neither_offered_nor_answered() -> None:
    with declared(shell_slots, slot("test.secret", lambda actor: {}, "console.view_audit")):
        client = signed_in(staff())
        assert "test.secret" not in client.get("/").content.decode()
        assert client.get("/home/test.secret/").status_code == 404
        assert signed_in(staff("console.view_audit")).get("/home/test.secret/").status_code == 200
