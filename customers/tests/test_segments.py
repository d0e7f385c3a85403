"""Segments: membership is what the plain list with the same conditions shows, at once or within one sweep."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.dispatch import dispatch
from crm.conditions.language import parse
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.jobs import runners
from crm.jobs.choices import JobState
from crm.jobs.models import Job
from crm.testing.suites import signed_in, staff
from customers.actions import log_interaction, update_customer
from customers.actions import segments as actions
from customers.choices import SegmentFailure
from customers.exceptions import InACircle, NotPickedByHand, SegmentUsed
from customers.models import Address, Customer, Segment, SegmentCheck, SegmentMember
from customers.segmenting import membership, selectors
from customers.segmenting.computing import compute_now
from customers.segmenting.following import look_at_due

from .builders import make_contact, make_customer
from .segment_builders import RIGHTS, SYSTEM, deeds, follow, make_segment, make_static, members, tree

pytestmark = pytest.mark.django_db


def test_a_dynamic_segment_is_filled_by_its_job_in_one_deed() -> None:
    owner = staff(*RIGHTS)
    make_customer("Sleepy", stage="dormant")
    make_customer("Busy", stage="active")
    segment = actions.create_segment(
        actor=actor_for(owner), values={"name": "Asleep", "condition": tree(("stage", "is", "dormant"))}
    )
    assert (segment.state, members(segment)) == ("computing", set())
    runners.run(segment.job_id)
    segment = Segment.objects.select_related("job").get(pk=segment.pk)
    assert (segment.state, segment.size, members(segment)) == ("ready", 1, {"Sleepy"})
    assert [deed.data["entered"] for deed in deeds("segments.computed")] == [1]
    assert deeds("segments.entered") == []


def test_members_are_those_of_the_plain_list_with_the_same_conditions() -> None:
    rng = random.Random(4)
    owner = staff(*RIGHTS)
    for i in range(30):
        customer = make_customer(
            f"No {i}", stage=rng.choice(["new", "active", "dormant"]), industry=rng.choice(["", "Optics", "Foods"]),
            owner=rng.choice([None, owner]),
        )  # fmt: skip
        Customer.objects.filter(pk=customer.pk).update(
            last_interaction_at=rng.choice([None, clock.now() - dt.timedelta(days=rng.randint(1, 90))])
        )
        for _place in range(rng.randint(0, 2)):
            Address.objects.create(customer=customer, line="1", city=rng.choice(["Oslo", "Suzhou"]))
        if rng.random() < 0.4:
            make_contact(customer)
    leaves: list[tuple[Any, ...]] = [
        ("stage", "any_of", ["new", "dormant"]), ("industry", "is_not", "Optics"), ("owner", "is_me"),
        ("last_interaction_at", "older_than", {"n": 30, "unit": "days"}), ("city", "none_of", ["oslo"]),
        ("contacts", "at_least", 1), ("reached_by", "any_of", ["email"]), ("last_interaction_at", "is_empty"),
    ]  # fmt: skip
    segment = make_segment(owner, leaves[0])
    for _round in range(12):
        chosen = rng.sample(leaves, rng.randint(1, 3))
        condition = tree(*chosen, match=rng.choice(["all", "any"]))
        segment = actions.update_segment(actor=actor_for(owner), record=segment, values={"condition": condition})
        segment = compute_now(segment)
        listed = parse(condition, "customer", actor_for(owner)).filter(Customer.objects.external())
        assert members(segment) == set(listed.values_list("name", flat=True)), chosen
        assert segment.size == listed.count()


def test_a_deed_moves_a_customer_within_one_sweep() -> None:
    owner = staff(*RIGHTS)
    customer = make_customer("Acme", stage="active")
    untouched = make_segment(owner, ("industry", "is", "Optics"), name="Untouched")
    segment = make_segment(owner, ("stage", "is", "dormant"))
    follow()
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "dormant"})
    follow()
    assert (members(segment), members(untouched)) == ({"Acme"}, set())
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "active"})
    follow()
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "dormant"})
    follow()
    stays = list(SegmentMember.objects.filter(segment=segment).order_by("pk"))
    assert [(stay.source, stay.left_at is None) for stay in stays] == [("deed", False), ("deed", True)]
    assert Segment.objects.get(pk=segment.pk).size == 1
    entered = deeds("segments.entered")
    assert [deed.data["customer_id"] for deed in entered] == [customer.pk] * 2 and len(deeds("segments.left")) == 1
    assert [stay.pk for stay in selectors.entries(segment.pk, stays[0].pk)] == [stays[1].pk]
    assert selectors.last_entry(segment.pk) == stays[1].pk


def test_only_deeds_that_a_condition_watches_lead_to_a_look() -> None:
    owner = staff(*RIGHTS)
    customer = make_customer()
    make_segment(owner, ("stage", "is", "dormant"))
    talked = make_segment(owner, ("last_interaction_at", "is_not_empty"), name="Talked with")
    follow()
    log_interaction(actor=SYSTEM, customer=customer, kind="call", text="Hello")
    for lane in ("urgent", "default", "bulk"):
        dispatch(lane)
    assert list(SegmentCheck.objects.values_list("segment", "customer")) == [(talked.pk, customer.pk)]
    look_at_due()
    assert members(talked) == {customer.name} and not SegmentCheck.objects.exists()


@pytest.mark.parametrize(("operator", "inside_before"), [("in_last", True), ("older_than", False)])
def test_time_alone_moves_a_customer(operator: str, inside_before: bool) -> None:
    owner, now = staff(*RIGHTS), clock.now()
    for name, days in (("Near", 29.5), ("Far", 1)):
        Customer.objects.filter(pk=make_customer(name).pk).update(last_interaction_at=now - dt.timedelta(days=days))
    segment = make_segment(owner, ("last_interaction_at", operator, {"n": 30, "unit": "days"}))
    follow()
    assert ("Near" in members(segment)) is inside_before
    due = SegmentCheck.objects.get(segment=segment)  # that of the other lies beyond what is noted
    assert (due.customer.name, due.by_time) == ("Near", True)
    assert abs(due.due_at - now - dt.timedelta(hours=12)) < dt.timedelta(minutes=1)
    with clock.at(due.due_at):
        look_at_due()
    assert ("Near" in members(segment)) is not inside_before
    if not inside_before:
        assert SegmentMember.objects.get(segment=segment, customer__name="Near").source == "time"


def test_a_segment_keeps_to_what_its_owner_may_see_and_read() -> None:
    boss, seller = staff(*RIGHTS), staff("segments.view", "segments.manage", "customers.view", scope=Scope.OWN)
    mine = make_customer("Mine", owner=seller)
    make_customer("Theirs", owner=boss)
    segment = make_segment(seller, ("name", "is_not_empty"))
    assert members(segment) == {"Mine"}
    hidden = tree(("orders", "at_least", 1))
    with pytest.raises(Invalid) as refused:
        actions.create_segment(actor=actor_for(seller), values={"name": "Buyers", "condition": hidden})
    assert "condition" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        actions.update_segment(actor=actor_for(boss), record=segment, values={"condition": hidden})
    assert "may not read" in refused.value.fields["condition"]
    update_customer(actor=SYSTEM, customer=mine, values={"owner": boss})
    follow()
    assert members(segment) == set()
    with pytest.raises(NotAllowed):
        actions.create_segment(actor=actor_for(staff("segments.view")), values={"name": "No"})


def test_a_segment_whose_owner_left_keeps_its_members_and_says_why() -> None:
    owner, heir = staff(*RIGHTS), staff(*RIGHTS)
    customer = make_customer("Acme", stage="dormant")
    segment = make_segment(owner, ("stage", "is", "dormant"))
    follow()
    User.objects.filter(pk=owner.pk).update(is_active=False)
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "active"})
    follow()
    segment = Segment.objects.get(pk=segment.pk)
    assert (segment.failure, segment.state, members(segment)) == (SegmentFailure.OWNER, "failed", {"Acme"})
    segment = actions.update_segment(actor=actor_for(heir), record=segment, values={"owner": heir})
    assert compute_now(segment).state == "ready" and members(segment) == set()


def test_others_see_a_segment_only_when_it_is_for_them() -> None:
    owner, reader = staff(*RIGHTS), staff("segments.view", "customers.view")
    make_customer("Acme")
    private = make_segment(owner, ("name", "is_not_empty"), name="Private", audience="personal")
    make_segment(owner, ("name", "is_not_empty"), name="Public")
    seen = Segment.objects.visible_to(actor_for(reader))
    assert [row.name for row in seen] == ["Public"]
    assert private not in seen and not Segment.objects.visible_to(Actor.guest()).exists()
    customer = Customer.objects.get(name="Acme")
    assert [stay.segment.name for stay in selectors.segments_of(actor_for(reader), customer)] == ["Public"]


def test_who_is_picked_by_hand_stays_until_taken_out() -> None:
    owner, seller = staff(*RIGHTS), staff("segments.view", "segments.manage", "customers.view", scope=Scope.OWN)
    one, two = make_customer("One"), make_customer("Two")
    segment = make_static(owner, one, two)
    assert actions.add_to_segment(actor=actor_for(owner), segment=segment, customers=[one]) == 0
    assert actions.remove_from_segment(actor=actor_for(owner), segment=segment, customers=[two]) == 1
    assert (members(segment), Segment.objects.get(pk=segment.pk).size) == ({"One"}, 1)
    assert len(deeds("segments.entered")) == 2 and len(deeds("segments.left")) == 1
    with pytest.raises(NotFound):
        actions.add_to_segment(actor=actor_for(seller), segment=segment, customers=[two])
    dynamic = make_segment(owner, ("name", "is", "Two"), name="Twos")
    with pytest.raises(NotPickedByHand):
        actions.add_to_segment(actor=actor_for(owner), segment=dynamic, customers=[one])
    copy = actions.copy_to_static(actor=actor_for(owner), record=dynamic, name="Twos then")
    update_customer(actor=SYSTEM, customer=two, values={"name": "Three"})
    follow()
    assert (members(dynamic), members(copy), copy.size) == (set(), {"Three"}, 1)


def test_many_changes_at_once_are_one_deed() -> None:
    owner = staff(*RIGHTS)
    crowd = [make_customer(f"No {i}") for i in range(membership.FEW + 1)]
    segment = make_static(owner, *crowd)
    assert not deeds("segments.entered") and [deed.data["entered"] for deed in deeds("segments.computed")] == [
        len(crowd)
    ]
    assert Segment.objects.get(pk=segment.pk).size == len(crowd)


def test_segments_of_segments_follow_and_never_go_in_a_circle() -> None:
    owner = staff(*RIGHTS)
    customer = make_customer("Acme", stage="active")
    inner = make_segment(owner, ("stage", "is", "dormant"), name="Inner")
    outer = make_segment(owner, ("segments", "any_of", [inner.pk]), name="Outer")
    follow()
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "dormant"})
    follow()
    look_at_due()
    assert members(outer) == {"Acme"}
    for leaves in ([("segments", "any_of", [outer.pk])], [("segments", "none_of", [inner.pk])]):
        with pytest.raises(InACircle):
            actions.update_segment(actor=actor_for(owner), record=inner, values={"condition": tree(*leaves)})
    with pytest.raises(SegmentUsed):
        actions.delete_segment(actor=actor_for(owner), record=inner)
    page = signed_in(owner).get(reverse("customers:segment_delete", args=[inner.pk]))
    assert "Outer" in page.content.decode() and "Delete Inner</button>" not in page.content.decode()
    actions.delete_segment(actor=actor_for(owner), record=outer)
    actions.delete_segment(actor=actor_for(owner), record=inner)
    assert not Segment.objects.exists() and not SegmentMember.objects.exists()


def test_a_stopped_computing_changes_nothing() -> None:
    owner = staff(*RIGHTS)
    make_customer("Sleepy", stage="dormant")
    make_customer("Busy", stage="active")
    segment = make_segment(owner, ("stage", "is", "dormant"))
    values = {"condition": tree(("stage", "is", "active"))}
    segment = actions.update_segment(actor=actor_for(owner), record=segment, values=values)
    job = Job.objects.get(pk=segment.job_id)
    assert runners.runners[job.kind].step(job) is False  # it has looked at everybody
    assert signed_in(owner).post(reverse("customers:segment_stop", args=[segment.pk])).status_code == 302
    runners.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED
    segment = Segment.objects.select_related("job").get(pk=segment.pk)
    assert (segment.state, members(segment)) == ("stopped", {"Sleepy"})
    assert signed_in(owner).post(reverse("customers:segment_compute", args=[segment.pk])).status_code == 302
    runners.run(Segment.objects.get(pk=segment.pk).job_id)
    assert members(segment) == {"Busy"}
