"""What is done with many tickets at once: progress, and a reason for each that was skipped."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.jobs.models import Job
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from crm.ui.generic.bulk import run_batch
from tickets.models import Ticket

from .builders import digest, make_agent, make_request_type, make_team, resolved, status, submit

pytestmark = pytest.mark.django_db
ALL = ("tickets.view", "tickets.update", "tickets.resolve", "tickets.reassign")


@pytest.fixture
def user() -> User:
    return person(*ALL)


@pytest.fixture
def rows() -> list[Ticket]:
    asked = make_request_type()
    return [submit(asked, subject=f"Matter {number}") for number in range(4)]


def post(user: User, key: str, rows: list[Ticket], **form: Any) -> Any:
    sent = {"ids": [row.pk for row in rows], "confirmed": "1", **form}
    return signed_in(user).post(reverse("ui:list_bulk", args=["ticket", key]), sent)


def run(user: User, key: str, rows: list[Ticket], **form: Any) -> Job:
    response = post(user, key, rows, **form)
    assert response.status_code == 302, response.content.decode()[:1500]
    job = Job.objects.latest("pk")
    while not run_batch(job):
        pass
    job.refresh_from_db()
    return job


def test_the_confirmation_names_the_tickets_and_writes_nothing(user, rows):
    before = digest()
    for key in ("hand_over", "status", "priority", "close"):
        sent = {"ids": [row.pk for row in rows]}
        page = signed_in(user).post(reverse("ui:list_bulk", args=["ticket", key]), sent)
        assert page.status_code == 200 and rows[0].label in page.content.decode()
    assert digest() == before and not Job.objects.exists()


def test_many_are_handed_over(user, rows):
    team = make_team()
    agent = make_agent(team)
    job = run(user, "hand_over", rows, team=team.pk, assignee=agent.pk)
    assert (job.done, job.total, job.skipped_count) == (4, 4, 0)
    assert Ticket.objects.filter(team=team, assignee=agent).count() == 4
    run(user, "hand_over", rows, team=team.pk)
    assert Ticket.objects.filter(team=team, assignee=None).count() == 4


def test_a_person_of_another_team_is_refused_before_the_job_starts(user, rows):
    outsider = make_agent(make_team())
    response = post(user, "hand_over", rows, team=make_team().pk, assignee=outsider.pk)
    assert response.status_code == 422 and "Choose an active member of the team" in response.content.decode()
    assert not Job.objects.exists()


def test_priority_and_status_are_set(user, rows):
    run(user, "priority", rows, priority="4")
    run(user, "status", rows, status=status("on_hold").pk)
    assert set(Ticket.objects.values_list("priority", "status__key")) == {(4, "on_hold")}


def test_what_cannot_move_is_skipped_with_its_reason(user, rows):
    resolved(make_agent(rows[0].team), rows[0])
    job = run(user, "status", rows, status=status("on_hold").pk)
    assert (job.done, job.skipped_count) == (4, 1)
    assert "cannot follow" in str(job.skipped) and rows[0].label in str(job.skipped)
    assert Ticket.objects.filter(status__key="on_hold").count() == 3


def test_solving_is_not_offered_for_many(user, rows):
    for key in ("resolved", "closed"):
        assert post(user, "status", rows, status=status(key).pk).status_code == 422


def test_many_are_closed_and_their_deadlines_end(user, rows):
    job = run(user, "close", rows)
    assert (job.done, job.skipped_count) == (4, 0)
    assert set(Ticket.objects.values_list("status__key", "next_due_at")) == {("closed", None)}


@pytest.mark.parametrize("key", ["hand_over", "status", "priority", "close"])
def test_each_needs_its_permission(rows, key):
    before = digest()
    assert post(person("tickets.view"), key, rows).status_code == 403
    assert digest() == before
