"""The list in a real browser: swapped results, selection, columns; and all of it without JavaScript."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.conf import settings

from crm.accounts.models import Team
from crm.testing.suites import signed_in, staff

from .teams import MANAGE, make_team

pytestmark = pytest.mark.django_db(transaction=True)


def open_list(new_page: Any, live_server: Any, **options: Any) -> Any:
    """A signed-in page on the list of 30 teams."""
    for number in range(30):
        make_team(f"Team {number:02}", is_active=number % 3 != 0)
    user = staff(
        MANAGE,
        language="zh-hans" if options.get("language") == "zh-CN" else "en",
        theme="dark" if options.get("dark") else "light",
    )
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page = new_page(**options)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/teams/?own=1&per_page=25")
    return page


def look(page: Any, name: str) -> None:
    """Keeps a picture where LOOK_DIR says, for the eye."""
    if os.environ.get("LOOK_DIR"):
        page.screenshot(path=f"{os.environ['LOOK_DIR']}/{name}.png")


def test_paging_and_filtering_swap_the_results_and_push_the_address(new_page: Any, live_server: Any) -> None:
    page = open_list(new_page, live_server, size=(1366, 900))
    page.evaluate("document.body.dataset.same = '1'")
    look(page, "list")
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**&page=2**")
    assert page.locator("tr[data-row]").count() == 5
    page.locator("select[name=is_active]").select_option("true")
    page.wait_for_url("**is_active=true**")
    page.locator("#page-count", has_text="20").wait_for()
    assert page.evaluate("document.body.dataset.same") == "1", "the page itself was not loaded again"
    assert page.get_by_text("Save as a view").is_visible()
    page.go_back()
    page.locator("#page-count", has_text="30").wait_for()


def test_selecting_starts_a_bulk_action(new_page: Any, live_server: Any) -> None:
    page = open_list(new_page, live_server, size=(1366, 900))
    assert not page.locator("[data-bulk]").is_visible()
    page.get_by_label("Select all on this page").check()
    look(page, "selected")
    page.get_by_role("button", name="Select all 30 matching").click()
    page.locator("[data-bulk]").get_by_role("button", name="Switch").click()
    page.wait_for_url("**/bulk/switch/**")
    assert page.get_by_text("30 records").is_visible()
    look(page, "bulk")
    page.locator("main").get_by_role("button", name="Switch", exact=True).click()
    page.wait_for_url("**/jobs/*/")
    look(page, "job")


def test_the_columns_dialog_moves_and_saves(new_page: Any, live_server: Any) -> None:
    page = open_list(new_page, live_server, size=(1366, 900))
    page.get_by_role("link", name="Columns").click()
    dialog = page.locator("#list-columns")
    look(page, "columns")
    dialog.get_by_label("Department", exact=True).uncheck()
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert page.get_by_role("columnheader", name="Department").count() == 0


def test_it_all_works_without_javascript(new_page: Any, live_server: Any) -> None:
    page = open_list(new_page, live_server, javascript=False)
    page.get_by_role("link", name="Next page").click()
    assert page.locator("tr[data-row]").count() == 5
    page.get_by_role("link", name="Columns").click()
    page.get_by_role("button", name="Move Created up").click()
    page.get_by_role("button", name="Save").click()
    heads = [text.strip() for text in page.locator("thead th").all_inner_texts()]
    assert heads.index("Created") < heads.index("Department")


@pytest.mark.parametrize(("language", "dark", "size"), [("zh-CN", True, (1366, 900)), ("en-GB", False, (390, 844))])
def test_a_record_page_loads_its_panels(new_page: Any, live_server: Any, language: str, dark: bool, size: Any) -> None:
    page = open_list(new_page, live_server, language=language, dark=dark, size=size)
    look(page, f"list-{language}-{size[0]}")
    team = Team.objects.order_by("pk").first()
    page.goto(f"{live_server.url}/teams/{team.pk}/")
    page.wait_for_load_state("networkidle")
    look(page, f"record-{language}-{size[0]}")
    page.goto(f"{live_server.url}/teams/{team.pk}/edit/")
    look(page, f"edit-{language}-{size[0]}")
    page.goto(f"{live_server.url}/teams/{team.pk}/?tab=test.broken")
    page.locator(".app-banner.tone-danger").wait_for()
