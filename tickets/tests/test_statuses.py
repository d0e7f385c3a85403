"""The life of a ticket: transitions, solving, rating, closing, and the time that is measured on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed
from crm.messaging.models import Message, OutgoingMail
from crm.testing.suites import staff as person
from tickets.actions import (
    accept_ticket,
    change_status,
    close_due,
    close_ticket,
    customer_reply,
    rate_ticket,
    reopen,
    reply,
    resolve_ticket,
)
from tickets.exceptions import MoveNotAllowed, NotResolved, SolvedAlready
from tickets.models import Rating, ServiceSettings, Status, StatusSpan, Ticket, TicketFacts
from tickets.seeds import MOVES, STATUSES

from .builders import (
    MONDAY,
    answered,
    customer_of,
    digest,
    fresh,
    key,
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
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _office_hours():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def agent():
    return make_agent(make_team())


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team))


def brought_to(name: str, agent, ticket: Ticket) -> Ticket:
    """The ticket moved there by its verbs."""
    if name in {"resolved", "closed"}:
        resolved(agent, ticket)
    if name == "closed":
        close_ticket(actor=staff(agent), ticket=ticket)
    elif name not in {"new", "resolved"}:
        change_status(actor=staff(agent), ticket=ticket, status=status(name))
    return fresh(ticket)


@pytest.mark.parametrize("before", STATUSES)
def test_every_seeded_transition_is_allowed_and_no_other(agent, ticket, before) -> None:
    for after in STATUSES:
        if after in {before, "resolved"}:
            continue
        trial = submit(ticket.request_type)
        brought_to(before, agent, trial)
        if after in MOVES[before]:
            change_status(actor=staff(agent), ticket=trial, status=status(after))
            assert fresh(trial).status.key == after
        else:
            with pytest.raises(MoveNotAllowed):
                change_status(actor=staff(agent), ticket=trial, status=status(after))
            assert fresh(trial).status.key == before


def test_the_same_status_again_changes_nothing(agent, ticket) -> None:
    before = digest()
    change_status(actor=staff(agent), ticket=ticket, status=status("new"))
    assert digest() == before


def test_resolving_needs_its_verb_cause_and_solution(agent, ticket) -> None:
    before = digest()
    with pytest.raises(MoveNotAllowed):
        change_status(actor=staff(agent), ticket=ticket, status=status("resolved"))
    with pytest.raises(MoveNotAllowed):
        reply(actor=staff(agent), ticket=ticket, body="Done", form_key=key(), then=status("resolved"))
    for cause, solution, missing in (("", "x", "cause"), ("usage", " ", "solution"), ("weather", "x", "cause")):
        with pytest.raises(Invalid) as refused:
            resolve_ticket(actor=staff(agent), ticket=ticket, cause=cause, solution=solution)
        assert list(refused.value.fields) == [missing]
    assert digest() == before


def test_resolving_follows_the_transitions_an_administrator_left(agent, ticket) -> None:
    status("new").next_statuses.remove(status("resolved"))
    with pytest.raises(MoveNotAllowed):
        resolved(agent, ticket)


def test_a_solution_is_a_message_a_mail_and_a_question_once(agent, ticket) -> None:
    row = resolved(agent, ticket, "New cable.")
    assert (row.status.key, row.cause, row.solution, row.assignee) == ("resolved", "product", "New cable.", agent)
    assert row.resolved_at == row.first_response_at and not row.customer_waits
    assert Message.objects.filter(conversation=row.conversation, direction="outbound").get().body == "New cable."
    rating = Rating.objects.get()
    mail = OutgoingMail.objects.get(template="tickets.resolved")
    assert "New cable." in mail.text and f"{rating.token}/?score=5" in mail.text
    before = digest()
    resolved(agent, ticket, "Again")
    assert digest() == before


def test_what_is_solved_cannot_be_taken(agent, ticket) -> None:
    resolved(agent, ticket)
    other = make_agent(ticket.team)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=None)
    with pytest.raises(SolvedAlready):
        accept_ticket(actor=staff(other), ticket=ticket)


def test_one_rating_a_cycle_that_may_be_changed_until_the_ticket_reopens(agent, ticket) -> None:
    row = resolved(agent, ticket)
    rating = Rating.objects.get()
    who = customer_of(row)
    for score in (0, 6, -1):
        with pytest.raises(Invalid):
            rate_ticket(actor=who, rating=rating, score=score)
    rate_ticket(actor=who, rating=rating, score=2, comment="Slow")
    rate_ticket(actor=who, rating=rating, score=2, comment="Slow")
    rate_ticket(actor=who, rating=rating, score=5, comment="Better")
    assert Rating.objects.values_list("score", "comment").get() == (5, "Better")
    assert Activity.objects.filter(object_id=ticket.pk, type=1513).count() == 2
    reopen(actor=who, ticket=row)
    with pytest.raises(NotResolved):
        rate_ticket(actor=who, rating=rating, score=1)
    resolved(agent, ticket)
    with pytest.raises(NotResolved):
        rate_ticket(actor=who, rating=rating, score=1)
    second = Rating.objects.get(cycle=2)
    rate_ticket(actor=who, rating=second, score=3)
    assert list(Rating.objects.order_by("cycle").values_list("score", flat=True)) == [5, 3]


def test_a_rating_keeps_who_solved_it(agent, ticket) -> None:
    resolved(agent, ticket)
    assert (Rating.objects.get().agent_id, Rating.objects.get().team_id) == (agent.pk, ticket.team_id)


def test_solved_tickets_close_by_themselves_after_the_desks_time(agent, ticket) -> None:
    ServiceSettings.objects.update(close_after_hours=48)
    resolved(agent, ticket)
    with clock.at(MONDAY + 47 * HOUR):
        assert close_due() == 0
    with clock.at(MONDAY + 49 * HOUR):
        assert close_due() == 1
        assert close_due() == 0
    assert fresh(ticket).status.key == "closed" and fresh(ticket).closed_at is not None


def test_a_ticket_that_cannot_close_does_not_stop_the_others(agent, ticket) -> None:
    stuck = Status.objects.create(key="signed_off", name={"en": "Signed off"}, category="resolved")
    first, second = ticket, submit(ticket.request_type)
    resolved(agent, first)
    resolved(agent, second)
    Ticket.objects.filter(pk=first.pk).update(status=stuck, resolved_at=MONDAY - 9 * HOUR)
    with clock.at(MONDAY + 500 * HOUR):
        assert close_due() == 1
    assert fresh(second).status.key == "closed"


def test_a_reply_in_time_keeps_it_open(agent, ticket) -> None:
    row = resolved(agent, ticket)
    customer_reply(actor=customer_of(row), ticket=row, body="Still broken", form_key=key())
    with clock.at(MONDAY + 500 * HOUR):
        assert close_due() == 0
    assert fresh(ticket).status.key == "in_progress"


def test_closing_needs_its_own_permission(agent, ticket) -> None:
    may_not = actor_for(person("tickets.view", "tickets.update", "tickets.reply"))
    for deed in (
        lambda: change_status(actor=may_not, ticket=ticket, status=status("closed")),
        lambda: close_ticket(actor=may_not, ticket=ticket),
        lambda: reply(actor=may_not, ticket=ticket, body="Bye", form_key=key(), then=status("closed")),
    ):
        with pytest.raises(NotAllowed) as refused:
            deed()
        assert refused.value.permission == "tickets.resolve"
    assert fresh(ticket).status.key == "new"


def test_asking_for_a_status_of_a_solved_ticket_reopens_it(agent, ticket) -> None:
    resolved(agent, ticket)
    change_status(actor=staff(agent), ticket=ticket, status=status("in_progress"))
    row = fresh(ticket)
    assert (row.status.key, row.cycle, row.resolved_at, row.reopened_count) == ("in_progress", 2, None, 1)


def test_measured_time_over_a_weekend() -> None:
    """Friday 6 March in Shanghai, hours 9 to 12 and 13 to 18.

    16:00 sent · 16:30 taken · 17:00 replied, waits for the customer · Monday 10:00 the customer answers ·
    11:00 solved.
    """
    team = make_team()
    agent = make_agent(team)
    friday = dt.datetime(2026, 3, 6, 8, 0, tzinfo=dt.UTC)
    monday = dt.datetime(2026, 3, 9, 2, 0, tzinfo=dt.UTC)
    with clock.at(friday):
        ticket = submit(make_request_type(team=team))
    with clock.at(friday + HOUR / 2):
        accept_ticket(actor=staff(agent), ticket=ticket)
    with clock.at(friday + HOUR):
        reply(actor=staff(agent), ticket=ticket, body="Which?", form_key=key(), then=status("waiting_customer"))
    with clock.at(monday):
        customer_reply(actor=customer_of(ticket), ticket=ticket, body="This one", form_key=key())
    with clock.at(monday + HOUR):
        resolved(agent, ticket)
    about = lambda seconds: pytest.approx(seconds, abs=5)  # noqa: E731
    spans = list(StatusSpan.objects.filter(ticket=ticket, left_at__isnull=False).order_by("pk"))
    found = [(span.status.key, span.calendar_seconds, span.business_seconds) for span in spans]
    assert found == [
        ("new", about(1800), about(1800)),
        ("in_progress", about(1800), about(1800)),
        ("waiting_customer", about(65 * 3600), about(2 * 3600)),  # Friday 17 to 18, Monday 9 to 10
        ("in_progress", about(3600), about(3600)),
    ]
    facts = TicketFacts.objects.get(ticket=ticket)
    assert (facts.first_response_business_seconds, facts.first_response_calendar_seconds) == (about(3600), about(3600))
    assert (facts.handling_business_seconds, facts.handling_calendar_seconds) == (about(4 * 3600), about(67 * 3600))
    assert (facts.first_response_met, facts.resolution_met) == (True, True)
    assert (facts.replies, facts.customer_messages) == (1, 2)


def test_reopening_empties_the_figures_of_the_cycle(agent, ticket) -> None:
    answered(agent, ticket)
    resolved(agent, ticket)
    reopen(actor=SYSTEM, ticket=ticket)
    facts = TicketFacts.objects.get(ticket=ticket)
    assert (facts.handling_business_seconds, facts.first_response_met, facts.resolution_met) == (None, None, None)
    reopen(actor=SYSTEM, ticket=ticket)
    assert fresh(ticket).cycle == 2
