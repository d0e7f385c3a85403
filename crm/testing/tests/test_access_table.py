"""Every address has a row that says who may open it, and answers as the row says."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from crm.accounts.models import User
from crm.core import sockets
from crm.integrations.tests.builders import Caller
from crm.testing import access
from crm.testing.suites import signed_in, staff

TABLE = access.tables()
pytestmark = pytest.mark.django_db


def client_for(need: access.Need, user: User) -> Client:
    """Somebody with the user's rights, as the address wants to meet them: signed in, or with a token."""
    return Caller(user).client if access.needs_token(need) else signed_in(user)


def rows(*, public: bool) -> list[str]:
    known = access.routes()
    return sorted(name for name, need in TABLE.items() if (need == access.PUBLIC) is public and name in known)


def test_every_address_has_a_row() -> None:
    missing = sorted(access.routes().keys() - TABLE.keys())
    assert not missing, f"add to <app>/tests/access.py: {', '.join(missing)}"


def test_no_row_without_an_address() -> None:
    stale = sorted(TABLE.keys() - access.routes().keys())
    assert not stale, f"no such address: {', '.join(stale)}"


def test_rows_name_permissions_that_exist() -> None:
    named = {name for need in TABLE.values() for name in access.permissions_of(need)}
    assert named <= sockets.permissions.names


def answers(client: Client, names: list[str]) -> dict[str, HttpResponse]:
    """What each address answers to whoever that is; whatever one of them writes or ends is taken back."""
    found, cookies = {}, {key: morsel.value for key, morsel in client.cookies.items()}
    client.defaults["HTTP_ACCEPT"] = "application/json"  # a refusal is then a line, not a whole page
    for name in names:
        client.cookies = SimpleCookie(cookies)
        with transaction.atomic():
            found[name] = access.ask(client, name)
            transaction.set_rollback(True)
    return found


def test_a_public_address_asks_nobody_to_sign_in() -> None:
    found = answers(Client(), rows(public=True))
    assert [name for name, response in found.items() if access.asks_to_sign_in(response)] == []


def test_a_guest_is_asked_to_sign_in() -> None:
    found = answers(Client(), rows(public=False))
    assert [name for name, response in found.items() if not access.asks_to_sign_in(response)] == []


def test_without_the_right_the_address_is_closed() -> None:
    user = staff()
    asking = [name for name in rows(public=False) if access.permissions_of(TABLE[name])]
    machines = [name for name in asking if access.needs_token(TABLE[name])]
    found = answers(signed_in(user), sorted(set(asking) - set(machines)))
    found |= answers(Caller(user).client, machines)
    assert [name for name, response in found.items() if response.status_code not in {403, 404}] == []


#: Addresses that ask for the same, together: one person holds exactly that.
NEEDS = sorted({TABLE[name] for name in rows(public=False)}, key=str)


@pytest.mark.parametrize("need", NEEDS, ids=str)
def test_with_exactly_the_right_the_address_is_open(need: access.Need) -> None:
    user = staff(*access.permissions_of(need))
    names = [name for name in rows(public=False) if TABLE[name] == need]
    for name, response in answers(client_for(need, user), names).items():
        assert response.status_code not in {401, 403} and response.status_code < 500, name
        assert not access.asks_to_sign_in(response), name
