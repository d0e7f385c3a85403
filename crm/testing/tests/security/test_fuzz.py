"""Nothing that comes in ends in an error of ours: every address and every form, with the worst there is."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from crm.testing.access import routes

from .hostile import MORE, WORST, collected, fields_of, parameters
from .world import World, addresses, make_settings, make_world, undone

pytestmark = pytest.mark.django_db

#: Fields that actions without a page of their own read.
UNSEEN = [
    "body",
    "form_key",
    "uploads",
    "seen_message_id",
    "then",
    "ids",
    "all",
    "query",
    "confirmed",
    "typed",
    "back",
    "format",
    "columns",
    "move",
    "density",
    "per_page",
    "status",
    "priority",
    "language",
    "theme",
    "timezone",
    "next",
    "availability",
    "key",
    "email",
    "password",
    "file",
    "upload_tokens",
    "attachments",
    "opened_token",
    "second_subject",
    "score",
    "comment",
    "consent",
    "remove",
    "rail_narrow",
    "name",
    "note",
    "text",
]


class Failures(list[str]):
    """What answered 5xx, or wrote an error to the log behind a page that looked well."""

    def __init__(self, caplog: pytest.LogCaptureFixture):
        super().__init__()
        self.caplog = caplog

    def ask(self, world: World, role: str, method: str, url: str, what: str, **kwargs: Any) -> Any:
        self.caplog.clear()
        response = undone(world.client(role), method, url, **kwargs)
        errors = [record for record in self.caplog.records if record.levelno >= logging.ERROR]
        # Answered with 400 before any view saw it, as it should be; the log of the product calls it a warning.
        errors = [record for record in errors if record.name != "django.security.TooManyFieldsSent"]
        if response.status_code >= 500 or errors:
            cause = next((record.exc_info[1] for record in errors if record.exc_info), "")
            self.append(f"{method.upper()} {url} [{what[:60]!r}] as {role} → {response.status_code} {cause!r:.200}")
        return response

    def none(self) -> None:
        assert not self, f"{len(self)} failed:\n" + "\n".join(self[:60])


@pytest.fixture
def failures(caplog: pytest.LogCaptureFixture) -> Failures:
    caplog.set_level(logging.ERROR)
    return Failures(caplog)


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


@pytest.fixture
def real(world: World) -> dict[str, str]:
    """URL name → the address of a record that is there."""
    found = addresses(world.own, make_settings(world.people["employee"]))
    return {name: reverse(name, kwargs=arguments) for name, arguments in found.items() if name != "console:readyz"}


#: Those that found something once; the others have their turn in the slow tier.
FAST = ("9999-12-31", "\u00b2\u0663")


def loaded(value: str) -> dict[str, str]:
    return dict.fromkeys(parameters(), value)


def test_every_address_with_odd_values_in_every_parameter(
    world: World, real: dict[str, str], failures: Failures
) -> None:
    """Each address gets one of them here, by turns."""
    for (name, url), value in zip(sorted(real.items()), itertools.cycle(FAST), strict=False):
        role = "guest" if name.startswith("help:") else "administrator"
        failures.ask(world, role, "get", url, value, query_params=loaded(value))
    failures.none()


@pytest.mark.slow
def test_every_address_with_every_hostile_string(world: World, real: dict[str, str], failures: Failures) -> None:
    for name, url in real.items():
        for value in (*FAST, *WORST, *MORE, *collected()[::40]):
            role = "guest" if name.startswith("help:") else "administrator"
            failures.ask(world, role, "get", url, value, query_params=loaded(value))
    failures.none()


LISTS = ("tickets:ticket_list", "customers:customer_list", "console:audit_log", "reports:board", "console:user_list")


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
def test_each_parameter_alone(world: World, real: dict[str, str], failures: Failures, name: str) -> None:
    """An early refusal of one parameter must not hide what another does."""
    for parameter in parameters():
        for value in ("a\x00b", "9" * 30, "9999-12-31", "0001-01-01T00:00:00+14:00"):
            failures.ask(
                world, "administrator", "get", real[name], f"{parameter}={value}", query_params={parameter: value}
            )
    failures.none()


def test_parameters_that_only_break_together(world: World, real: dict[str, str], failures: Failures) -> None:
    url = real["tickets:ticket_list"]
    for query in (
        {"from": "2026-01-01", "page": "9" * 30},
        {"from": "9999-12-31", "sort": "-updated"},
        {"from": "0001-01-01", "sort": "updated"},
        {"page": "9" * 18, "per_page": "100"},
        {"exact": "1", "page": "9" * 18},
        {"period": "custom", "from": "0001-01-01", "to": "9999-12-31"},
    ):
        for target in (url, real["customers:customer_list"], real["reports:board"]):
            failures.ask(world, "administrator", "get", target, str(query), query_params=query)
    failures.none()


#: No column holds them, in one way or another.
NUMBERS = (0, 2**31, 2**63, 10**30)


@pytest.mark.parametrize("turns", [1, pytest.param(len(NUMBERS), marks=pytest.mark.slow)])
def test_numbers_in_the_path_that_no_column_holds(world: World, failures: Failures, turns: int) -> None:
    """Each address gets one of them here, by turns; all of them in the slow tier."""
    numbers = itertools.cycle(NUMBERS)
    for name, example in sorted(routes().items()):
        if not any(isinstance(value, int) for value in example.values()):
            continue
        for number in itertools.islice(numbers, turns):
            url = reverse(
                name, kwargs={key: number if isinstance(value, int) else value for key, value in example.items()}
            )
            for method in ("get", "post"):
                # As a fragment: what is not there is then said in a line, not on a whole page.
                response = failures.ask(world, "administrator", method, url, "path", headers={"HX-Request": "true"})
                assert response.status_code in {302, 401, 403, 404, 405, 422} or number == 0, url
    failures.none()


@pytest.mark.slow
def test_texts_in_the_path(world: World, real: dict[str, str], failures: Failures) -> None:
    for name, example in routes().items():
        for text in ("a\x00b", "'\"><svg>", "\ufffd\u202e", "..", "x" * 3000, "%(x)s", "a:b:c"):
            changed = {
                key: text if isinstance(value, str) and value == "none" else value for key, value in example.items()
            }
            try:
                url = reverse(name, kwargs=changed)
            except NoReverseMatch:
                continue
            if changed != example:
                for method in ("get", "post"):
                    failures.ask(world, "administrator", method, url, text)
    failures.none()


def forms(world: World, real: dict[str, str]) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Name, role, address and the filled form of everything that takes a POST."""
    for name, url in real.items():
        role = "guest" if name.startswith("help:") else "administrator"
        page = undone(world.client(role), "get", url)
        shown = page.content.decode() if page.status_code == 200 and not page.streaming else ""
        values = fields_of(shown) if "</form>" in shown else {}
        yield name, role, url, values


def test_every_form_with_nul_in_every_field(world: World, real: dict[str, str], failures: Failures) -> None:
    for _name, role, url, values in forms(world, real):
        failures.ask(world, role, "post", url, "NUL", data=dict.fromkeys([*values, *UNSEEN], "a\x00b"))
    failures.none()


@pytest.mark.slow
def test_every_form_with_every_hostile_string(world: World, real: dict[str, str], failures: Failures) -> None:
    for _name, role, url, values in forms(world, real):
        for value in (*WORST, *MORE):
            failures.ask(world, role, "post", url, value, data=dict.fromkeys([*values, *UNSEEN], value))
    failures.none()


@pytest.mark.slow
@pytest.mark.parametrize("part", sorted({name.partition(":")[0] for name in routes()}))
def test_every_form_with_one_bad_field(world: World, real: dict[str, str], failures: Failures, part: str) -> None:
    """The rest is as the page shows it, so that the bad one reaches the action."""
    chosen = {name: url for name, url in real.items() if name.startswith(f"{part}:")}
    for _name, role, url, values in forms(world, chosen):
        for field in values or UNSEEN:
            for value in ("a\x00b", "9" * 19, "9999-12-31", "\u00b2", "-1"):
                failures.ask(world, role, "post", url, f"{field}={value}", data={**values, field: value})
    failures.none()


#: More fields than Django reads.
TOO_MANY = b"&".join(b"a%d=1" % number for number in range(1200))


@pytest.mark.parametrize("role", ["guest", "administrator"])
def test_a_refusal_of_what_cannot_be_read_stays_one(world: World, failures: Failures, role: str) -> None:
    """The page of a refusal gives back what was typed; here nobody could read it."""
    for url, status in (
        ("/nowhere/", 404),
        (reverse("messaging:sms_incoming"), 404),
        (reverse("customers:customer_create"), 400),
    ):
        form = "application/x-www-form-urlencoded"
        answer = failures.ask(world, role, "post", url, "too many", data=TOO_MANY, content_type=form)
        assert answer.status_code in {status, 401}, url
    failures.none()


@pytest.mark.slow
def test_bodies_that_are_no_form(world: World, real: dict[str, str], failures: Failures) -> None:
    kinds = (
        ("application/json", b"{"),
        ("application/json", b'[{"a": "\\ud800"}]'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n"),
        ("application/x-www-form-urlencoded", b"a=%ff%fe&b=%00&%00=1"),
        ("application/x-www-form-urlencoded", TOO_MANY),
    )
    for name, url in real.items():
        role = "guest" if name.startswith("help:") else "administrator"
        for kind, body in kinds:
            failures.ask(world, role, "post", url, kind, data=body, content_type=kind)
    failures.none()


@override_settings(UPLOAD_MAX_BYTES=2000)
def test_files_that_lie_or_are_too_large(world: World, failures: Failures) -> None:
    url, key = reverse("files:upload_create"), "fuzz-form-key-0000001"
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50
    cases = (
        (SimpleUploadedFile("a.txt", b"x" * 3000), 422),
        (SimpleUploadedFile("empty.txt", b""), 422),
        (SimpleUploadedFile("photo.png", b"MZ" + b"\x90\x00" * 100), 422),
        (SimpleUploadedFile("a.exe", b"hello"), 422),
        (SimpleUploadedFile("a.ex\u200be", b"hello"), 422),
        (SimpleUploadedFile("x\x00.svg", b"<svg onload=alert(1)/>"), 201),
        (SimpleUploadedFile("../../../etc/passwd", b"hello"), 201),
        (SimpleUploadedFile("pixel.png", png), 201),
        (SimpleUploadedFile("=cmd().csv", b"a,b"), 201),
        (SimpleUploadedFile("\u202egnp.exe", b"hello"), 422),
    )
    for file, expected in cases:
        response = failures.ask(world, "guest", "post", url, file.name or "", data={"form_key": key, "file": file})
        assert response.status_code == expected, (file.name, response.content)
        assert "/" not in response.json().get("name", "") and "\x00" not in response.json().get("name", "")
    failures.none()


@pytest.mark.slow
def test_headers_and_cookies(world: World, real: dict[str, str], failures: Failures) -> None:
    for value in ("a\x00b", "\ufffd" * 50, "9" * 5000, "en;q=9,*;q=x", "../../etc", "%00"):
        headers = {name: value.encode("utf-8").decode("latin-1") for name in (
            "Accept-Language", "Referer", "Range", "If-None-Match", "X-Forwarded-For", "HX-Request", "Accept",
            "HX-Current-URL", "X-Card-Digest", "Authorization", "Origin", "If-Modified-Since",
        )}  # fmt: skip
        for name in ("help:home", "help:ticket_submit", "help:ticket_track", "console:login", "console:home",
                     "tickets:ticket_list", "files:attachment_download", "ui:pulse", "console:metrics"):  # fmt: skip
            for role in ("guest", "administrator"):
                client = world.client(role)
                for cookie in ("theme", "zone", "django_language"):
                    client.cookies[cookie] = value.replace("\x00", "").encode("ascii", "replace").decode()
                failures.ask(world, role, "get", real[name], value, headers=headers)
    failures.none()
