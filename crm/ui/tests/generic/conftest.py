"""What every test of the generic pages begins with: the pages of `teams.py`, and somebody who may use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from crm.accounts.models import User
from crm.testing.suites import signed_in, staff

from .teams import MANAGE, team_pages


@pytest.fixture(autouse=True)
def _pages() -> Iterator[None]:
    cache.clear()
    with team_pages(), override_settings(ROOT_URLCONF="crm.ui.tests.generic.teams"):
        yield


@pytest.fixture
def user(db: None) -> User:
    return staff(MANAGE)


@pytest.fixture
def client(user: User) -> Client:
    return signed_in(user)
