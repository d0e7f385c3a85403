"""People walk journeys: every step once, by the rules of their version, whatever happens meanwhile."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from django.db import transaction

from crm.activity.models import Activity
from crm.core import clock
from crm.core.errors import Invalid
from crm.core.sockets import activity_types
from crm.fields.tests.builders import make_field
from crm.messaging.models import OutgoingMail
from crm.planner.models import Task
from crm.testing.builders import make_user
from customers.actions import merge_customers
from customers.actions.segments import add_to_segment, remove_from_segment
from customers.models import CustomerFacts
from marketing.actions import note_hit, update_campaign
from marketing.actions.enrolments import take_out
from marketing.actions.journey_steps import add_step, change_step, edit_mail, move_step, place_step, remove_step
from marketing.actions.journey_versions import begin_version, set_version
from marketing.actions.journeys import end_journey, pause_journey, publish_journey, resume_journey
from marketing.exceptions import JourneyNotEditable, JourneyNotReady
from marketing.journeys.checks import checks_of
from marketing.journeys.dates import date_starts
from marketing.journeys.outline import Outline
from marketing.journeys.trial import walk_as
from marketing.journeys.waits import until
from marketing.journeys.walking import walk_batch
from marketing.journeys.working import look_at_rules
from marketing.models import Enrolment, Recipient, StepRun

from .builders import SYSTEM, agree, make_reader, make_segment
from .journey_builders import branch, go, later, mail, make_journey, named, one, outcomes, task, wait, walk

pytestmark = pytest.mark.django_db


def join(segment, *contacts) -> None:
    add_to_segment(actor=SYSTEM, segment=segment, customers=[contact.customer for contact in contacts])


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


@pytest.mark.parametrize(("rule", "soon", "at_last"), [("never", 1, 1), ("after", 1, 2), ("always", 2, 3)])
def test_who_was_in_it_comes_in_again_as_the_rule_says(rule, soon, at_last):
    segment, reader = make_segment(), make_reader()
    journey = make_journey(segment, reentry=rule, reentry_days=10)
    wait(journey)
    go(journey)
    for days in (0, 2, 14):
        with later(days):
            join(segment, reader)
            walk(), walk(1.5)
            remove_from_segment(actor=SYSTEM, segment=segment, customers=[reader.customer])
        if days == 2:
            assert Enrolment.objects.count() == soon
    assert Enrolment.objects.count() == at_last


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


def test_a_new_version_leaves_people_on_theirs_or_takes_them_along():
    segment = make_segment()
    journey = make_journey(segment)
    first, pause, second = mail(journey, "First"), wait(journey, 3), mail(journey, "Second")
    go(journey)
    stays, moves = make_reader(), make_reader()
    join(segment, stays)
    walk()
    with pytest.raises(JourneyNotEditable):
        remove_step(actor=SYSTEM, record=journey, key=second.key)
    begin_version(actor=SYSTEM, record=journey)
    remove_step(actor=SYSTEM, record=journey, key=second.key)
    campaign = edit_mail(actor=SYSTEM, record=journey, key=first.key)
    assert campaign.pk != first.mail_id
    update_campaign(actor=SYSTEM, record=campaign, values={"subject": {"en": "First, better", "zh-hans": "更好"}})
    publish_journey(actor=SYSTEM, record=journey)
    walk(3.1)
    assert [row.subject for row in OutgoingMail.objects.order_by("pk")] == ["First", "Second"]
    assert one(journey).version.number == 1

    join(segment, moves)
    walk()
    assert Enrolment.objects.get(contact=moves).version.number == 2
    begin_version(actor=SYSTEM, record=journey)
    remove_step(actor=SYSTEM, record=journey, key=pause.key)
    move_step(actor=SYSTEM, record=journey, key=mail(journey, "Third").key, up=True)
    publish_journey(actor=SYSTEM, record=journey, move=True)
    person = Enrolment.objects.get(contact=moves)
    assert person.version.number == 3 and person.state == "completed"
    subjects = [row.subject for row in OutgoingMail.objects.order_by("pk")]
    assert subjects == ["First", "Second", "First, better"], "a step that was taken is never taken again"
    versions = {row.number: row.state for row in journey.versions.all()}
    assert versions == {1: "past", 2: "past", 3: "live"}


def test_moved_people_wait_on_at_the_same_step_and_go_to_the_next_that_is_left():
    segment = make_segment()
    journey = make_journey(segment)
    pause, gone, last = wait(journey, 3), wait(journey, 9), mail(journey, "Last")
    go(journey)
    at_first, at_second = make_reader(), make_reader()
    join(segment, at_second)
    walk(), walk(3.1)
    join(segment, at_first)
    walk()
    due = Enrolment.objects.get(contact=at_first).due_at
    begin_version(actor=SYSTEM, record=journey)
    remove_step(actor=SYSTEM, record=journey, key=gone.key)
    publish_journey(actor=SYSTEM, record=journey, move=True)
    keys = dict(Enrolment.objects.values_list("contact", "step__key"))
    assert keys == {at_first.pk: pause.key, at_second.pk: last.key}
    assert Enrolment.objects.get(contact=at_first).due_at == due


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


def test_a_deed_starts_once_and_only_for_whom_the_condition_holds():
    from marketing.journeys.starts import follow_deeds

    journey = make_journey(start_kind="deed", deed="customers.contact_added",
                           condition=named("Acme"))  # fmt: skip
    wait(journey)
    go(journey)
    acme, other = make_reader(), make_reader()
    type(acme.customer).objects.filter(pk=acme.customer_id).update(name="Acme")
    for contact in (acme, other):
        deed = Activity(
            type=activity_types["customers.contact_added"].code, kind=131, object_id=contact.pk, actor_kind=1,
            at=clock.now(), data={},
        )  # fmt: skip
        deed.save()
        follow_deeds([deed]), follow_deeds([deed])
    person = one(journey)
    assert person.contact == acme and person.cause.startswith("deed:")


def test_dates_come_once_at_their_hour_in_the_zone():
    customer = make_reader().customer
    today = dt.datetime(2027, 5, 10, 8, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))
    with clock.at(today):
        journey = make_journey(start_kind="date", date_key="customer.next_order", days_offset=-7, hour=9)
        wait(journey)
        go(journey)
        type(customer).objects.filter(pk=customer.pk).update(created_at=today)
        CustomerFacts.objects.update_or_create(customer=customer, defaults={"repurchase_due_on": dt.date(2027, 5, 17)})
        walk()
        assert Enrolment.objects.count() == 0, "nine o'clock has not come"
        walk(1 / 24), walk(2 / 24)
        assert one(journey).cause == f"date:2027-05-17:{customer.pk}"
        walk(3)
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "comes"), [((2027, 2, 28), True), ((2028, 2, 28), False), ((2028, 2, 29), True), ((2028, 3, 1), False)]
)
def test_who_was_born_on_a_29_february_is_met_every_year(day, comes):
    make_field("date", key="birthday", kind="contact")
    person = make_reader()
    type(person).objects.filter(pk=person.pk).update(custom={"birthday": "1996-02-29"})
    hits = list(date_starts()["contact.custom_birthday"].find(dt.date(*day), True))
    assert [hit.contact_id for hit in hits] == ([person.pk] if comes else [])
    customer = make_reader().customer
    type(customer).objects.filter(pk=customer.pk).update(created_at=dt.datetime(1996, 2, 29, 12, tzinfo=dt.UTC))
    found = [hit.customer_id for hit in date_starts()["customer.created"].find(dt.date(*day), True)]
    assert (customer.pk in found) is comes


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


def test_what_is_unfinished_stands_in_the_way_in_plain_words():
    journey = make_journey(None, reentry="always")
    set_version(actor=SYSTEM, record=journey, values={"segment": None})
    with pytest.raises(JourneyNotReady):
        publish_journey(actor=SYSTEM, record=journey)
    for kind in ("send", "branch", "task", "tag", "notify"):
        add_step(actor=SYSTEM, record=journey, kind=kind)
    wrong = {check.key.rpartition(".")[2] for check in checks_of(journey.draft) if not check.is_right and check.blocks}
    assert wrong == {"segment", "reentry", "content", "languages", "condition", "task", "tag", "text"}
    zero = add_step(actor=SYSTEM, record=journey, kind="wait")
    change_step(actor=SYSTEM, record=journey, key=zero.key, values={"settings": {"how": "span", "n": 0}})
    wrong = {check.key for check in checks_of(journey.draft) if not check.is_right}
    assert f"{zero.key}.wait" in wrong and "reentry" not in wrong


def test_the_outline_is_built_with_buttons_and_by_dragging():
    journey = make_journey()
    first, split, last = wait(journey), branch(journey), wait(journey)

    def places() -> dict[str, str]:
        return {row.step.key: row.number for row in Outline(journey.draft).rows()}

    up = lambda step: move_step(actor=SYSTEM, record=journey, key=step.key, up=True)  # noqa: E731
    down = lambda step: move_step(actor=SYSTEM, record=journey, key=step.key, up=False)  # noqa: E731
    for number in ("2.no.1", "2.yes.1", "2", "1"):
        up(last)
        assert places()[last.key] == number
    for number in ("2", "3.yes.1", "3.no.1", "3"):
        down(last)
        assert places()[last.key] == number.replace("3.", "2.") if "." in number else True
    inner = add_step(actor=SYSTEM, record=journey, kind="branch", parent=split.key, way="yes")
    with pytest.raises(Invalid):
        place_step(actor=SYSTEM, record=journey, key=split.key, parent=inner.key, way="no", place=0)
    deep = add_step(actor=SYSTEM, record=journey, kind="branch", parent=inner.key, way="yes")
    with pytest.raises(Invalid):
        add_step(actor=SYSTEM, record=journey, kind="branch", parent=deep.key, way="yes")
    place_step(actor=SYSTEM, record=journey, key=first.key, parent=split.key, way="no", place=0)
    assert places()[first.key] == "1.no.1"
    remove_step(actor=SYSTEM, record=journey, key=split.key)
    assert places() == {last.key: "1"}


def test_paused_nobody_moves_and_ended_everybody_leaves_or_goes_on():
    segment = make_segment()
    journey = make_journey(segment)
    wait(journey), mail(journey)
    go(journey)
    join(segment, make_reader(), make_reader())
    walk()
    pause_journey(actor=SYSTEM, record=journey)
    walk(2)
    assert outcomes(journey) == []
    resume_journey(actor=SYSTEM, record=journey)
    out = Enrolment.objects.first()
    take_out(actor=SYSTEM, record=out, why="They asked us to stop")
    end_journey(actor=SYSTEM, record=journey, take_out=False)
    join(segment, make_reader())
    walk(2)
    look_at_rules()
    journey.refresh_from_db()
    assert journey.state == "ended" and Enrolment.objects.count() == 2 and OutgoingMail.objects.count() == 1


def test_walking_as_somebody_shows_the_way_and_sends_nothing():
    journey = make_journey()
    asked = branch(journey, condition=named("Acme"))
    mail(journey, parent=asked.key, way="yes"), wait(journey), task(journey)
    acme, refused = make_reader(), make_reader(False)
    type(acme.customer).objects.filter(pk=acme.customer_id).update(name="Acme")
    type(refused.customer).objects.filter(pk=refused.customer_id).update(name="Acme Two")
    for contact, tone in ((acme, "success"), (refused, "caution")):
        contact.customer.refresh_from_db()
        walked = walk_as(SYSTEM, journey.draft, contact.customer)
        assert [stage.step.kind for stage in walked.stages] == ["branch", "send", "wait", "task"]
        assert walked.stages[1].tone == tone and contact.name in walked.stages[1].text
        assert walked.stages[3].at - walked.stages[1].at == dt.timedelta(days=1)
    assert OutgoingMail.objects.count() == Recipient.objects.count() == Enrolment.objects.count() == 0
