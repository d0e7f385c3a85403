"""Every address has a row that says who may open it, and answers as the row says."""

from __future__ import annotations

import pytest
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


@pytest.mark.parametrize("name", rows(public=True))
def test_a_public_address_asks_nobody_to_sign_in(name: str) -> None:
    assert not access.asks_to_sign_in(access.ask(Client(), name))


@pytest.mark.parametrize("name", rows(public=False))
def test_a_guest_is_asked_to_sign_in(name: str) -> None:
    assert access.asks_to_sign_in(access.ask(Client(), name))


@pytest.mark.parametrize("name", [name for name in rows(public=False) if access.permissions_of(TABLE[name])])
def test_without_the_right_the_address_is_closed(name: str) -> None:
    assert access.ask(client_for(TABLE[name], staff()), name).status_code in {403, 404}


@pytest.mark.parametrize("name", rows(public=False))
def test_with_exactly_the_right_the_address_is_open(name: str) -> None:
    user = staff(*access.permissions_of(TABLE[name]))
    response = access.ask(client_for(TABLE[name], user), name)
    assert response.status_code not in {401, 403} and response.status_code < 500
    assert not access.asks_to_sign_in(response)
