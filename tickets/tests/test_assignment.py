"""Who gets a ticket, why, and what happens when nobody is free."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.urls import reverse

from crm.accounts.choices import Availability
from crm.accounts.models import User
from crm.activity.models import Activity
from crm.calendars.models import Shift
from crm.core import clock
from crm.core.actor import Actor
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.testing.builders import make_user
from crm.testing.suites import signed_in
from tickets.actions import (
    accept_ticket,
    assign_automatically,
    assign_waiting,
    change_status,
    reassign_ticket,
    reopen,
    update_ticket,
    verify_requester,
)
from tickets.models import AgentProfile, AssignmentDecision, Skill, TicketFacts

from .builders import (
    MONDAY,
    customer_of,
    deliver,
    fresh,
    make_agent,
    make_request_type,
    make_team,
    resolved,
    staff,
    status,
    submit,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
SUNDAY = MONDAY - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _office_hours():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def asked(team):
    return make_request_type(team=team)


def assigned(asked, **values) -> User | None:
    ticket = submit(asked, **values)
    assign_automatically(actor=SYSTEM, ticket=ticket)
    return fresh(ticket).assignee


def test_a_ticket_finds_its_agent_who_is_told(team, asked):
    agent = make_agent(team)
    ticket = submit(asked)
    deliver()
    assert fresh(ticket).assignee == agent and fresh(ticket).status.key == "new"
    assert Notification.objects.get(user=agent).kind == "tickets.assigned"
    assert TicketFacts.objects.get(ticket=ticket).assignments == 1
    assert assign_automatically(actor=SYSTEM, ticket=ticket) is True
    assert AssignmentDecision.objects.count() == 1


@pytest.mark.parametrize("why", ["off_shift", "full", "away", "not_taking"])
def test_who_is_not_free_is_passed_over_and_the_reason_kept(team, asked, why):
    free, other = make_agent(team), make_agent(team, capacity=1)
    if why == "off_shift":
        Shift.objects.create(user=other, weekdays=[5, 6], start=dt.time(9), end=dt.time(18))
    elif why == "away":
        User.objects.filter(pk=other.pk).update(availability=Availability.AWAY)
    elif why == "not_taking":
        AgentProfile.objects.filter(user=other).update(takes_tickets=False)
    else:
        accept_ticket(actor=staff(other), ticket=submit(asked))
    AgentProfile.objects.filter(user=free).update(last_assigned_at=MONDAY)
    assert assigned(asked) == free
    considered = AssignmentDecision.objects.first().reasons["considered"]
    assert {entry["user_id"]: entry["excluded"] for entry in considered} == {free.pk: "", other.pk: why}


def test_inactive_people_and_other_teams_are_not_considered(team, asked):
    gone = make_agent(team)
    make_agent(make_team())
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert assigned(asked) is None
    assert AssignmentDecision.objects.get().reasons["considered"] == []


def test_a_needed_skill_narrows_while_somebody_has_it(team):
    skill = Skill.objects.create(key="printers", name={"en": "Printers"})
    asked = make_request_type(team=team, skill=skill)
    plain, skilled = make_agent(team), make_agent(team, capacity=1)
    skilled.agent_profile.skills.add(skill)
    assert assigned(asked) == skilled
    assert assigned(asked) == plain  # the skilled one is full now


def test_urgent_tickets_go_to_senior_people(team):
    urgent = make_request_type(team=team, impact=3, urgency=3)
    make_agent(team, capacity=500)
    senior = make_agent(team, capacity=2, seniority=3)
    assert [assigned(urgent) for _n in range(2)] == [senior, senior]
    assert assigned(urgent) != senior
    assert assigned(make_request_type(team=team)) != senior


def test_the_smallest_share_of_capacity_comes_first(team, asked):
    small, large = make_agent(team, capacity=2), make_agent(team, capacity=10)
    assert Counter(assigned(asked) for _n in range(12)) == {small: 2, large: 10}


def test_tickets_that_wait_for_the_customer_leave_room(team, asked):
    agent = make_agent(team, capacity=1)
    ticket = submit(asked)
    accept_ticket(actor=staff(agent), ticket=ticket)
    assert assigned(asked) is None
    change_status(actor=staff(agent), ticket=ticket, status=status("waiting_customer"))
    assert assign_waiting() == 1


def test_round_robin_is_fair_within_one(team, asked):
    agents = [make_agent(team, capacity=500) for _n in range(3)]
    found = Counter(assigned(asked) for _n in range(100))
    assert set(found) == set(agents) and max(found.values()) - min(found.values()) <= 1


def test_nobody_free_queues_once_and_tells_supervisors(team, asked):
    supervisor = make_user("supervisor", teams=[team], supervises=True)
    ticket = submit(asked)
    deliver()
    for _again in range(3):
        assert assign_waiting() == 0
    deliver()
    assert Activity.objects.filter(object_id=ticket.pk, type=1502).count() == 1
    assert AssignmentDecision.objects.get().user is None
    line = Notification.objects.get(user=supervisor)
    assert (line.kind, line.count) == ("tickets.queued", 1)


def test_the_customer_hears_of_the_queue_only_at_a_proved_address(asked):
    ticket = submit(asked, email="new@example.test")
    deliver()
    assert not OutgoingMail.objects.filter(template="tickets.queued").exists()
    verify_requester(actor=customer_of(ticket), ticket=ticket)
    second = submit(asked, email="new@example.test")
    deliver()
    mail = OutgoingMail.objects.get(template="tickets.queued")
    assert f"#{second.number}" in mail.subject and "Asia/Shanghai" in mail.text


def test_the_next_shift_start_assigns(team, asked):
    agent = make_agent(team)
    with clock.at(SUNDAY):
        ticket = submit(asked)
        deliver()
        assert fresh(ticket).assignee is None and assign_waiting() == 0
        queued = Activity.objects.get(object_id=ticket.pk, type=1502)
        assert queued.data["next_shift"].startswith("2026-03-02T01:00")
    assert assign_waiting() == 1
    assert fresh(ticket).assignee == agent


def test_a_free_place_assigns_the_most_important_first(team, asked):
    agent = make_agent(team, capacity=1)
    first = submit(asked)
    deliver()
    usual, urgent = submit(asked), submit(make_request_type(team=team, impact=3, urgency=3))
    deliver()
    resolved(agent, first)
    assert assign_waiting() == 1
    assert (fresh(urgent).assignee, fresh(usual).assignee) == (agent, None)


def test_a_changed_type_moves_and_assigns_anew(team, asked):
    make_agent(team)
    other = make_team()
    specialist = make_agent(other)
    ticket = submit(asked)
    deliver()
    update_ticket(actor=SYSTEM, ticket=ticket, values={"request_type": make_request_type(team=other)})
    assert fresh(ticket).assignee is None and fresh(ticket).team == other
    deliver()
    assert fresh(ticket).assignee == specialist


def test_a_second_stay_in_the_queue_is_told_again(team, asked):
    agent = make_agent(team, takes_tickets=False)
    ticket = submit(asked)
    deliver()
    accept_ticket(actor=staff(agent), ticket=ticket)
    with clock.shifted(dt.timedelta(minutes=1)):
        reassign_ticket(actor=SYSTEM, ticket=ticket, team=team, assignee=None)
        deliver()
        deliver()
    assert Activity.objects.filter(object_id=ticket.pk, type=1502).count() == 2
    accept_ticket(actor=staff(agent), ticket=ticket)
    assert fresh(ticket).assignee == agent


def test_a_reopened_ticket_of_somebody_who_left_finds_another(team, asked):
    left = make_agent(team)
    ticket = submit(asked)
    deliver()
    resolved(left, ticket)
    User.objects.filter(pk=left.pk).update(is_active=False)
    stays = make_agent(team)
    reopen(actor=SYSTEM, ticket=ticket)
    deliver()
    assert fresh(ticket).assignee == stays


def test_the_reason_is_shown(team, asked):
    chosen, full = make_agent(team, name="Ada Free"), make_agent(team, name="Bob Away")
    User.objects.filter(pk=full.pk).update(availability=Availability.AWAY)
    ticket = submit(asked)
    deliver()
    page = signed_in(chosen).get(reverse("tickets:ticket_why", args=[ticket.number])).content.decode()
    assert "Assigned to Ada Free" in page and "0 / 12" in page
    assert "Bob Away" in page and "Away" in page
