"""A leaver's open tickets and customers, handed over and taken back."""

from __future__ import annotations

import pytest

from crm.accounts.models import User
from crm.console.actions.handover import start_hand_over, undo_hand_over
from crm.core.actor import Actor
from crm.jobs import runners
from crm.jobs.models import Job
from crm.testing.builders import make_team, make_user, staff
from customers.actions import update_customer
from customers.models import Customer
from tickets.actions import reassign_ticket
from tickets.models import Ticket

from .builders import fresh, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def given(agent: User, ticket: Ticket) -> Ticket:
    reassign_ticket(actor=SYSTEM, ticket=ticket, team=ticket.team, assignee=agent)
    return fresh(ticket)


def finish(job: Job) -> Job:
    runners.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def test_open_tickets_go_to_a_colleague_of_the_team_and_come_back() -> None:
    team, other = make_team(), make_team()
    leaver, heir = make_agent(team, other), make_agent(team)
    kind, foreign = make_request_type(team=team), make_request_type(team=other)
    mine, taken, elsewhere = (given(leaver, submit(entry)) for entry in (kind, kind, foreign))
    solved = given(leaver, submit(kind))
    resolved(leaver, solved)
    admin = staff(make_user("administrator"))
    job = finish(start_hand_over(actor=admin, record=leaver, targets={"tickets": heir}, suspend=True))
    assert [fresh(row).assignee for row in (mine, taken, elsewhere, solved)] == [heir, heir, leaver, leaver]
    assert job.skipped_count == 1 and "member of the team" in job.skipped[0]["reason"]
    third = make_agent(team)
    given(third, taken)
    finish(undo_hand_over(actor=admin, record=job))
    assert [fresh(row).assignee for row in (mine, taken)] == [leaver, third]


def test_tickets_may_go_back_to_the_queue() -> None:
    team = make_team()
    leaver = make_agent(team)
    ticket = given(leaver, submit(make_request_type(team=team)))
    admin = staff(make_user("administrator"))
    job = finish(start_hand_over(actor=admin, record=leaver, targets={"tickets": None}))
    assert (fresh(ticket).assignee, fresh(ticket).team) == (None, team)
    finish(undo_hand_over(actor=admin, record=job))
    assert fresh(ticket).assignee == leaver


def test_customers_change_owner_and_come_back() -> None:
    leaver, heir, admin = make_user("sales"), make_user("sales"), staff(make_user("administrator"))
    customer = submit().customer
    update_customer(actor=SYSTEM, customer=customer, values={"owner": leaver})
    job = finish(start_hand_over(actor=admin, record=leaver, targets={"customers": heir}))
    assert Customer.objects.get(pk=customer.pk).owner == heir
    finish(undo_hand_over(actor=admin, record=job))
    assert Customer.objects.get(pk=customer.pk).owner == leaver
