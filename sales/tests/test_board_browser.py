"""The board in a real browser, in Chinese: moved by key and menu, lost for a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from crm.testing.suites import signed_in
from crm.testing.suites import staff as person

from .deal_builders import fresh, make_deal, stage
from .test_deal_views import ALL

pytestmark = pytest.mark.django_db(transaction=True)


def open_board(new_page: Any, live_server: Any) -> Any:
    """A signed-in page on the board."""
    user = person(*ALL, language="zh-hans")
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page = new_page(language="zh-CN", size=(1366, 900))
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/sales/board/")
    return page


def test_a_card_is_moved_by_key_and_lost_for_a_reason(new_page: Any, live_server: Any) -> None:
    deal, other = make_deal(name="冷链追溯项目"), make_deal(name="门店电子价签")
    page = open_board(new_page, live_server)
    page.locator(f"#deal-{deal.pk} [data-open]").focus()
    page.keyboard.press("m")
    page.locator(f"#deal-{deal.pk} .app-opt:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator(f"#stage-{stage(1).pk} #deal-{deal.pk}").wait_for()
    assert fresh(deal).stage == stage(1)
    page.locator(f"#deal-{other.pk}").drag_to(page.locator(f"#stage-{stage(2).pk} .board-list"))
    page.locator(f"#stage-{stage(2).pk} #deal-{other.pk}").wait_for()
    page.locator(f"#deal-{deal.pk} details summary").click()
    page.locator(f"#deal-{deal.pk} [data-end-link=lose]").click()
    page.wait_for_url("**/lose/**")
    page.locator("select[name=reason]").select_option(index=1)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/sales/board/**")
    assert page.locator(f"#deal-{deal.pk}").count() == 0
    assert fresh(deal).state == "lost" and fresh(other).stage == stage(2)
