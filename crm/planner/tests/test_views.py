"""Pages of tasks."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.core import clock
from crm.core.actor import Actor
from crm.planner.models import Task
from crm.testing.builders import make_team, make_user, staff
from crm.testing.suites import DetailSuite, ListSuite, signed_in
from crm.testing.suites import staff as reader

from .builders import make_task

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)  # a Monday, noon in Shanghai


class Held:
    """The suite's reader holds the tasks."""

    @pytest.fixture
    def user(self) -> Any:
        self.holder = reader("planner.view", "planner.work")
        return self.holder


class TestTaskList(Held, ListSuite):
    url_name, permission = "planner:task_list", "planner.view"
    others = ("planner.work",)

    def make(self, count: int) -> list[Task]:
        now = clock.now()
        return [
            make_task(assignee=self.holder, due_at=now + dt.timedelta(hours=number)) for number in range(1, count + 1)
        ]


class TestTaskDetail(Held, DetailSuite):
    url_name, permission = "planner:task_detail", "planner.view"

    def make_one(self) -> Task:
        return make_task(assignee=getattr(self, "holder", None))

    def make_hidden(self) -> Task:
        return make_task(assignee=make_user())


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def holder(self) -> Any:
        return make_user(teams=[make_team()])

    @pytest.fixture
    def client(self, holder: Any) -> Client:
        return signed_in(holder)

    def test_a_task_with_day_time_and_colleague(self, client: Client, holder: Any) -> None:
        colleague = make_user()
        values = {
            "title": "Prepare the meeting", "what": "meeting", "due_day": "2026-03-05", "due_time": "15:00",
            "remind_minutes": "60", "assignee": colleague.pk, "team": "", "notes": "Slides",
        }  # fmt: skip
        with clock.at(NOON):
            assert client.post(reverse("planner:task_create"), values).status_code == 302
        task = Task.objects.get()
        assert task.due_at == dt.datetime(2026, 3, 5, 7, 0, tzinfo=dt.UTC)
        assert task.remind_at == dt.datetime(2026, 3, 5, 6, 0, tzinfo=dt.UTC)
        assert task.assignee == colleague and task.created_by == holder

    def test_a_time_without_a_day_is_asked_again(self, client: Client) -> None:
        response = client.post(
            reverse("planner:task_create"), {"title": "Call", "what": "call", "due_time": "15:00", "remind_minutes": ""}
        )
        assert response.status_code == 422 and "Choose the day as well" in response.content.decode()
        assert not Task.objects.exists()

    def test_editing_keeps_what_was_not_touched(self, client: Client, holder: Any) -> None:
        task = make_task(staff(holder), title="Call", due_on=dt.date(2026, 3, 5), assignee=holder)
        url = reverse("planner:task_update", args=[task.pk])
        page = client.get(url).context["form"]
        values = {name: page[name].value() or "" for name in page.fields} | {
            "due_day": "2026-03-05", "title": "Call again"
        }  # fmt: skip
        assert client.post(url, values).status_code == 302
        task.refresh_from_db()
        assert task.title == "Call again" and task.due_on == dt.date(2026, 3, 5) and task.assignee == holder

    def test_the_day_can_be_taken_away(self, client: Client, holder: Any) -> None:
        task = make_task(staff(holder), title="Call", due_on=dt.date(2026, 3, 5), assignee=holder)
        values = {"title": "Call", "what": "todo", "due_day": "", "remind_minutes": "0", "assignee": holder.pk}
        assert client.post(reverse("planner:task_update", args=[task.pk]), values).status_code == 302
        task.refresh_from_db()
        assert task.due_at is None and task.due_on is None and task.remind_at is None

    def test_views_are_mine_of_my_teams_overdue_and_done(self, client: Client, holder: Any) -> None:
        team = holder.teams.get()
        now = clock.now()
        mine = make_task(title="Mine", assignee=holder, due_at=now + dt.timedelta(hours=1))
        ours = make_task(title="Ours", team=team)
        late = make_task(title="Late", team=team, due_at=now - dt.timedelta(hours=1))
        done = make_task(title="Finished", assignee=holder)
        client.post(reverse("planner:task_tick", args=[done.pk]))
        address = reverse("planner:task_list")
        shown = {
            view: {
                int(pk) for pk in re.findall(r'id="row-(\d+)"', client.get(address, {"view": view}).content.decode())
            }
            for view in ("mine", "teams", "overdue", "done")
        }
        assert shown == {"mine": {mine.pk}, "teams": {ours.pk, late.pk}, "overdue": {late.pk}, "done": {done.pk}}

    def test_home_groups_by_when_and_says_when_there_is_nothing(self, client: Client, holder: Any) -> None:
        url = reverse("console:home_slot", args=["planner.mine"])
        assert "No tasks" in client.get(url).content.decode()
        with clock.at(NOON):
            make_task(title="Too late", assignee=holder, due_at=NOON - dt.timedelta(days=2))
            make_task(title="This evening", assignee=holder, due_at=NOON + dt.timedelta(hours=5))
            make_task(title="Some day", assignee=holder)
            page = client.get(url).content.decode()
        assert page.index("Overdue") < page.index("Too late") < page.index("This evening") < page.index("Some day")
        assert "Overdue by 2 d" in page and "Today 17:00" in page

    def test_many_are_moved_at_once(self, holder: Any) -> None:
        from crm.planner.list_actions import _move

        task = make_task(staff(holder), due_at=NOON, assignee=holder)
        _move(staff(holder), task, {"due_day": dt.date(2026, 4, 1), "assignee": None})
        task.refresh_from_db()
        assert task.due_on == dt.date(2026, 4, 1) and task.assignee == holder

    def test_ticking_what_one_does_not_see_is_not_there(self, client: Client) -> None:
        task = make_task(Actor.system(), assignee=make_user())
        assert client.post(reverse("planner:task_tick", args=[task.pk])).status_code == 404
        assert not Task.objects.get().is_done
