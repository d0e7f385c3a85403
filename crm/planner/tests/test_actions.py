"""Verbs on tasks: one task a source, deadlines in days and moments, who may, what is told."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.planner import actions
from crm.planner.exceptions import TaskIsDone
from crm.planner.models import Task
from crm.planner.sweeps import remind_due
from crm.testing.builders import make_team, make_user, staff

from .builders import make_task

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)  # a Monday, noon in Shanghai


def test_a_day_ends_at_midnight_where_the_holder_lives() -> None:
    london = make_user()
    User.objects.filter(pk=london.pk).update(timezone="Europe/London")
    task = make_task(due_on=dt.date(2026, 3, 5), assignee=User.objects.get(pk=london.pk))
    assert task.due_at == dt.datetime(2026, 3, 6, 0, 0, tzinfo=dt.UTC)
    assert make_task(due_on=dt.date(2026, 3, 5)).due_at == dt.datetime(2026, 3, 5, 16, 0, tzinfo=dt.UTC)


def test_a_moment_takes_the_place_of_a_day() -> None:
    task = make_task(due_on=dt.date(2026, 3, 5))
    at = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
    changed = actions.change_task(actor=Actor.system(), task=task, values={"due_at": at})
    assert changed.due_at == at and not changed.is_all_day


def test_finishing_and_reopening() -> None:
    user = make_user()
    task = make_task(staff(user), assignee=user)
    done = actions.finish_task(actor=staff(user), task=task, result="Called, all fine")
    assert done.is_done and done.done_by_id == user.pk and done.result == "Called, all fine"
    count = Activity.objects.count()
    assert actions.finish_task(actor=staff(user), task=task, result="again").result == "Called, all fine"
    assert Activity.objects.count() == count
    with pytest.raises(TaskIsDone):
        actions.change_task(actor=staff(user), task=task, values={"title": "Other"})
    assert not actions.reopen_task(actor=staff(user), task=task).is_done


def test_who_does_not_see_a_task_does_not_touch_it() -> None:
    task = make_task(assignee=make_user())
    for verb in (actions.finish_task, actions.reopen_task, actions.delete_task):
        with pytest.raises(NotFound):
            verb(actor=staff(make_user()), task=task)
    with pytest.raises(NotAllowed):
        actions.add_task(actor=staff(make_user("auditor")), title="No")
    with pytest.raises(NotAllowed):
        actions.add_task(actor=Actor.guest(), title="No")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " \x00 "}, "title"),
        ({"kind": "dance"}, "what"),
        ({"remind_minutes": -5}, "remind_minutes"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        make_task(**{"title": "Fine", **values})
    assert field in caught.value.fields


def test_a_colleague_who_has_left_gets_nothing() -> None:
    gone = make_user()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(Invalid):
        make_task(assignee=User.objects.get(pk=gone.pk))


def test_only_the_author_or_who_may_deletes() -> None:
    team = make_team()
    author, colleague, boss = make_user(teams=[team]), make_user(teams=[team]), make_user("supervisor", teams=[team])
    first, second = make_task(staff(author), team=team), make_task(staff(author), team=team)
    with pytest.raises(NotAllowed):
        actions.delete_task(actor=staff(colleague), task=first)
    actions.delete_task(actor=staff(author), task=first)
    actions.delete_task(actor=staff(boss), task=second)
    assert not Task.objects.filter(pk__in=[first.pk, second.pk]).exists()
    assert actions.restore_task(actor=staff(boss), task=first).deleted_at is None


def test_a_reminder_comes_once_and_follows_the_deadline() -> None:
    with clock.at(NOON):
        task = make_task(due_at=NOON + dt.timedelta(hours=2), remind_minutes=15)
        never = make_task(due_at=NOON + dt.timedelta(hours=2), remind_minutes=None)
        assert task.remind_at == NOON + dt.timedelta(minutes=105) and never.remind_at is None
        assert remind_due() == 0
    with clock.at(NOON + dt.timedelta(minutes=110)):
        assert remind_due() == 1
        assert remind_due() == 0
        later = actions.change_task(actor=Actor.system(), task=task, values={"due_at": NOON + dt.timedelta(days=1)})
        assert later.remind_at is not None
    with clock.at(NOON + dt.timedelta(days=2)):
        actions.finish_task(actor=Actor.system(), task=task)
        assert remind_due() == 0


def test_a_day_is_announced_in_the_morning() -> None:
    with clock.at(NOON):
        task = make_task(due_on=dt.date(2026, 3, 4))
        assert task.remind_at == dt.datetime(2026, 3, 4, 1, 0, tzinfo=dt.UTC)
        assert make_task(due_on=dt.date(2026, 3, 2)).remind_at is None
