"""People walk journeys: every step once, by the rules of their version, whatever happens meanwhile."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from django.db import transaction

from crm.activity.models import Activity
from crm.core import clock
from crm.core.sockets import activity_types
from crm.messaging.models import OutgoingMail
from crm.planner.models import Task
from crm.testing.builders import make_user
from customers.actions import merge_customers
from marketing.actions import note_hit
from marketing.actions.journey_steps import add_step
from marketing.journeys.waits import until
from marketing.journeys.walking import walk_batch
from marketing.journeys.working import look_at_rules
from marketing.models import Enrolment, Recipient, StepRun

from .builders import SYSTEM, agree, make_reader, make_segment
from .journey_builders import branch, go, join, mail, make_journey, named, one, outcomes, task, wait, walk

pytestmark = pytest.mark.django_db


def test_a_segment_lets_people_in_who_walk_to_the_end_and_every_repeat_changes_nothing():
    early, reader, owner = make_reader(), make_reader(), make_user("marketer")
    segment = make_segment(early)
    journey = make_journey(segment)
    mail(journey), wait(journey, 3), task(journey)
    go(journey)
    type(reader.customer).objects.filter(pk=reader.customer_id).update(owner=owner)
    join(segment, reader)
    walk(), walk()
    person = one(journey)
    assert person.contact == reader and person.step.kind == "wait"
    assert abs(person.due_at - clock.now() - dt.timedelta(days=3)) < dt.timedelta(hours=2)
    walk(2.9)
    assert outcomes(journey) == [("send", "done", "")]
    walk(3.1), walk(3.2)
    assert outcomes(journey) == [("send", "done", ""), ("wait", "done", ""), ("task", "done", "")]
    assert one(journey).state == "completed"
    assert OutgoingMail.objects.count() == 1 and Task.objects.get().assignee == owner
    told = Activity.objects.filter(kind__gte=0, type__in=[activity_types[f"journeys.{verb}"].code for verb in
                                                           ("entered", "sent", "left")])  # fmt: skip
    assert told.count() == 3


def test_a_crash_takes_the_step_back_with_what_it_did(monkeypatch):
    segment = make_segment()
    journey = go_with_mail(segment)
    join(segment, make_reader(), make_reader())
    walk_in(journey)
    from marketing.journeys import walking

    monkeypatch.setattr(walking.StepRun.objects, "bulk_create", _die)
    with pytest.raises(KeyboardInterrupt):
        walk_batch()
    assert OutgoingMail.objects.count() == 0 and StepRun.objects.count() == 0
    monkeypatch.undo()
    walk_batch()
    walk_batch()
    assert OutgoingMail.objects.count() == StepRun.objects.count() == 2


def _die(*args, **kwargs):
    raise KeyboardInterrupt


def go_with_mail(segment, **rules):
    journey = make_journey(segment, **rules)
    mail(journey)
    return go(journey)


def walk_in(journey) -> None:
    """People come in; nobody takes a step yet."""
    from marketing.journeys.starts import follow_segments

    follow_segments()
    assert Enrolment.objects.filter(journey=journey, step__isnull=False).exists()


def test_one_person_s_trouble_is_theirs_alone_and_ends_after_some_tries(monkeypatch):
    segment = make_segment()
    journey = make_journey(segment)
    task(journey)
    go(journey)
    good, bad = make_reader(), make_reader()
    for contact in (good, bad):
        type(contact.customer).objects.filter(pk=contact.customer_id).update(owner=make_user("agent"))
    join(segment, good, bad)
    from marketing.journeys import effects

    real = effects.add_task

    def broken(**values):
        if values["subject"].pk == bad.customer_id:
            raise RuntimeError("disk full")
        return real(**values)

    monkeypatch.setattr(effects, "add_task", broken)
    for days in (0, 1, 2, 3, 4):
        walk(days)
    states = dict(Enrolment.objects.values_list("contact", "state"))
    assert states == {good.pk: "completed", bad.pk: "failed"}
    assert Enrolment.objects.get(contact=bad).left_why == "RuntimeError"
    assert sorted(outcomes(journey)) == [("task", "done", ""), ("task", "failed", "error")]


def test_consent_is_asked_again_after_a_wait_and_the_journey_goes_on():
    segment = make_segment()
    journey = make_journey(segment)
    wait(journey), mail(journey), wait(journey, 2), mail(journey, "Second")
    go(journey)
    reader = make_reader()
    join(segment, reader)
    walk()
    agree(reader, granted=False)
    walk(1.1)
    agree(reader)
    walk(3.2)
    assert outcomes(journey) == [
        ("wait", "done", ""), ("send", "skipped", "unsubscribed"), ("wait", "done", ""), ("send", "done", ""),
    ]  # fmt: skip
    assert [row.subject for row in OutgoingMail.objects.all()] == ["Second"]


def test_a_branch_goes_both_ways_by_condition_and_by_what_was_clicked():
    segment = make_segment()
    journey = make_journey(segment)
    asked = branch(journey, condition=named("Acme"))
    task(journey, "Yes", parent=asked.key, way="yes"), mail(journey, parent=asked.key, way="no")
    clicked = branch(journey, settings={"ask": "clicked"})
    add_step(actor=SYSTEM, record=journey, kind="leave", parent=clicked.key, way="no")
    mail(journey, "Thanks")
    go(journey)
    acme, other = make_reader(), make_reader()
    type(acme.customer).objects.filter(pk=acme.customer_id).update(name="Acme", owner=make_user("agent"))
    join(segment, acme, other)
    with transaction.atomic():
        walk_in(journey)
        walk_batch(), walk_batch()
    mailed = Recipient.objects.get(contact=other)
    mailed.sent_at = clock.now() - dt.timedelta(hours=1)
    mailed.save()
    note_hit(actor=SYSTEM, recipient=mailed, kind="click")
    walk()
    taken = {pk: [] for pk in (acme.pk, other.pk)}
    for contact, kind, outcome in StepRun.objects.order_by("pk").values_list(
        "enrolment__contact", "step__kind", "outcome"
    ):
        taken[contact].append((kind, outcome))
    assert taken[acme.pk] == [("branch", "yes"), ("task", "done"), ("branch", "no"), ("leave", "done")]
    assert taken[other.pk] == [("branch", "no"), ("send", "done"), ("branch", "yes"), ("send", "done")]


def test_goal_and_exit_rule_take_out_who_waits_and_who_is_next():
    segment = make_segment()
    journey = make_journey(segment, goal_rule=named("Won"), exit_rule=named("Lost"))
    wait(journey, 5), mail(journey)
    go(journey)
    won, lost, staying = make_reader(), make_reader(), make_reader()
    join(segment, won, lost, staying)
    walk()
    for contact, name in ((won, "Won now"), (lost, "Lost now")):
        type(contact.customer).objects.filter(pk=contact.customer_id).update(name=name)
    look_at_rules()
    states = dict(Enrolment.objects.values_list("contact", "state"))
    assert states == {won.pk: "goal", lost.pk: "exited", staying.pk: "inside"}
    walk(6)
    assert OutgoingMail.objects.count() == 1 and Enrolment.objects.get(contact=staying).state == "completed"


def test_merged_people_go_on_once_and_deleted_ones_leave():
    segment = make_segment()
    journey = make_journey(segment)
    wait(journey, 2), mail(journey)
    go(journey)
    kept, gone, deleted = make_reader(), make_reader(), make_reader()
    join(segment, gone, deleted)
    walk()
    merge_customers(actor=SYSTEM, into=kept.customer, others=[gone.customer])
    type(deleted.customer).objects.filter(pk=deleted.customer_id).update(deleted_at=clock.now())
    walk(2.1)
    found = dict(Enrolment.objects.values_list("contact", "state"))
    assert found == {gone.pk: "completed", deleted.pk: "taken_out"}
    assert Enrolment.objects.get(contact=gone).customer_id == kept.customer_id
    assert OutgoingMail.objects.count() == 1


def test_waits_follow_the_clock_on_the_wall():
    berlin = "Europe/Berlin"
    before = dt.datetime(2026, 3, 28, 9, 30, tzinfo=zoneinfo.ZoneInfo(berlin))
    after = until({"how": "span", "n": 1, "unit": "days"}, before, berlin)
    assert after.astimezone(zoneinfo.ZoneInfo(berlin)).time() == dt.time(9, 30)
    assert after - before == dt.timedelta(hours=23), "the night of the change is an hour shorter"
    leap = dt.datetime(2028, 2, 28, 9, 0, tzinfo=dt.UTC)
    assert until({"how": "span", "n": 1, "unit": "days"}, leap, "UTC").date() == dt.date(2028, 2, 29)
    monday = until({"how": "until", "weekday": 0, "time": "09:00"}, leap, "UTC")
    assert monday == leap + dt.timedelta(days=7), "Monday nine o'clock is over at nine"
    assert until({"how": "until", "weekday": None, "time": "09:01"}, leap, "UTC") == leap + dt.timedelta(minutes=1)
