"""Lists: the address is the state; sizes, views and columns of one declared list."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Department, Team, TeamMembership, User
from crm.activity.models import Activity
from crm.testing.declarations import declared
from crm.testing.suites import signed_in, staff
from crm.ui.generic import engine
from crm.ui.lists import Column, lists
from crm.ui.models import ListPreference, SavedView

from .teams import MANAGE, TEAMS, make_team

pytestmark = pytest.mark.django_db
LIST = "/teams/"


def ids(response: Any) -> list[int]:
    return [row.pk for row in response.context["list"].current.rows]


# Address ---------------------------------------------------------------------------------------


def test_a_bare_address_opens_the_first_view_and_a_view_brings_its_filters(client: Client) -> None:
    on, off = make_team("On"), make_team("Off", is_active=False)
    assert {on.pk, off.pk} <= set(ids(client.get(LIST)))
    assert off.pk not in ids(client.get(LIST, {"view": "active"}))
    assert off.pk in ids(client.get(LIST, {"view": "active", "own": "1"})), "filters taken away stay away"


def test_sorting_inside_a_view_keeps_its_filters(client: Client) -> None:
    off = make_team("Off", is_active=False)
    assert off.pk not in ids(client.get(LIST, {"view": "active", "sort": "created"}))


def test_an_order_by_a_column_that_the_reader_may_not_see_is_not_given(client: Client) -> None:
    older, newer = make_team("Older"), make_team("Newer")
    Team.objects.filter(pk=older.pk).update(created_at=newer.created_at + dt.timedelta(days=1))
    page = client.get(LIST, {"sort": "secret"}).context["list"]
    assert page.state.sort == "-created" and next(row.pk for row in page.current.rows) == older.pk
    auditor = signed_in(staff(MANAGE, "console.view_audit"))
    assert ids(auditor.get(LIST, {"sort": "secret"})) == [older.pk, newer.pk]


def test_rows_without_a_value_come_last_both_ways(client: Client) -> None:
    created = [Department.objects.create(name={"en": name}) for name in ("First", "Second")]
    roots = sorted(created, key=lambda root: root.path)  # a path is text, so /10/ stands before /9/
    below = [Department.objects.create(name={"en": "Below"}, parent=root) for root in roots]
    first, second = (make_team(department=department) for department in below)
    neither = make_team()
    column = Column("above", "Above", cell="pk", sort="department__parent__path")
    with declared(lists, replace(TEAMS, columns=[*TEAMS.columns, column])):
        for probe in (engine.PROBE, 1):
            cache.clear()
            with mock.patch.object(engine, "PROBE", probe):
                assert ids(client.get(LIST, {"sort": "above"})) == [first.pk, second.pk, neither.pk]
                assert ids(client.get(LIST, {"sort": "-above"})) == [second.pk, first.pk, neither.pk]


def test_a_filter_that_cannot_be_read_is_left_out_and_named(client: Client) -> None:
    team = make_team()
    response = client.get(LIST, {"department": "999999", "is_active": "true"})
    assert team.pk in ids(response)
    assert "Department" in " ".join(response.context["list"].notices)


def test_a_chip_removes_only_its_filter(client: Client) -> None:
    team = make_team()
    response = client.get(LIST, {"department": team.department_id, "is_active": "true"})
    chips = {str(chip.name): chip for chip in response.context["list"].chips}
    assert set(chips) == {"Department", "Active"}
    assert "is_active=true" in chips["Department"].remove_url and "department" not in chips["Department"].remove_url


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9" * 30, "١"])
def test_strange_page_numbers_show_a_page(client: Client, page: str) -> None:
    make_team()
    assert client.get(LIST, {"page": page, "per_page": page}).status_code == 200


@pytest.mark.parametrize("text", ["\x00", "%", "'; DROP TABLE", "长" * 400, "_"])
def test_hostile_searches_answer(client: Client, text: str) -> None:
    query = {"q": text, "created_at_after": text, "view": text, "from": text, "cols": text}
    assert client.get(LIST, query).status_code == (400 if "\x00" in text else 200)


# Sizes -----------------------------------------------------------------------------------------


def test_wide_lists_stop_counting_and_count_on_request(client: Client) -> None:
    for number in range(4):
        make_team(f"Team {number}")
    with mock.patch.object(engine, "PROBE", 2), mock.patch.object(engine, "COUNT_CAP", 2):
        page = client.get(LIST).context["list"]
        assert page.count_text == "2+" and page.current.has_next is False
        assert client.get(LIST, {"exact": "1"}).context["list"].count_text == str(Team.objects.count())


def test_wide_and_narrow_lists_show_the_same_rows(client: Client) -> None:
    for number in range(5):
        make_team(f"Team {number}")
    narrow = ids(client.get(LIST))
    cache.clear()
    with mock.patch.object(engine, "PROBE", 2):
        assert ids(client.get(LIST)) == narrow


def test_a_far_page_of_a_wide_list_asks_for_a_date(client: Client) -> None:
    make_team()
    make_team()
    with mock.patch.object(engine, "PROBE", 1), mock.patch.object(engine, "FAR_PAGE", 3):
        page = client.get(LIST, {"page": "4"}).context["list"]
        assert page.current.number == 1 and page.current.too_far
        assert any("date" in str(notice) for notice in page.notices)


def test_the_date_jump_starts_at_that_day(client: Client) -> None:
    import datetime as dt

    old, new = make_team("Old"), make_team("New")
    Team.objects.filter(pk=old.pk).update(created_at=dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC))
    assert ids(client.get(LIST, {"from": "2024-03-05"})) == [old.pk]
    assert new.pk in ids(client.get(LIST, {"from": "2024-03-05", "sort": "created"}))
    assert client.get(LIST, {"from": "2024-99-99"}).context["list"].notices


def test_a_new_row_shows_at_once_although_the_size_is_remembered(client: Client) -> None:
    client.get(LIST)
    assert make_team().pk in ids(client.get(LIST))


# Columns and views -----------------------------------------------------------------------------


def test_columns_are_kept_per_person_and_reset(client: Client, user: User) -> None:
    make_team()
    url = reverse("ui:list_columns", args=["team"])
    client.post(url, {"columns": ["active", "name"], "density": "dense", "per_page": "25"})
    page = client.get(LIST).context["list"]
    assert [column.key for column in page.columns] == ["active", "name"]
    assert (page.density, page.state.per) == ("dense", 25)
    assert signed_in(staff(MANAGE)).get(LIST).context["list"].columns[0].key == "name"
    client.post(url, {"reset": "1"})
    assert ListPreference.objects.get(user=user).columns == []


def test_columns_without_the_right_are_neither_shown_nor_kept(client: Client) -> None:
    make_team()
    assert client.post(reverse("ui:list_columns", args=["team"]), {"columns": ["secret"]}).status_code == 422
    body = client.get(LIST, {"cols": "name,secret"}).content.decode()
    assert "Secret" not in body


def test_columns_move_without_javascript(client: Client) -> None:
    response = client.post(
        reverse("ui:list_columns", args=["team"]),
        {"columns": ["name", "department"], "move": "up:department"},
    )
    assert [column.key for column, shown in response.context["all_columns"] if shown] == [
        "department",
        "name",
    ]


def test_a_view_is_saved_changed_and_deleted(client: Client, user: User) -> None:
    off = make_team("Off", is_active=False)
    client.post(
        reverse("ui:view_create", args=["team"]) + "?is_active=true&sort=created",
        {"name": "Mine", "position": 5, "pinned": "on"},
    )
    view = SavedView.objects.get(owner=user)
    page = client.get(LIST, {"view": view.key}).context["list"]
    assert off.pk not in [row.pk for row in page.current.rows]
    assert page.state.sort == "created" and not page.state.changed
    changed = client.get(LIST, {"view": view.key, "is_active": "false"}).context["list"]
    assert changed.state.changed and changed.state.tab.editable
    client.post(reverse("ui:view_save", args=["team", view.pk]) + f"?view={view.key}&is_active=false")
    assert SavedView.objects.get(pk=view.pk).params == "is_active=false"
    client.post(reverse("ui:view_delete", args=["team", view.pk]))
    assert not SavedView.objects.exists()


def test_sharing_a_view_needs_the_right_and_reaches_the_team_only(client: Client) -> None:
    team = make_team()
    owner, mate, stranger = staff(MANAGE, "ui.share_views"), staff(MANAGE), staff(MANAGE)
    for person in (owner, mate):
        TeamMembership.objects.create(team=team, user=person)
    new = reverse("ui:view_create", args=["team"]) + "?own=1"
    shared = {"name": "Ours", "audience": "team", "team": team.pk, "position": 5}
    client.post(new, shared)
    assert not SavedView.objects.exclude(audience="personal").exists()
    assert signed_in(owner).post(new, shared).status_code == 302
    key = SavedView.objects.get(audience="team").key
    assert key in [tab.key for tab in signed_in(mate).get(LIST).context["list"].tabs]
    assert key not in [tab.key for tab in signed_in(stranger).get(LIST).context["list"].tabs]
    pk = SavedView.objects.get(audience="team").pk
    assert signed_in(mate).post(reverse("ui:view_delete", args=["team", pk])).status_code == 404
    assert Activity.objects.filter(data__view="Ours").exists()


def test_a_view_without_a_name_stays_on_the_page(client: Client) -> None:
    response = client.post(reverse("ui:view_create", args=["team"]) + "?own=1", {"name": "\u200b", "position": 5})
    assert response.status_code == 422 and not SavedView.objects.exists()


def test_tab_counts_are_capped(client: Client) -> None:
    make_team()
    make_team()
    with mock.patch.object(engine, "COUNT_CAP", 1):
        assert "1+" in client.get(reverse("ui:list_counts", args=["team"])).content.decode()
