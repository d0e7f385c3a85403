"""The scripts of the frame in a real browser, on the style page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crm.accounts.models import User
from crm.testing import axe
from crm.testing.browser import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user() -> User:
    return User.objects.create_user("zhou.min@example.com", "correct horse battery", name="Zhou Min")


@pytest.fixture
def open_style(user: User, live_server: Any, new_page: Any, client: Any) -> Any:
    """Opens the style page as the user, with preferences and window options."""

    def opened(path: str = "/settings/style/", **options: Any) -> Any:
        preferences = {key: options.pop(key) for key in ("language", "theme", "single_keys") if key in options}
        User.objects.filter(pk=user.pk).update(**{"language": "en", "theme": "light", **preferences})
        client.force_login(user)
        page = new_page(**options)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}", wait_until="load")
        return page

    return opened


#: Every piece of the frame in both; other pages are looked at by crm/testing/tests/test_screens.py.
LOOKS = [
    ("/settings/style/", "en", "light"),
    ("/settings/style/", "zh-hans", "dark"),
    ("/settings/style/public/", "zh-hans", "dark"),
]


@pytest.mark.parametrize(("path", "language", "theme"), LOOKS)
def test_axe_finds_nothing(open_style: Any, path: str, language: str, theme: str) -> None:
    page = open_style(path, language=language, theme=theme)
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
    assert axe.violations(page) == []


def test_phone_has_no_sideways_scroll_and_is_clean(open_style: Any) -> None:
    page = open_style(size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.is_visible(".app-bottom") and not page.is_visible(".app-rail")
    assert axe.violations(page) == []


def test_axe_would_find_something(open_style: Any) -> None:
    page = open_style()
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/favicon.ico\"><button></button>')"
    )
    found = "\n".join(axe.violations(page))
    assert "image-alt" in found and "button-name" in found


def test_rows_are_walked_and_selected_by_keys(open_style: Any) -> None:
    page = open_style()
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    assert page.inner_text("[data-bulk] [data-part=count]") == "3 selected"
    assert page.locator("[data-bulk] [data-selection] >> nth=0").locator("input").count() == 3
    page.click("[data-select-all]")
    assert page.inner_text("[data-bulk] [data-part=count]") == "All 182 matching selected"
    assert page.locator("[data-bulk] input[name=all]").first.input_value() == "1"
    page.click("[data-select-none]")
    assert not page.is_visible("[data-bulk]")


def test_single_keys_are_silent_in_fields_and_when_switched_off(open_style: Any) -> None:
    page = open_style()
    page.focus("[name=q]")
    page.keyboard.type("?jx")
    assert page.input_value("[name=q]") == "?jx" and not page.is_visible("#shortcuts")
    page = open_style(single_keys=False)
    page.keyboard.press("?")
    assert not page.is_visible("#shortcuts")
    page.keyboard.press("Control+k")
    assert page.is_visible("#palette")


def test_palette_searches_and_shortcuts_follow(open_style: Any) -> None:
    page = open_style()
    page.keyboard.press("Control+k")
    page.fill("#palette input", "new tick")
    page.wait_for_selector("#palette [role=option]:has-text('New ticket')")
    assert page.get_attribute("#palette input", "aria-activedescendant")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.is_visible("#shortcuts") and axe.violations(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#shortcuts", state="hidden")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/settings/preferences/")


def test_confirm_starts_on_cancel_and_sends_once(open_style: Any) -> None:
    page = open_style()
    posts: list[str] = []
    page.route("**/*", lambda route: _count(route, posts))
    page.click("main form[data-confirm] button >> nth=0")
    assert page.evaluate("document.activeElement.dataset.part") == "cancel"
    page.keyboard.press("Enter")
    assert not page.is_visible("#confirm") and not posts
    page.click("main form[data-confirm] button >> nth=0")
    page.click("#confirm [data-part=ok]")
    page.wait_for_timeout(0)
    assert len(posts) == 1


def _count(route: Any, posts: list[str]) -> None:
    if route.request.method == "POST":
        posts.append(route.request.post_data or "")
        route.fulfill(status=204)
    else:
        route.continue_()


def test_internal_note_changes_box_button_and_what_is_sent(open_style: Any) -> None:
    page = open_style()
    page.keyboard.press("n")
    assert "is-note" in page.get_attribute("#composer", "class")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Internal note"
    assert page.is_visible("text=Add internal note") and page.is_disabled("#pane-reply textarea")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    assert "is-note" not in page.get_attribute("#composer", "class") and page.is_visible("text=Send reply to Li Lei")


@pytest.mark.console_errors_expected
def test_draft_is_saved_when_idle_and_says_when_it_was_not(open_style: Any) -> None:
    page = open_style()
    answers = iter([500, 204])
    bodies: list[str] = []

    def answer(route: Any) -> None:
        bodies.append(route.request.post_data)
        route.fulfill(status=next(answers))

    page.route("**/draft/", answer)
    page.evaluate("document.querySelector('#pane-reply form').dataset.autosaveUrl = '/draft/'")
    page.focus("#pane-reply textarea")
    page.keyboard.type("x")
    page.fill("#pane-reply textarea", "你好，我看到了")
    chip = page.locator("#pane-reply [data-draft-state]")
    page.evaluate("document.activeElement.blur()")
    chip.filter(has_text="Not saved, trying again").wait_for()
    page.focus("#pane-reply textarea")
    page.evaluate("document.activeElement.blur()")
    chip.filter(has_text="Saved ").wait_for()
    assert "你好" in bodies[-1] and "csrfmiddlewaretoken" not in bodies[-1]


@pytest.mark.console_errors_expected
def test_each_file_has_its_own_progress_and_error(open_style: Any) -> None:
    page = open_style()
    zone = page.locator("[data-upload-url]").last
    zone.evaluate("element => { element.dataset.uploadUrl = '/upload/'; element.dataset.maxBytes = '2000'; }")
    page.route(
        "**/upload/",
        lambda route: (
            route.fulfill(status=200, body=json.dumps({"token": "t-1"}))
            if b"good.txt" in route.request.post_data_buffer
            else route.fulfill(status=422, body=json.dumps({"message": "This is not a picture"}))
        ),
    )
    zone.locator("input[type=file]").set_input_files(
        [
            {"name": "good.txt", "mimeType": "text/plain", "buffer": b"hello"},
            {"name": "bad.png", "mimeType": "image/png", "buffer": b"hello"},
            {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
            {"name": "huge.txt", "mimeType": "text/plain", "buffer": b"x" * 3000},
        ]
    )
    zone.locator(".app-upload.is-done").wait_for()
    zone.locator(".app-upload.is-failed").nth(2).wait_for()
    words = zone.locator(".app-upload-state").all_inner_texts()
    assert "Uploaded" in words and "This is not a picture" in words and "The selected file is empty" in words
    assert zone.locator("input[type=hidden][name=uploads]").input_value() == "t-1"


def test_undo_toast_posts_and_waits_while_looked_at(open_style: Any) -> None:
    page = open_style()
    posts: list[str] = []
    page.route("**/undo/", lambda route: _count(route, posts))
    page.evaluate("app.toast('2 tickets assigned', { undo: '/undo/' })")
    assert "2 tickets assigned" in page.inner_text("#toast-live")
    with page.expect_navigation():
        page.click("#toasts [data-part=undo]")
    assert len(posts) == 1


def test_theme_and_rail_switches_are_kept(open_style: Any, user: User) -> None:
    page = open_style()
    with page.expect_response("**/preferences/"):
        page.click("[data-theme-toggle]")
    with page.expect_response("**/preferences/"):
        page.click("[data-rail-toggle]")
    user.refresh_from_db()
    assert user.theme == "dark" and user.rail_narrow
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_chart_is_drawn_and_has_its_table(open_style: Any) -> None:
    page = open_style()
    page.wait_for_selector("[data-chart] canvas")
    page.click("[data-twin=table]")
    assert page.is_visible("[data-view=table] table") and not page.is_visible("[data-chart]")
    assert "118" in page.inner_text("[data-view=table]")


def test_page_reads_and_submits_without_javascript(open_style: Any, user: User) -> None:
    page = open_style("/settings/preferences/", javascript=False)
    page.select_option("[name=density]", "dense")
    page.click("main button[type=submit]")
    user.refresh_from_db()
    assert user.density == "dense" and page.is_visible("text=Your preferences are saved.")
    page.click("details.app-menu >> nth=-1 >> summary")
    assert page.is_visible("text=简体中文")
