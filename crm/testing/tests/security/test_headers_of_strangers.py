"""What a stranger puts into headers and cookies is read as nothing, never answered with an error of ours."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from crm.core.addresses import parts_of
from crm.ui.views.errors import comes_from_here
from marketing.tests.landing_builders import make_page

pytestmark = pytest.mark.django_db
NOWHERE = "http://["


def test_a_cookie_with_a_nul_is_no_cookie() -> None:
    """Cookies may hold octal escapes: sessions, codes and devices are looked up by what stands in them."""
    for name in ("sessionid", "portal", "portal_code", "csrftoken", "device", "zone"):
        client = Client(headers={"Cookie": f'{name}="\\000abcdefghijklmnopqrstuvwxyz"'})
        for url in (reverse("help:home"), reverse("console:login"), reverse("portal:sign_in_code")):
            assert client.get(url).status_code in {200, 302}, (name, url)


def test_a_page_before_that_is_no_address_is_none() -> None:
    assert not parts_of(NOWHERE).netloc
    client = Client(enforce_csrf_checks=True, headers={"Referer": NOWHERE, "Origin": NOWHERE})
    assert client.post(reverse("console:login"), {"email": "a"}).status_code == 403
    assert not comes_from_here(RequestFactory().get("/", headers={"Referer": NOWHERE}))
    page = reverse("landing:page", args=[make_page().slug])
    assert client.get(page).status_code == 200
