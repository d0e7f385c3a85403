"""Links that leave by mail name the configured host, and redirects stay here, whatever a request claims."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.core import limits
from crm.core.addresses import client_address, client_network
from crm.core.errors import TooMany
from crm.core.models import RateBucket
from crm.messaging.models import OutgoingMail
from crm.testing.builders import make_user

from .world import World, make_world

pytestmark = pytest.mark.django_db

FORGED = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-host": "evil.example",
}
OUTSIDE = (
    "//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http:evil.example",
    "https:/evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example",
    "/\n/evil.example", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", " //evil.example",
    "\x01//evil.example", "https://testserver@evil.example", "https://evil.example#testserver", "//[::1]", "http://[",
    "https://testserver.evil.example/", "ftp://testserver/", "//testserver:80@evil.example", "%2f%2fevil.example",
    "evil.example", "console:home", "logout",
)  # fmt: skip


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT, settings.BASE_URL = tmp_path, "https://desk.example"
    return make_world()


def links_in_mail() -> set[str]:
    texts = " ".join(f"{mail.text} {mail.html}" for mail in OutgoingMail.objects.all())
    return set(re.findall(r"https?://([^/\s\"'<>]+)", texts))


def test_mail_names_the_configured_host_only(world: World) -> None:
    user = make_user()
    client = Client(headers=FORGED)
    client.post(reverse("console:password_forgotten"), {"email": user.email})
    assert OutgoingMail.objects.filter(to_email=user.email).exists()
    client.force_login(world.own.agent)
    number = world.own.ticket.number
    key = "host-header-key-000001"
    client.post(reverse("tickets:ticket_reply", args=[number]), {"body": "An answer.", "form_key": key})
    assert links_in_mail() == {"desk.example"}


def test_a_host_that_is_not_ours_is_refused(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example"]
    for name in ("console:login", "help:home", "console:password_forgotten"):
        assert Client(headers={"host": "evil.example"}).get(reverse(name)).status_code == 400
        forged = Client(headers={"host": "desk.example", "x-forwarded-host": "evil.example"}).get(reverse(name))
        assert forged.status_code == 200 and b"evil.example" not in forged.content


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_redirect_leaves_this_host(world: World, target: str) -> None:
    client = world.client("agent")
    answers = [
        client.get(reverse("console:login"), {"next": target}),
        client.post(reverse("console:availability"), {"availability": "available", "next": target}),
        client.post(reverse("ui:preferences"), {"language": "en", "next": target}),
    ]
    for response in answers:
        assert response.status_code == 302 and response.url == "/", response.url


def test_a_page_of_ours_is_gone_back_to(world: World) -> None:
    client = world.client("agent")
    assert client.get(reverse("console:login"), {"next": "/tickets/?q=a"}).url == "/tickets/?q=a"
    referer = {"referer": "http://testserver/customers/"}
    response = client.post(reverse("ui:preferences"), {"language": "en"}, headers=referer)
    assert response.url == "http://testserver/customers/"


def request_from(peer: str, forwarded: str = "") -> Any:
    from django.test import RequestFactory

    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
    ],
)
def test_who_asks_is_what_our_own_proxy_says(settings: Any, proxies: int, forwarded: str, found: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_address(request_from("9.9.9.9", forwarded)) == found


def test_a_network_counts_as_one() -> None:
    assert client_network(request_from("203.0.113.7")) == client_network(request_from("203.0.113.200"))
    assert client_network(request_from("2001:db8::1")) == client_network(request_from("2001:db8::ffff"))
    assert client_network(request_from("::ffff:203.0.113.7")) == client_network(request_from("203.0.113.9"))


def test_a_forged_header_does_not_reset_a_limit(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    with pytest.raises(TooMany):
        for number in range(5):
            limits.hit("probe", client_address(request_from("9.9.9.9", f"1.1.1.{number}")), limit=3, window_seconds=60)
    assert RateBucket.objects.filter(key__startswith="probe:").count() == 1


def test_wrong_tries_from_one_ipv6_network_count_together() -> None:
    """A provider hands every home 2^64 addresses."""
    for number in range(101):
        data = {"username": f"nobody{number}@example.test", "password": "x"}
        response = Client(REMOTE_ADDR=f"2001:db8::{number:x}").post(reverse("console:login"), data)
    assert response.status_code == 429


def test_known_and_unknown_addresses_get_the_same_answer(world: World) -> None:
    known, unknown = world.own.agent.email, "nobody@example.test"
    for url, name in ((reverse("console:login"), "username"), (reverse("console:password_forgotten"), "email")):
        answers = [Client().post(url, {name: address, "password": "wrong"}) for address in (known, unknown)]
        bodies = [
            re.sub(rb'value="[A-Za-z0-9]{64}"', b"", answer.content).replace(address.encode(), b"")
            for answer, address in zip(answers, (known, unknown), strict=True)
        ]
        assert answers[0].status_code == answers[1].status_code and bodies[0] == bodies[1]
