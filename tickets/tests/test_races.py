"""Several people at once, each with a connection of their own and committed data."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.calendars.clock_sweep import sweep_clocks
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.messaging.models import Draft, Message
from customers.models import Contact, Customer
from tickets.actions import (
    accept_ticket,
    assign_automatically,
    close_due,
    customer_reply,
    release_due,
    reopen,
    reply,
    resolve_ticket,
    send_reply_in,
    take_back,
    take_next,
)
from tickets.actions.deadlines import FIRST_RESPONSE, clock_of
from tickets.models import PendingReply, Rating, StatusSpan, Ticket

from .builders import MONDAY, customer_of, fresh, key, make_agent, make_request_type, make_team, resolved, staff, submit

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system()


def at_once(*works, moment=MONDAY):
    """Runs the works in threads that begin together; a `DomainError` is its work's result."""
    gate = threading.Barrier(len(works))

    def one(work):
        try:
            gate.wait(timeout=30)
            with clock.at(moment):
                return work()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


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


def claim_all(team, asked, workers: int, tickets: int) -> None:
    for _number in range(tickets):
        submit(asked)
    actors = [staff(make_agent(team, capacity=500)) for _number in range(workers)]

    def work(actor):
        taken = []
        while (ticket := take_next(actor=actor)) is not None:
            taken.append(ticket.pk)
        return taken

    claimed = at_once(*(lambda actor=actor: work(actor) for actor in actors))
    owners = Counter(pk for taken in claimed for pk in taken)
    assert len(owners) == tickets and set(owners.values()) == {1}
    for actor, taken in zip(actors, claimed, strict=True):
        assert not Ticket.objects.filter(pk__in=taken).exclude(assignee_id=actor.user_id).exists()


def test_many_workers_claim_many_tickets_one_owner_each(team, asked):
    claim_all(team, asked, 8, 40)


@pytest.mark.slow
def test_sixteen_workers_claim_a_thousand_tickets(team, asked):
    claim_all(team, asked, 16, 1000)


def test_assignment_never_exceeds_capacity_even_of_somebody_in_two_teams(team, asked):
    second = make_team()
    shared, other = make_agent(team, second, capacity=3), make_agent(team, capacity=2)
    elsewhere = make_request_type(team=second)
    tickets = [submit(kind) for kind in (asked, elsewhere) for _number in range(6)]
    at_once(*(lambda row=row: assign_automatically(actor=SYSTEM, ticket=row) for row in tickets))
    held = Counter(Ticket.objects.filter(assignee__isnull=False).values_list("assignee_id", flat=True))
    assert held == {shared.pk: 3, other.pk: 2}
    assert StatusSpan.objects.filter(left_at__isnull=True).count() == 12


def test_one_ticket_is_assigned_once(team, asked):
    for _number in range(3):
        make_agent(team)
    ticket = submit(asked)
    at_once(*[lambda: assign_automatically(actor=SYSTEM, ticket=ticket)] * 4)
    assert ticket.decisions.count() == 1 and fresh(ticket).facts.assignments == 1


def test_two_agents_accept_one_ticket(team, asked):
    ticket = submit(asked)
    agents = [make_agent(team) for _number in range(4)]
    actors = [staff(agent) for agent in agents]
    answers = at_once(*(lambda actor=actor: accept_ticket(actor=actor, ticket=ticket) for actor in actors))
    assert sum(isinstance(answer, Ticket) for answer in answers) == 1
    assert fresh(ticket).assignee in agents and fresh(ticket).facts.assignments == 1


def test_two_replies_at_once_are_both_there_and_one_is_first(team, asked):
    ticket = submit(asked)
    agents = [staff(make_agent(team)) for _number in range(2)]
    same = key()
    answers = at_once(
        lambda: reply(actor=agents[0], ticket=ticket, body="One", form_key=same),
        lambda: reply(actor=agents[0], ticket=ticket, body="One", form_key=same),
        lambda: reply(actor=agents[1], ticket=ticket, body="Two", form_key=key()),
    )
    assert all(isinstance(answer, Message) for answer in answers)
    assert sorted(Message.objects.filter(direction="outbound").values_list("body", flat=True)) == ["One", "Two"]
    assert fresh(ticket).facts.replies == 2


def test_a_customer_writes_while_it_is_being_resolved(team, asked):
    agent, ticket = staff(make_agent(team)), submit(asked)
    who = customer_of(ticket)
    answers = at_once(
        lambda: customer_reply(actor=who, ticket=ticket, body="More", form_key="form-key-000000001"),
        lambda: resolve_ticket(actor=agent, ticket=ticket, cause="usage", solution="Done"),
    )
    assert not any(isinstance(answer, Exception) for answer in answers)
    row = fresh(ticket)
    assert (row.status.category, row.cycle) in {("resolved", 1), ("open", 2)}
    assert (row.resolved_at is None) == (row.cycle == 2)
    assert StatusSpan.objects.filter(ticket=ticket, left_at__isnull=True).count() == 1
    assert Rating.objects.count() == 1


def test_the_sweep_meets_a_reply(team, asked):
    agent, ticket = staff(make_agent(team)), submit(asked)
    late = clock_of(ticket, FIRST_RESPONSE).due_at + (clock.now() - MONDAY)
    at_once(
        lambda: reply(actor=agent, ticket=ticket, body="Late", form_key="form-key-000000001"),
        lambda: sweep_clocks(),
        moment=late,
    )
    with clock.at(late):
        sweep_clocks()
    first = clock_of(ticket, FIRST_RESPONSE)
    assert first.state == "met" and first.events.count() <= 1
    assert fresh(ticket).first_response_at is not None


def test_reopening_twice_is_one_cycle(team, asked):
    ticket = submit(asked)
    resolved(make_agent(team), ticket)
    stale = [fresh(ticket) for _number in range(4)]
    at_once(*(lambda row=row: reopen(actor=SYSTEM, ticket=row) for row in stale))
    assert (fresh(ticket).cycle, fresh(ticket).reopened_count) == (2, 1)


def test_closing_by_time_gives_way_to_the_customer(team, asked):
    ticket = submit(asked)
    resolved(make_agent(team), ticket)
    who = customer_of(ticket)
    at_once(
        lambda: customer_reply(actor=who, ticket=ticket, body="Not yet", form_key="form-key-000000001"),
        close_due,
        moment=MONDAY + dt.timedelta(days=30),
    )
    assert (fresh(ticket).status.key, fresh(ticket).cycle) == ("in_progress", 2)


def test_a_newcomer_twice_at_once_is_one_contact(asked):
    at_once(*[lambda: submit(asked, email="new@example.test", phone="13800001111")] * 4)
    assert (Customer.objects.count(), Contact.objects.count(), Ticket.objects.count()) == (1, 1, 4)


def test_one_form_sent_many_times_at_once_is_one_ticket(asked):
    same = {"email": "new@example.test", "form_key": "form-key-000000001"}
    found = at_once(*[lambda: submit(asked, **same)] * 6)
    assert len({ticket.pk for ticket in found}) == 1 and Ticket.objects.count() == 1


def test_a_reply_is_either_sent_or_taken_back():
    agent = make_agent(make_team())
    ticket = submit(make_request_type(team=agent.memberships.get().team))
    for _round in range(5):
        send_reply_in(actor=staff(agent), ticket=ticket, body="Now or never", form_key=key(), hold_seconds=10)
        before = Message.objects.filter(direction="outbound").count()
        actor = staff(agent)
        later = MONDAY + dt.timedelta(minutes=1)
        at_once(lambda actor=actor: take_back(actor=actor, ticket=ticket), release_due, release_due, moment=later)
        sent = Message.objects.filter(direction="outbound").count() - before
        drafts = Draft.objects.filter(user=agent).delete()[0]
        assert (sent, drafts) in {(1, 0), (0, 1)}
        assert not PendingReply.objects.exists()
