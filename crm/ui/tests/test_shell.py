"""The frame, its tags, preferences, palette, pulse and error pages, through their addresses."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from crm.accounts.models import User
from crm.core import clock, sockets
from crm.core.actor import Actor, ActorKind, Grants
from crm.core.errors import Conflict, Invalid, NotAllowed, TooMany
from crm.ui import actions, html, palette
from crm.ui.views import errors

NOW = dt.datetime(2026, 9, 5, 12, 45, tzinfo=dt.UTC)


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("li.lei@example.com", "correct horse battery", name="李雷")


@pytest.fixture
def browser(user: User, client: Client) -> Client:
    client.force_login(user)
    return client


# Words and numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 s"),
        (45, "45 s", "45 s"),
        (1080, "18 min", "18 min"),
        (3600, "1 h", "1 h"),
        (7800, "2 h 10 m", "2 h 10 m"),
        (-2100, "35 min", "35 min"),
        (280_000, "3 d 5 h", "3 d 5 h"),
    ],
)
def test_duration_names_its_units(seconds: int, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert html.duration(seconds) == english
    assert html.duration(None) == "--"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (812, "812", "812"),
        (9_999, "9,999", "9,999"),
        (12_345, "12.3K", "1.2 万"),
        (4_000_000, "4M", "400 万"),
        (Decimal("340000000"), "340M", "3.4 亿"),
        (-25_000, "-25K", "-2.5 万"),
    ],
)
def test_number_short_follows_the_language(value: Any, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert html.number_short(value) == english
    with translation.override("zh-hans"):
        assert html.number_short(value) == chinese


def test_time_is_relative_for_a_day_then_absolute_in_the_readers_zone() -> None:
    with clock.at(NOW), timezone.override("Asia/Shanghai"), translation.override("en"):
        recent = html.time(clock.now() - dt.timedelta(minutes=5))
        assert ">5 min ago<" in recent and 'data-ago="long"' in recent and "Asia/Shanghai" in recent
        assert ">5 min<" in html.time(clock.now() - dt.timedelta(minutes=5, seconds=1), short=True)
        assert ">4 Sep 20:45<" in html.time(NOW - dt.timedelta(days=1))
        assert ">5 Sep 2025, 20:45<" in html.time(NOW - dt.timedelta(days=365))
        assert ">5 Sep 20:46<" in html.time(NOW + dt.timedelta(minutes=1)), "the future is never relative"
        assert "data-ago" not in html.time(NOW, always_absolute=True)
    with clock.at(NOW), timezone.override("Asia/Shanghai"), translation.override("zh-hans"):
        assert ">09-04 20:45<" in html.time(NOW - dt.timedelta(days=1))
        assert ">2025-09-05 20:45<" in html.time(NOW - dt.timedelta(days=365))


def test_avatar_shows_initials_and_keeps_its_colour() -> None:
    assert ">ZM<" in html.avatar("Zhou Min")
    assert ">小明<" in html.avatar("王小明")
    assert html.hue(7) == html.hue("7") and html.hue(7).startswith("hue-")
    assert "&lt;b&gt;" in html.avatar("<b>x</b> y")


def test_lang_marks_text_in_the_other_language_only() -> None:
    with translation.override("en"):
        assert html.lang_attribute("打印机离线") == ' lang="zh-Hans"'
        assert html.lang_attribute("Printer offline") == ""
    with translation.override("zh-hans"):
        assert html.lang_attribute("打印机离线") == ""
        assert html.lang_attribute("Printer offline") == ' lang="en"'
        assert html.lang_attribute("2026-09-05") == ""


def test_query_keeps_the_rest_of_the_address_and_escapes_it() -> None:
    request = RequestFactory().get("/tickets/", {"status": ["new", "open"], "q": '"><script>', "page": "3"})
    text = render("{% query page=4 q=None %}", request=request)
    assert text == "?status=new&amp;status=open&amp;page=4"
    assert "<script>" not in render("{% query page=1 %}", request=request)


def test_can_asks_the_actor_and_refuses_unknown_names() -> None:
    name = sorted(sockets.permissions.names)[0]
    request = RequestFactory().get("/")
    request.actor = Actor(ActorKind.STAFF, 1, "x", Grants(frozenset({name})))  # type: ignore[attr-defined]
    source = "{% can name as may %}{{ may }}"
    assert render(source, request=request, name=name) == "True"
    with pytest.raises(KeyError):
        render(source, request=request, name="nobody.declared")


def test_icon_is_decorative_and_unknown_names_do_not_break_a_page() -> None:
    assert 'aria-hidden="true"' in html.icon("ticket") and "#i-ticket" in html.icon("ticket")
    assert "#i-circle" in html.icon("no-such-icon")


# The frame -----------------------------------------------------------------------------------------


def test_guest_is_sent_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/settings/style/")
    assert answer.status_code == 302 and "next=/settings/style/" in answer["Location"]


@pytest.mark.parametrize(("language", "html_lang"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_style_page_is_drawn_in_the_users_language_and_theme(
    browser: Client, user: User, language: str, html_lang: str
) -> None:
    User.objects.filter(pk=user.pk).update(language=language, theme="dark", density="dense")
    page = browser.get("/settings/style/")
    text = page.content.decode()
    assert f'<html lang="{html_lang}" data-bs-theme="dark"' in text and 'data-density="dense"' in text
    assert page["Content-Language"] == html_lang
    assert text.count("<h1") == 1 and 'class="app-skip"' in text
    assert "<title>" in text and " (5) · " in text
    assert browser.get("/settings/style/public/").status_code == 200


def test_rail_leaves_out_what_the_actor_may_not_open(browser: Client) -> None:
    text = browser.get("/settings/preferences/").content.decode()
    for item in sockets.nav:
        if item.permission:
            assert f">{item.label}</span>" not in text


def test_policy_allows_no_inline_script(browser: Client) -> None:
    policy = browser.get("/settings/style/")["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy


def test_visitor_gets_the_browsers_language_and_own_zone(client: Client, db: None) -> None:
    answer = client.get("/nowhere-at-all/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert answer.status_code == 404 and answer["Content-Language"] == "zh-Hans"
    assert "Accept-Language" in answer["Vary"]


# Preferences ---------------------------------------------------------------------------------------


def test_visitor_keeps_a_language_in_a_cookie(client: Client, db: None) -> None:
    answer = client.post("/preferences/", {"language": "zh-hans", "theme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/", "no redirect to another host"
    page = client.get("/nowhere-at-all/")
    assert page["Content-Language"] == "zh-Hans" and 'data-bs-theme="dark"' in page.content.decode()


def test_user_saves_preferences_by_switch_and_by_form(browser: Client, user: User) -> None:
    assert browser.post("/preferences/", {"rail_narrow": "1"}, headers={"X-Requested-With": "fetch"}).status_code == 204
    user.refresh_from_db()
    assert user.rail_narrow
    form = {
        "language": "zh-hans",
        "timezone": "Europe/London",
        "theme": "auto",
        "density": "standard",
        "absolute_time": "on",
    }
    assert browser.post("/settings/preferences/", form).status_code == 302
    user.refresh_from_db()
    assert (user.language, user.timezone, user.density) == ("zh-hans", "Europe/London", "standard")
    assert user.absolute_time and not user.single_keys


@pytest.mark.parametrize(
    "values", [{"theme": "pink"}, {"timezone": "Mars/Base"}, {"language": "tlh"}, {"is_active": False}, {"email": "x"}]
)
def test_preferences_refuse_what_they_do_not_know(user: User, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        actions.save_preferences(actor=Actor(ActorKind.STAFF, user.pk, user.name), values=values)
    user.refresh_from_db()
    assert user.is_active


def test_bad_preferences_show_the_form_again(browser: Client) -> None:
    answer = browser.post(
        "/settings/preferences/", {"language": "tlh", "timezone": "x", "theme": "auto", "density": "dense"}
    )
    assert answer.status_code == 422 and 'class="error-summary"' in answer.content.decode()


# Palette and pulse ---------------------------------------------------------------------------------


def test_palette_finds_places_in_both_languages_and_hides_the_rest(browser: Client, user: User, db: None) -> None:
    actor = Actor(ActorKind.STAFF, user.pk, user.name, Grants(frozenset(sockets.permissions.names)))
    with translation.override("en"):
        everything = palette.find(actor, "")
        assert everything, "an empty query offers places"
        place = next(hit for group in everything for hit in group.hits)
        assert any(hit.url == place.url for group in palette.find(actor, str(place.label)[:4]) for hit in group.hits)
        assert [hit.url for group in palette.find(actor, ">dark theme") for hit in group.hits] == [
            "/settings/preferences/"
        ]
        assert palette.find(actor, "zzzz no such thing") == []
    answer = browser.get("/palette/", {"q": ""})
    assert answer.status_code == 200
    for item in sockets.nav:
        if item.permission:
            assert f'href="{item.url_name}"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("label", "query", "marked"),
    [
        ("Suzhou Hengyi", "heng", "Suzhou <mark>Heng</mark>yi"),
        ("苏州恒一", "恒一", "苏州<mark>恒一</mark>"),
        ("胡悦", "hy", "<mark>胡</mark><mark>悦</mark>"),
        ("<b>x</b>", "x", "&lt;b&gt;<mark>x</mark>&lt;/b&gt;"),
        ("Plain", "", "Plain"),
        ("ﬁle name", "zz", "ﬁle name"),
    ],
)
def test_palette_marks_what_matched(label: str, query: str, marked: str) -> None:
    assert palette.mark(label, query) == marked


def test_palette_asks_guests_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/palette/?q=x", headers={"HX-Request": "true"}).status_code == 401


def test_pulse_answers_once_and_then_says_unchanged(browser: Client, client: Client) -> None:
    first = browser.get("/pulse/", {"watch": ["unknown:1", "\u202e"]})
    assert first.status_code == 200 and set(json.loads(first.content)) == {"nav", "watch"}
    again = browser.get("/pulse/", {"watch": ["unknown:1", "\u202e"]}, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    browser.logout()
    assert browser.get("/pulse/").status_code == 401


# Errors --------------------------------------------------------------------------------------------


def request_for(user: User | None = None, method: str = "get", data: dict | None = None, **headers: str) -> Any:
    from django.contrib.auth.models import AnonymousUser

    make = RequestFactory()
    request = getattr(make, method)("/tickets/1/", data or {}, headers=headers)
    request.user = user or AnonymousUser()
    request.actor = Actor(ActorKind.STAFF, user.pk, user.name) if user else Actor.guest()
    return request


def test_missing_right_is_named_with_who_can_grant_it(user: User) -> None:
    from crm.accounts.models import Role

    role = Role.objects.filter(is_administrator=True).first() or Role.objects.create(
        name={"en": "Boss"}, is_administrator=True
    )
    boss = User.objects.create_user("boss@example.com", None, name="Wang Jing")
    boss.roles.add(role)
    name = sorted(sockets.permissions.names)[0]
    answer = errors.domain_error(request_for(user), NotAllowed(name))
    text = answer.content.decode()
    assert answer.status_code == 403 and str(sockets.permissions.label(name)) in text and "Wang Jing" in text
    to_guest = errors.domain_error(request_for(), NotAllowed(name)).content.decode()
    assert "Wang Jing" not in to_guest and "boss@example.com" not in to_guest


def test_fragment_page_and_json_carry_the_same_status(user: User) -> None:
    page = errors.domain_error(request_for(user), Conflict())
    part = errors.domain_error(request_for(user, **{"HX-Request": "true"}), Conflict())
    data = errors.domain_error(request_for(user, Accept="application/json"), Conflict())
    assert page.status_code == part.status_code == data.status_code == 409
    assert b"<html" in page.content and b"<html" not in part.content and part["X-Error-Fragment"] == "1"
    assert json.loads(data.content)["code"] == "conflict"
    assert errors.domain_error(request_for(user), TooMany(retry_after_seconds=9))["Retry-After"] == "9"


def test_old_form_keeps_the_typed_text_but_no_secret(user: User) -> None:
    data = {"body": "第一行\n<script>alert(1)</script>", "password": "hunter2", "csrfmiddlewaretoken": "x", "empty": ""}
    mine = errors.csrf_failure(request_for(user, "post", data, Origin="http://testserver"))
    text = mine.content.decode()
    assert mine.status_code == 403 and "第一行" in text and "&lt;script&gt;" in text and "hunter2" not in text
    assert "Send again" in text
    foreign = errors.csrf_failure(request_for(user, "post", data, Origin="https://evil.example")).content.decode()
    assert "Send again" not in foreign, "a form from elsewhere is shown, never offered for sending"


def test_ended_session_keeps_the_typed_text(db: None) -> None:
    request = request_for(None, "post", {"body": "half an hour of typing"}, Origin="http://testserver")
    answer = errors.sign_in_required(request)
    assert answer.status_code == 401 and "half an hour of typing" in answer.content.decode()
    part = errors.sign_in_required(request_for(None, "post", {}, **{"HX-Request": "true"}))
    assert part.status_code == 401 and part["HX-Trigger"] == "app:session-ended"


def test_server_error_needs_neither_session_nor_database() -> None:
    answer = errors.server_error(request_for(None, "post", {"subject": "kept"}))
    assert answer.status_code == 500 and "kept" in answer.content.decode() and "UTC" in answer.content.decode()
