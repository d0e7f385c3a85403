"""The board's pages: rights, languages, broken parts, refreshing, exports, odd addresses."""

from __future__ import annotations

import csv
import html
import io
import re
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Scope
from crm.core.sockets import activity_types
from reports import cards
from reports.cards import CARDS
from tickets.models import Ticket

from .builders import SHANGHAI, Desk, at, person

BOARD = "/reports/?period=custom&from=2026-11-02&to=2026-11-04"
HTMX = {"HX-Request": "true"}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def card_url(key: str) -> str:
    return f"/reports/cards/{key}/?period=custom&from=2026-11-02&to=2026-11-04"


@pytest.fixture
def boss(week: Desk) -> Client:
    """Sees every ticket and may export."""
    return browser(person("tickets.view", "reports.view_board", "reports.export", scope=Scope.ALL))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("permissions", "board", "export"),
    [
        ((), 403, 403),
        (("tickets.view",), 403, 403),
        (("tickets.view", "reports.view_board"), 200, 403),
        (("tickets.view", "reports.export"), 403, 403),
        (("tickets.view", "reports.view_board", "reports.export"), 200, 200),
    ],
)
def test_who_may_open_what(permissions: tuple[str, ...], board: int, export: int) -> None:
    client = browser(person(*permissions))
    assert client.get("/reports/").status_code == board
    assert client.get(card_url("flow"), headers=HTMX).status_code == board
    assert client.post(reverse("reports:export", args=["flow"])).status_code == export


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in() -> None:
    assert Client().get("/reports/").status_code == 302
    assert Client().get(card_url("flow"), headers=HTMX).status_code == 401


def test_the_whole_board_shows_figures_tables_and_links(boss: Client) -> None:
    with clock.at(at(4, 12)):
        page = boss.get(f"{BOARD}&complete=1")
    text = page.content.decode()
    full = [key for key, card in CARDS.items() if not card.has_tiles and key != "overdue"]
    assert text.count('data-view="table"') == len(full) and "0 tickets are overdue." in text
    assert "4 came in, 2 were resolved; the backlog went from 0 to 2." in text
    assert "4.0 of 5, from 2 answers." in text
    assert "Bottleneck:" in text
    assert "Updated 12:00, Beijing time" in text
    assert 'href="/tickets/?' in text
    assert "style=" not in text.partition("<main")[2]


def test_what_is_overdue_and_when_work_comes_in(boss: Client, week: Desk) -> None:
    with clock.at(at(4, 12)):
        ticket = Ticket.objects.latest("created_at")
        Ticket.objects.filter(pk=ticket.pk).update(sla_state="breached", next_due_at=at(4, 10, 30))
        late = boss.get(card_url("overdue"), headers=HTMX).content.decode()
        came = boss.get(card_url("arrivals"), headers=HTMX).content.decode()
        csv_file = boss.post("/reports/cards/overdue/export/?period=7d").content.decode("utf-8-sig")
    assert "1 ticket is overdue." in late and "1 h 30 m" in late
    assert f'href="/tickets/{ticket.number}/"' in late and "Nobody" in late
    assert "2026-11-04T10:30+08:00" in csv_file
    # Monday 9:00 and 17:30, Tuesday 10:00, Wednesday 9:00, in the company's zone.
    links = re.findall(r"weekday=(\d)&amp;hours=(\d+)", came)
    assert sorted(links) == [("1", "15"), ("1", "9"), ("2", "9"), ("3", "9")] and came.count("heat-5") == 4
    url = html.unescape(re.search(r'href="(/tickets/[^"]*weekday=1&amp;hours=15[^"]*)"', came)[1])
    shown = boss.get(url).context["list"].rows.slice().rows
    assert [row.created_at.astimezone(SHANGHAI).hour for row in shown] == [17]


def test_the_frame_asks_few_queries_and_each_card_few_more(boss: Client) -> None:
    boss.get(BOARD)
    with CaptureQueriesContext(connection) as asked:
        boss.get(BOARD)
    assert len(asked) <= 12
    for key in CARDS:
        with CaptureQueriesContext(connection) as asked:
            boss.get(card_url(key), headers=HTMX)
        assert len(asked) <= 25, key


def test_a_reader_without_tickets_sees_an_empty_board(week: Desk) -> None:
    client = browser(person("tickets.view", "reports.view_board", scope=Scope.NONE))
    text = client.get(f"{BOARD}&complete=1").content.decode()
    assert "0 came in, 0 were resolved; the backlog went from 0 to 0." in text
    assert "No answers in this period yet." in text
    assert "--" in text


def test_a_broken_card_leaves_the_rest(boss: Client) -> None:
    def broken(board: object) -> None:
        raise ZeroDivisionError

    card = CARDS["waiting"]
    failing = cards.Card(card.key, card.question, broken, card.place)
    with mock.patch.dict(CARDS, {"waiting": failing}):
        fragment = boss.get(card_url("waiting"), headers=HTMX)
        page = boss.get(f"{BOARD}&complete=1").content.decode()
    assert fragment.status_code == 200
    assert "These figures could not be read." in fragment.content.decode()
    assert page.count("These figures could not be read.") == 1
    assert "Do we solve as much as comes in?" in page


def test_an_unchanged_card_is_left_alone(boss: Client) -> None:
    first = boss.get(card_url("status"), headers=HTMX)
    same = boss.get(card_url("status"), headers={**HTMX, "X-Card-Digest": first["X-Card-Digest"]})
    assert (same.status_code, same.content) == (204, b"")
    assert same["X-Card-Time"]


def test_a_card_has_a_page_of_its_own_for_browsers_without_scripts(boss: Client) -> None:
    page = boss.get(card_url("sla"))
    assert page.status_code == 200
    assert "Which teams keep their promises?" in page.content.decode()
    assert boss.get("/reports/cards/nothing/").status_code == 404


def test_the_export_holds_bare_values_and_is_written_down(boss: Client, week: Desk) -> None:
    week.first.name = {"en": "=cmd()", "zh-hans": "=cmd()"}
    week.first.save()
    with clock.at(at(4, 12)):
        answer = boss.post("/reports/cards/sla/export/?period=custom&from=2026-11-02&to=2026-11-04")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Team"
    mine = next(row for row in rows if row[0] == "'=cmd()")
    assert mine[1:5] == ["2", "0.5", "2", "0.5"]
    activity = Activity.objects.filter(type=activity_types["reports.exported"].code).get()
    assert activity.data["rows"] == 2
    assert boss.post("/reports/cards/period/export/").status_code == 404


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("period=custom&from=2026-11-05&to=2026-11-02", "The last day must not be before the first."),
        ("period=custom&from=2020-01-01&to=2026-11-02", "Choose up to 366 days."),
        ("period=custom&from=0000&to=%E2%80%AE", "Choose the first and the last day."),
        ("period=custom", "Choose the first and the last day."),
        ("period=century", "This period is not known."),
        ("team=999999&team=x", "was left out"),
        ("nonsense=1", "not known and were ignored"),
    ],
)
def test_an_address_that_cannot_be_read_is_explained(boss: Client, query: str, notice: str) -> None:
    page = boss.get(f"/reports/?{query}")
    assert page.status_code == 200
    assert notice in page.content.decode()


def test_team_filter_narrows_and_offers_only_teams_in_scope(week: Desk) -> None:
    client = browser(person("tickets.view", "reports.view_board", scope=Scope.TEAM, teams=(week.first,), name="Lead"))
    text = client.get(f"{BOARD}&complete=1").content.decode()
    assert "3 came in, 2 were resolved" in text
    assert "Ben" not in text
    refused = client.get(f"{BOARD}&complete=1&team={week.second.pk}").content.decode()
    assert "was left out" in refused


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_languages_draw_every_card(week: Desk, language: str) -> None:
    user = person("tickets.view", "reports.view_board", scope=Scope.ALL)
    user.language = language
    user.save()
    page = browser(user).get(f"{BOARD}&complete=1")
    text = page.content.decode()
    assert "These figures could not be read." not in text
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in text
    assert ("11-02" if language == "zh-hans" else "2–4 Nov") in text


def test_home_shows_my_week_beside_the_team(week: Desk) -> None:
    client = browser(week.anna)
    with clock.at(at(4, 12)):
        text = client.get("/home/week/", headers=HTMX).content.decode()
    assert "My week beside the team" in text
    assert f"assignee={week.anna.pk}" in text
    assert "50.0%" in text
    nobody = browser(person("tickets.view", "tickets.reply"))
    assert nobody.get("/home/week/", headers=HTMX).content == b""
