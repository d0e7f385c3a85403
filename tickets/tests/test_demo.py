"""A demo agrees with the product's own formulas, is alive, and disturbs nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q
from django.test import override_settings

from crm.accounts.access import actor_for
from crm.accounts.models import Team, User
from crm.activity.models import Activity, Anchor, Outbox
from crm.activity.selectors import sentence_of, timeline
from crm.calendars.hours import hours_of
from crm.calendars.models import Calendar, Clock, ClockEvent
from crm.calendars.shifts import on_shift
from crm.console.management.commands.loaddemo import load
from crm.core import clock as core_clock
from crm.core.actor import Actor
from crm.core.demo import PASSWORD, DemoContext, Progress
from crm.files.models import Attachment
from crm.jobs.models import Job
from crm.messaging.models import Message, OutgoingMail
from crm.notifications.models import Notification
from customers.models import Customer
from tickets.actions.deadlines import clocks_of, most_pressing, policy_for
from tickets.actions.spans import cycle_start
from tickets.choices import UNRESOLVED, StatusCategory
from tickets.models import AssignmentDecision, Rating, RequestType, StatusSpan, Ticket, TicketFacts
from tickets.questions import check_answers

from .builders import mass_made_steps

NOW = dt.datetime(2026, 11, 20, 6, 30, tzinfo=dt.UTC)
TICKETS, CUSTOMERS = 200, 60


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """A small demo whose present is `NOW`, loaded once: each test runs in a savepoint of this transaction."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("crm.console.actions.demo.demo", mass_made_steps())
        with transaction.atomic():
            with core_clock.at(NOW):
                load(DemoContext(seed=7, tickets=TICKETS, customers=CUSTOMERS, now=NOW, progress=Progress()))
            yield
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture
def demo(loaded: None, db: None) -> Iterator[None]:
    """The demo at the moment it was made for."""
    with core_clock.at(NOW):
        yield


def test_sizes_are_what_was_asked_for(demo: None) -> None:
    assert Ticket.objects.count() == TICKETS and Customer.objects.count() == CUSTOMERS
    assert Ticket.objects.aggregate(n=Count("number", distinct=True))["n"] == TICKETS
    assert Message.objects.count() >= 2 * TICKETS
    assert 0 < Attachment.objects.count() <= 24


def test_ticket_numbers_rise_with_time(demo: None) -> None:
    moments = list(Ticket.objects.order_by("number").values_list("created_at", flat=True))
    assert moments == sorted(moments) and moments[-1] < NOW
    assert moments[0] > NOW - dt.timedelta(days=366)


def test_nothing_is_delivered_mailed_or_queued(demo: None) -> None:
    assert not Outbox.objects.exists() and not OutgoingMail.objects.exists() and not Job.objects.exists()
    assert mail.outbox == []


def test_nothing_happens_in_the_future(demo: None) -> None:
    assert Activity.objects.aggregate(at=Max("at"))["at"] <= NOW
    assert Message.objects.aggregate(at=Max("created_at"))["at"] <= NOW
    assert StatusSpan.objects.aggregate(at=Max("entered_at"), left=Max("left_at"))["left"] <= NOW


def test_activity_ids_rise_with_time(demo: None) -> None:
    moments = list(Activity.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert Anchor.objects.values("activity_id").distinct().count() == len(moments)


def test_every_sentence_of_the_history_can_be_read(demo: None) -> None:
    for activity in Activity.objects.all():
        sentence = sentence_of(activity)
        assert sentence and "--" not in sentence, f"{activity.key}: {sentence}"


def test_timelines_are_full(demo: None) -> None:
    for ticket in Ticket.objects.filter(status__category=StatusCategory.CLOSED)[:20]:
        keys = [entry.key for entry in timeline(Actor.system(), ticket, limit=100).entries]
        assert keys[-1] == "tickets.submitted" and keys[0] in {"tickets.closed", "tickets.rated"}
        assert {"tickets.assigned", "tickets.accepted", "tickets.resolved"} <= set(keys)
    customer = Customer.objects.annotate(n=Count("tickets")).order_by("-n").first()
    assert len(timeline(Actor.system(), customer, limit=30).entries) == 30


def test_clocks_are_where_the_real_formulas_put_them(demo: None) -> None:
    for clock in Clock.objects.select_related("calendar"):
        hours = hours_of(clock.calendar)
        ended = [(start, end) for start, end in clock.paused if end is not None]
        assert clock.due_at == hours.add(clock.started_at, clock.target_seconds, ended)
        if clock.state == "met":
            assert clock.business_seconds == hours.between(clock.started_at, clock.met_at, clock.paused)
            assert (clock.breached_at is not None) == (clock.due_at < clock.met_at)
            assert clock.next_check_at is None
        elif clock.state == "running":
            assert (clock.breached_at is not None) == (clock.due_at < NOW)
            assert clock.next_check_at is None or clock.next_check_at >= NOW
        else:
            assert clock.spans[-1].end is None and clock.next_check_at is None
    levels = Clock.objects.aggregate(warned=Count("warned_at"), breached=Count("breached_at"))
    assert ClockEvent.objects.count() == levels["warned"] + levels["breached"]


def test_tickets_mirror_their_clocks_and_follow_their_policy(demo: None) -> None:
    for ticket in Ticket.objects.select_related("status", "request_type"):
        clocks = clocks_of(ticket)
        assert (ticket.next_due_at, ticket.sla_state) == most_pressing(clocks)
        policy = policy_for(ticket)
        assert policy is not None
        for clock in clocks:
            measure = "first_response" if clock.kind == 1 else "resolution"
            own = ticket.request_type.target_minutes(measure)
            assert clock.policy_id == (None if own else policy.pk)
            assert clock.target_seconds == (own or policy.target_minutes(ticket.priority, measure)) * 60
        paused = {clock.kind for clock in clocks if clock.state == "paused"}
        assert (2 in paused) == ticket.status.pauses_resolution


def test_figures_agree_with_spans_clocks_and_messages(demo: None) -> None:
    for facts in TicketFacts.objects.select_related("ticket__conversation", "ticket__status"):
        ticket = facts.ticket
        hours = hours_of(clocks_of(ticket)[0].calendar)
        start = cycle_start(ticket)
        messages = Message.objects.filter(conversation=ticket.conversation)
        assert facts.customer_messages == messages.filter(direction="inbound").count()
        assert facts.replies == messages.filter(direction="outbound", state="sent").count()
        assert (
            facts.assignments == Activity.objects.filter(object_id=ticket.pk, kind=150, type__in=(1501, 1514)).count()
        )
        if ticket.first_response_at:
            assert facts.first_response_business_seconds == hours.between(start, ticket.first_response_at)
            met = Clock.objects.get(kind=1, object_id=ticket.pk, cycle=ticket.cycle)
            assert facts.first_response_met == (met.breached_at is None)
        else:
            assert facts.first_response_met is None
        if ticket.resolved_at:
            assert facts.handling_calendar_seconds == int((ticket.resolved_at - start).total_seconds())
        else:
            assert facts.handling_business_seconds is None and facts.resolution_met is None


def test_spans_are_without_gaps_and_end_in_the_present_status(demo: None) -> None:
    for ticket in Ticket.objects.select_related("status"):
        spans = list(StatusSpan.objects.filter(ticket=ticket).order_by("entered_at", "pk"))
        assert spans[0].entered_at == ticket.created_at
        for before, after in pairwise(spans):
            assert (
                before.left_at == after.entered_at or before.left_at == ticket.closed_at or after.cycle > before.cycle
            )
            assert before.calendar_seconds == int((before.left_at - before.entered_at).total_seconds())
        if ticket.status.category == StatusCategory.CLOSED:
            assert spans[-1].left_at == ticket.closed_at
        else:
            assert spans[-1].left_at is None and spans[-1].status_id == ticket.status_id
            assert spans[-1].assignee_id == ticket.assignee_id


def test_decisions_chose_somebody_of_the_team_who_was_on_shift_and_free(demo: None) -> None:
    calendar = Calendar.default()
    chosen = AssignmentDecision.objects.filter(user__isnull=False).select_related("ticket")
    for decision in chosen.order_by("pk")[:60]:
        assert decision.user.memberships.filter(team=decision.team_id).exists()
        assert on_shift([decision.user_id], decision.at, calendar) == {decision.user_id}
        candidate = decision.reasons["chosen"]
        assert candidate["open"] < candidate["capacity"] and not candidate["excluded"]
        assert decision.reasons["considered"][0] == candidate


def test_teams_brands_and_people_fit_together(demo: None) -> None:
    assert not Ticket.objects.exclude(team=F("request_type__team")).exists()
    assert not Ticket.objects.exclude(customer=F("contact__customer")).exists()
    assert not Ticket.objects.exclude(brand=F("conversation__brand")).exists()
    assert Ticket.objects.filter(created_at__lt=F("customer__created_at")).count() < TICKETS / 20
    for ticket in Ticket.objects.filter(assignee__isnull=False):
        assert ticket.assignee.memberships.filter(team=ticket.team_id).exists()
    connection.check_constraints()


def test_the_present_is_alive(demo: None) -> None:
    open_now = Ticket.objects.unresolved()
    assert open_now.filter(status__category=StatusCategory.WAITING).exists()
    assert open_now.filter(sla_state="breached").exists()
    soonest = open_now.aggregate(first=Min("next_due_at"), last=Max("next_due_at"))
    assert soonest["first"] > NOW - dt.timedelta(days=20) and soonest["last"] < NOW + dt.timedelta(days=20)
    assert User.objects.filter(last_seen_at=NOW).count() > 3
    assert Notification.objects.filter(unread=True).exists()


def test_ratings_are_believable(demo: None) -> None:
    answered = Rating.objects.filter(score__isnull=False)
    assert 0.2 < answered.count() / Rating.objects.count() < 0.5
    assert not Rating.objects.filter(Q(score__isnull=True) & ~Q(comment="")).exists()


def test_everybody_of_the_demo_signs_in(demo: None) -> None:
    roles = set()
    for email in ("admin", "supervisor", "zhou.min", "wang.jing", "chen.hao", "executive", "auditor", "employee"):
        user = User.objects.get(email=f"{email}@demo.example")
        assert user.check_password(PASSWORD)
        roles |= {role.key for role in user.roles.all()}
    assert User.objects.order_by().values("roles__key").distinct().count() == 11
    languages = set(User.objects.values_list("language", flat=True))
    assert languages == {"en", "zh-hans"}
    agent = actor_for(User.objects.get(email="zhou.min@demo.example"))
    assert 0 < Ticket.objects.visible_to(agent).count() < TICKETS
    assert Team.objects.filter(memberships__is_supervisor=True).distinct().count() == 5


def test_resolved_tickets_wait_for_their_closing(demo: None) -> None:
    border = NOW - dt.timedelta(hours=72, minutes=2)
    assert not Ticket.objects.filter(status__category=StatusCategory.RESOLVED, resolved_at__lt=border).exists()
    assert not Ticket.objects.filter(status__category__in=UNRESOLVED, resolved_at__isnull=False).exists()


def test_answers_are_such_as_the_form_would_have_taken(demo: None) -> None:
    answered = set()
    for ticket in Ticket.objects.exclude(custom={}).select_related("request_type"):
        files = ticket.custom.get("damage_photo", [])
        assert check_answers(ticket.request_type, ticket.custom, files=files) == ticket.custom
        answered.add(ticket.request_type.key)
    assert {"return", "parcel_question", "software_fault", "complaint"} <= answered
    damaged = Ticket.objects.filter(custom__return_reason="damaged")
    for ticket in damaged:
        names = Attachment.objects.filter(name__in=ticket.custom["damage_photo"]).count()
        assert names == len(ticket.custom["damage_photo"])


def test_the_example_types_are_offered_to_whom_they_are_for(demo: None) -> None:
    public = {row.key for row in RequestType.objects.offered_to("public")}
    customers = {row.key for row in RequestType.objects.offered_to("customers")}
    employees = {row.key for row in RequestType.objects.offered_to("employees")}
    assert {"return", "parcel_question", "software_fault", "lift_repair", "suggestion", "complaint"} <= public
    assert customers - public == {"extra_bed"} and "it_help" in employees - customers
