"""Deadlines: which policy promises what, when clocks stand still, and what happens when one passes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from crm.activity.models import Activity
from crm.calendars.actions.calendars import create_calendar
from crm.calendars.clock_sweep import sweep_clocks
from crm.calendars.models import Calendar, Clock
from crm.calendars.week import DAYS
from crm.core import clock
from crm.core.actor import Actor
from crm.notifications.models import Notification
from crm.testing.builders import make_user
from crm.testing.suites import signed_in
from tickets.actions import change_priority, change_status, close_ticket, delete_ticket, reopen, reply
from tickets.actions.deadlines import FIRST_RESPONSE, RESOLUTION, clock_of
from tickets.models import SlaPolicy, Status, Ticket

from .builders import (
    MONDAY,
    answered,
    deliver,
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
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def policy(name: str, minutes: int, order: int, condition: dict | None = None, **values) -> SlaPolicy:
    targets = {str(priority): {"first_response": minutes, "resolution": minutes * 4} for priority in (1, 2, 3, 4)}
    return SlaPolicy.objects.create(
        name={"en": name}, calendar=values.pop("calendar", Calendar.default()), targets=targets, order=order,
        condition=condition or {}, **values,
    )  # fmt: skip


def asks_for(**answer) -> dict:
    return {"v": 1, "all": [{"field": "ticket.kind", "op": "any_of", "value": ["complaint"]} | answer]}


@pytest.fixture
def agent():
    return make_agent(make_team())


@pytest.fixture
def ticket(agent):
    asked = make_request_type(team=agent.memberships.get().team)
    with clock.at(MONDAY):
        ticket = submit(asked)
        deliver()
        return fresh(ticket)


def due(ticket: Ticket, name: str = RESOLUTION) -> dt.timedelta:
    """How long after Monday 10:00 the clock is due, to the minute."""
    found = clock_of(fresh(ticket), name)
    assert found is not None
    return dt.timedelta(minutes=round((found.due_at - MONDAY).total_seconds() / 60))


def test_the_first_policy_in_order_whose_condition_holds_decides() -> None:
    policy("Later", 10, 90)
    policy("Complaints", 20, 10, asks_for())
    policy("Off", 5, 1, is_active=False)
    with clock.at(MONDAY):
        assert clock_of(submit(make_request_type(kind="complaint")), FIRST_RESPONSE).policy_label == "Complaints"
        assert clock_of(submit(make_request_type()), FIRST_RESPONSE).policy_label == "Later"


def test_targets_go_by_priority(ticket) -> None:
    with clock.at(MONDAY):
        urgent = submit(make_request_type(impact=3, urgency=3))
        low = submit(make_request_type(impact=1, urgency=1))
    assert due(urgent, FIRST_RESPONSE) == 30 * MINUTE
    assert due(ticket, FIRST_RESPONSE) == 5 * HOUR  # 4 h from 10:00 with the noon break
    assert due(low, FIRST_RESPONSE) == 24 * HOUR  # 8 h: 7 on Monday, the eighth ends at 10:00 on Tuesday


def test_several_intervals_a_day_and_the_night_do_not_count() -> None:
    week = {"v": 1} | {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in DAYS[:5]}
    split = create_calendar(actor=SYSTEM, name={"en": "Split"}, timezone="Asia/Shanghai", week=week)
    policy("Split", 180, 1, calendar=split)
    with clock.at(MONDAY):
        ticket = submit()
    assert due(ticket, FIRST_RESPONSE) == 4 * HOUR  # 10 to 12, 13 to 14
    # 12 h: 2 + 5 on Monday, 3 + 2 on Tuesday, which ends at 15:00.
    assert due(ticket, RESOLUTION) == 29 * HOUR


def test_nothing_is_promised_without_a_policy() -> None:
    SlaPolicy.objects.update(is_active=False)
    with clock.at(MONDAY):
        ticket = fresh(submit())
    assert not Clock.objects.exists()
    assert (ticket.sla_state, ticket.next_due_at, ticket.answer_expected_at) == ("none", None, None)


def test_a_policy_switched_off_leaves_running_clocks(ticket) -> None:
    before = due(ticket)
    SlaPolicy.objects.update(is_active=False)
    with clock.at(MONDAY + HOUR):
        assert sweep_clocks() == 0
    assert due(ticket) == before


@pytest.mark.parametrize(("name", "first", "resolution"), [("waiting_customer", False, True), ("on_hold", True, True)])
def test_waiting_pauses_the_solution_and_on_hold_both(ticket, agent, name, first, resolution) -> None:
    before = due(ticket, FIRST_RESPONSE), due(ticket)
    with clock.at(MONDAY + 10 * MINUTE):
        change_status(actor=staff(agent), ticket=ticket, status=status(name))
    states = clock_of(ticket, FIRST_RESPONSE).state, clock_of(ticket, RESOLUTION).state
    assert states == ("paused" if first else "running", "paused" if resolution else "running")
    with clock.at(MONDAY + 40 * MINUTE):
        change_status(actor=staff(agent), ticket=ticket, status=status("in_progress"))
    shift = 30 * MINUTE
    wanted = before[0] + shift * first, before[1] + shift * resolution
    found = due(ticket, FIRST_RESPONSE), due(ticket)
    assert all(abs(moment - want) < MINUTE for moment, want in zip(found, wanted, strict=True))


def test_a_paused_ticket_says_so(ticket, agent) -> None:
    answered(agent, ticket)
    change_status(actor=staff(agent), ticket=ticket, status=status("on_hold"))
    assert (fresh(ticket).sla_state, fresh(ticket).next_due_at) == ("paused", None)


def test_reopening_starts_a_new_cycle(ticket, agent) -> None:
    with clock.at(MONDAY + 10 * MINUTE):
        resolved(agent, ticket)
    assert fresh(ticket).sla_state == "met"
    with clock.at(MONDAY + HOUR):
        reopen(actor=staff(agent), ticket=ticket)
    row = fresh(ticket)
    assert (row.cycle, row.first_response_at, row.sla_state) == (2, None, "fine")
    assert Clock.objects.filter(object_id=row.pk).count() == 4
    assert abs(clock_of(row, RESOLUTION).started_at - (MONDAY + HOUR)) < MINUTE
    assert Clock.objects.filter(object_id=row.pk, cycle=1, state="met").count() == 2


def test_a_changed_priority_counts_anew_from_the_start_and_met_stays_met(ticket, agent) -> None:
    with clock.at(MONDAY + 10 * MINUTE):
        answered(agent, ticket)
    met = clock_of(ticket, FIRST_RESPONSE)
    with clock.at(MONDAY + 20 * MINUTE):
        change_priority(actor=staff(agent), ticket=ticket, priority=4)
    again = clock_of(ticket, FIRST_RESPONSE)
    assert (again.state, again.met_at, again.due_at) == ("met", met.met_at, met.due_at)
    found = clock_of(ticket, RESOLUTION)
    assert found.target_seconds == 240 * 60 and abs(found.started_at - MONDAY) < MINUTE


def test_the_expected_answer_follows_the_priority(ticket, agent) -> None:
    with clock.at(MONDAY + MINUTE):
        change_priority(actor=staff(agent), ticket=ticket, priority=4)
    row = fresh(ticket)
    assert row.answer_expected_at == clock_of(row, FIRST_RESPONSE).due_at


def test_warning_and_breach_take_effect_once_each(ticket, agent) -> None:
    supervisor = make_user("supervisor", teams=[ticket.team], supervises=True)
    first = clock_of(ticket, FIRST_RESPONSE)
    levels = []
    for moment in (first.warn_at, first.due_at):
        with clock.at(moment + MINUTE):
            sweep_clocks()
            sweep_clocks()
            deliver()
            levels.append(fresh(ticket).sla_state)
    assert levels == ["at_risk", "breached"]
    assert [Activity.objects.filter(object_id=ticket.pk, type=code).count() for code in (1515, 1516)] == [1, 1]
    told = Notification.objects.filter(kind__in=["tickets.sla_at_risk", "tickets.sla_breached"])
    assert sorted(told.values_list("user_id", "kind", "count")) == sorted(
        [
            (agent.pk, "tickets.sla_at_risk", 1),
            (agent.pk, "tickets.sla_breached", 1),
            (supervisor.pk, "tickets.sla_breached", 1),
        ]
    )


def test_an_answered_clock_warns_nobody(ticket, agent) -> None:
    with clock.at(MONDAY + 5 * MINUTE):
        resolved(agent, ticket)
    with clock.at(MONDAY + dt.timedelta(days=30)):
        assert sweep_clocks() == 0
    assert fresh(ticket).sla_state == "met"


@pytest.mark.parametrize("end", [close_ticket, delete_ticket])
def test_what_is_closed_or_deleted_breaches_no_more(ticket, end) -> None:
    with clock.at(MONDAY + 5 * MINUTE):
        end(actor=SYSTEM, ticket=ticket)
    with clock.at(MONDAY + dt.timedelta(days=30)):
        assert sweep_clocks() == 0
    assert not Activity.objects.filter(object_id=ticket.pk, type__in=(1515, 1516)).exists()


def test_a_late_answer_is_a_breach_even_before_the_sweep(ticket, agent) -> None:
    with clock.at(MONDAY + dt.timedelta(days=2)):
        answered(agent, ticket)
    assert clock_of(ticket, FIRST_RESPONSE).breached_at is not None
    assert fresh(ticket).facts.first_response_met is False


def test_why_due_then_is_explained(ticket, agent) -> None:
    with clock.at(MONDAY + 10 * MINUTE):
        change_status(actor=staff(agent), ticket=ticket, status=status("on_hold"))
    with clock.at(MONDAY + 20 * MINUTE):
        change_status(actor=staff(agent), ticket=ticket, status=status("in_progress"))
    page = signed_in(agent).get(reverse("tickets:ticket_why", args=[ticket.number])).content.decode()
    assert "First response" in page and "Resolution" in page
    assert "Policy: Standard" in page and "(On hold)" in page


def test_a_status_that_an_administrator_lets_pause_pauses_on_taking(ticket, agent) -> None:
    Status.objects.filter(key="in_progress").update(pauses_resolution=True)
    with clock.at(MONDAY + MINUTE):
        reply(actor=staff(agent), ticket=ticket, body="Hello", form_key=key())
    assert clock_of(ticket, RESOLUTION).state == "paused"
