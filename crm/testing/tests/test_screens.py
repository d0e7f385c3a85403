"""What a person finds by following links in a demo: something on every list, and screens that are clean to look at.

The fast tier looks at the most important pages, half of them in Chinese on a dark phone. The slow tier looks at every
entry of navigation and settings in both languages and themes, and opens every screen that links lead to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import sockets
from crm.testing import axe, screens
from crm.testing.browser import PHONE
from crm.testing.suites import signed_in
from crm.ui.lists import lists

DESK = (1366, 900)
#: Pages of their reader's own: the demo's administrator asks for nothing and has no tickets.
PERSONAL = {"requests:request_list", "search:results", "console:home"}
#: The first record of a list, behind the address of the list.
FIRST = re.compile(r'\bid="row-\d+".*?<a\b[^>]*?href="([^"?]+)', re.DOTALL)


@pytest.fixture(autouse=True)
def _demo(demo_database: None) -> None:
    """Every test finds the demo."""


def visitor(**changes: str) -> Client:
    """A window of the demo's administrator, who reads in that language and theme."""
    people = User.objects.filter(email="admin@demo.example")
    people.update(**({"language": "en", "theme": "light"} | changes))
    return signed_in(people.get())


def reader_of(client: Client) -> Callable[[str], str | None]:
    """The page behind an address, as the walk wants it. A failure of the server fails the test."""

    def fetch(address: str) -> str | None:
        response = client.get(address)
        assert response.status_code < 500, address
        is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
        return response.content.decode() if is_page else None

    return fetch


def address_of(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def targets() -> list[str]:
    """The URL names of navigation and settings."""
    entries = [*sockets.nav, *sockets.settings_pages]
    return [name for name in dict.fromkeys(entry.url_name for entry in entries) if address_of(name)]


@pytest.mark.django_db
def test_the_demo_has_a_row_on_every_list() -> None:
    client, empty = visitor(), []
    actor = actor_for(User.objects.get(email="admin@demo.example"))
    for page in lists:
        rows = page.model._default_manager.visible_to(actor)
        if not (page.base(rows) if page.base else rows).exists() and page.url_name not in PERSONAL:
            empty.append(page.url_name)
    known = {page.url_name for page in lists}
    for name in {*targets(), "console:sighting_list"} - known - PERSONAL:
        html = client.get(reverse(name)).content.decode()
        if 'class="app-empty' in html[html.index("<main") : html.index("</main>")]:
            empty.append(name)
    assert not empty, f"nothing to see in the demo: {', '.join(sorted(empty))}"


@pytest.mark.django_db
def test_what_is_not_in_the_rail_stands_in_the_head_of_what_it_belongs_to() -> None:
    client = visitor()
    home = client.get("/").content.decode()
    rail = home[home.index('class="app-rail"') : home.index("app-rail-end")]
    for item in sockets.nav:
        link = re.compile(f'href="{re.escape(reverse(item.url_name))}["?]')
        assert bool(link.search(rail)) == (not item.under and item.section != "settings"), item.key
        if item.under:
            assert link.search(client.get(reverse(sockets.nav[item.under].url_name)).content.decode()), item.key


#: Screens of the fast tier; a list's name with "/" at its end stands for its first record.
IMPORTANT = (
    "console:home", "tickets:ticket_list/", "customers:customer_list/", "sales:board", "quotes:quote_list/",
    "marketing:campaign_list/", "reports:owner", "reports:gallery", "console:settings", "help:home",
    "leads:lead_list/", "knowledge:article_list/",
)  # fmt: skip


@pytest.fixture
def look(live_server: Any, new_page: Any) -> Iterator[Callable[..., list[str]]]:
    """Opens addresses in one language and theme, at the given widths; what is wrong with each."""

    def looked(addresses: list[str], language: str, theme: str, sizes: tuple[tuple[int, int], ...]) -> list[str]:
        session = visitor(language=language, theme=theme).cookies["sessionid"].value
        page = new_page(language="zh-CN" if language == "zh-hans" else "en-GB", dark=theme == "dark", size=sizes[0])
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        wrong = []
        for address in addresses:
            page.goto(f"{live_server.url}{address}")
            page.wait_for_load_state("networkidle")
            for width, height in sizes:
                page.set_viewport_size({"width": width, "height": height})
                wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                found = axe.violations(page) + ([f"{wider} px wider than the window"] if wider > 0 else [])
                wrong += [f"{address} {language} {theme} {width}: {line}" for line in found]
            page.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
        return wrong

    yield looked


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "theme", "part", "size"), [("zh-hans", "dark", 0, PHONE), ("en", "light", 1, DESK)]
)
def test_the_most_important_pages_are_clean(look: Any, language: str, theme: str, part: int, size: Any) -> None:
    fetch, chosen = reader_of(visitor()), []
    for name in IMPORTANT[part::2]:
        address = reverse(name.rstrip("/"))
        first = FIRST.search(fetch(f"{address}?own=1") or "") if name.endswith("/") else None
        assert first or not name.endswith("/"), name
        chosen.append(first.group(1) if first else address)
    assert look(chosen, language, theme, (size,)) == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_entry_of_navigation_and_settings_is_clean(look: Any, language: str, theme: str) -> None:
    assert look([reverse(name) for name in targets()], language, theme, (DESK, PHONE)) == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_screen_that_links_lead_to_opens(language: str) -> None:
    found = screens.walk(reader_of(visitor(language=language)), [*screens.STARTS, *screens.demo_starts()])
    assert len(found) > 300
    assert set(targets()) <= found.keys()
