"""Markup in every stored text is text wherever it is shown: pages, parts of pages, mail, exports, a real browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse

from crm.core.models import Brand
from crm.messaging.models import OutgoingMail

from .world import World, addresses, make_settings, make_world, undone

#: Breaks out of text, of both kinds of quotes, of a script and of a title; short enough for every column.
VECTOR = "'\"></title></script><img src=x onerror=pwn()>{{7*7}}"
MARK = "pwn()"
#: Placeholder and template languages; none may come out evaluated.
ENGINES = "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {% debug %} {{request}} {{ticket.customer.owner.password}} %(password)s"


class Attacks(HTMLParser):
    """Elements and attributes that only the vector can have made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img" and given.get("src") == "x":
            self.found.append(tag)
        for name, value in given.items():
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and re.match(
                r"\s*(javascript|data|vbscript):", value or "", re.I
            ):
                self.found.append(f"{tag} {name}={value}")


def attacks_in(html: str) -> list[str]:
    parser = Attacks()
    parser.feed(html)
    parser.close()
    return parser.found


@pytest.fixture
def planted(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world(VECTOR, "Other")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [*(pytest.param(role, marks=pytest.mark.slow) for role in ("administrator", "agent")), "guest"]
)
def test_no_page_and_no_part_of_one_runs_what_was_stored(planted: World, role: str) -> None:
    seen, wrong = 0, []
    real = {name: reverse(name, kwargs=arguments) for name, arguments in
            addresses(planted.own, make_settings(planted.own.agent)).items()}  # fmt: skip
    queries = {"q": VECTOR, "subject": VECTOR, "name": VECTOR, "next": "javascript:alert(1)", VECTOR: VECTOR}
    for name, url in real.items():
        for given, headers in (({}, {}), (queries, {"HX-Request": "true"})):
            response = undone(planted.client(role), "get", url, given, headers=headers)
            if "html" not in response.headers.get("Content-Type", "") or response.streaming:
                continue
            html = response.content.decode()
            seen += MARK in html
            wrong += [f"{name} {given and 'asked'}: {attack}" for attack in attacks_in(html)]
    assert not wrong, "\n".join(wrong)
    assert seen > (3 if role == "guest" else 20), "the planted text is not shown, so nothing is proved"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_form_that_comes_back_shows_text(planted: World) -> None:
    wrong = []
    for name, arguments in addresses(planted.own, make_settings(planted.own.agent)).items():
        for role in ("guest" if name.startswith("help:") else "administrator",):
            data = dict.fromkeys(
                [
                    "name",
                    "subject",
                    "body",
                    "description",
                    "email",
                    "title",
                    "text",
                    "comment",
                    "note",
                    "q",
                    "key",
                    "phone",
                ],
                VECTOR,
            )
            response = undone(planted.client(role), "post", reverse(name, kwargs=arguments), data)
            if "html" in response.headers.get("Content-Type", ""):
                wrong += [f"{name}: {attack}" for attack in attacks_in(response.content.decode())]
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_mail_carries_text_and_our_links_only(planted: World) -> None:
    mails = list(OutgoingMail.objects.all())
    assert any(MARK in mail.html or MARK in mail.subject for mail in mails)
    for mail in mails:
        assert attacks_in(mail.html) == [], mail.template
        assert "49" not in re.findall(r"\{\{7\*7\}\}|49", mail.subject)
        for value in (mail.subject, mail.to_name, mail.from_name, *mail.headers.values()):
            assert not re.search(r"[\r\n\x00]", value)


@pytest.mark.django_db
def test_no_engine_reads_what_people_write(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = make_world(ENGINES[:60], "Other")
    mails = OutgoingMail.objects.filter(html__contains="7*7")
    assert mails.exists()
    for mail in mails:
        assert "49" not in mail.subject and "${7*7}" in mail.html
    page = world.client("agent").get(reverse("tickets:ticket_detail", args=[world.own.ticket.number])).content.decode()
    assert "${7*7}" in page


@pytest.mark.django_db
def test_an_administrators_mail_text_is_no_program(planted: World) -> None:
    client = planted.client("administrator")
    url = reverse("console:mail_text_update", args=["console.invitation"])
    fields = {f"{name}_{code}": ENGINES for name in ("subject", "body") for code in ("en", "zh_hans")}
    response = client.post(url, fields)
    html = response.content.decode()
    assert response.status_code == 422
    assert "$5$" not in html and "md5$" not in html and "<QuerySet" not in html


@pytest.mark.django_db
def test_no_cell_of_an_export_starts_a_formula(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = make_world("=cmd|' /C calc'!A0", "＋1")
    client = world.client("administrator")
    for key in ("ticket", "customer", "user", "team"):
        for format in ("csv", "xlsx"):
            response = client.post(f"{reverse('ui:list_export', args=[key])}?own=1", {"format": format})
            assert response.status_code == 200, key
            if format == "csv":
                text = response.content.decode("utf-8-sig")
                assert "cmd|" in text, key
                assert not re.search(r'(^|,)"?[=+\-@\t＝＋－＠]', text, re.M), text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_opens_the_main_pages_and_nothing_happens(
    new_page: Any, live_server: Any, settings: Any, tmp_path: Any
) -> None:
    from crm.core.seeding import seed

    settings.MEDIA_ROOT, settings.BASE_URL = tmp_path, live_server.url
    seed()
    world = make_world(VECTOR.replace("pwn()", "alert(1)"), "Other")
    Brand.objects.update(phone=VECTOR[:40])
    client = world.client("administrator")
    page = new_page()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    outside: list[str] = []
    page.on("dialog", lambda dialog: (outside.append(f"dialog on {page.url}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: request.url.startswith((live_server.url, "data:", "blob:")) or outside.append(request.url),
    )
    ticket = world.own.ticket
    for path in (
        "/", "/tickets/", f"/tickets/{ticket.number}/", f"/tickets/{ticket.number}/why/", "/customers/",
        f"/customers/{ticket.customer.number}/", "/reports/", "/settings/users/", "/settings/audit/", "/notifications/",
        f"/help/tickets/{ticket.access_token}/", "/help/tickets/new/", f"/rate/{world.own.rating.token}/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}{path}")
        page.wait_for_load_state("networkidle")
        assert page.locator("img[src=x]").count() == 0, path
    assert not outside
