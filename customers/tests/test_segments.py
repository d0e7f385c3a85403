"""Segments: membership is what the plain list with the same conditions shows, at once or within one sweep."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.dispatch import dispatch
from crm.activity.models import Activity
from crm.conditions.language import parse
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.sockets import activity_types, handovers
from crm.jobs import runners
from crm.jobs.choices import JobState
from crm.jobs.models import Job
from crm.testing.suites import DetailSuite, ListSuite, signed_in, staff
from customers.actions import delete_customer, log_interaction, merge_customers, undo_merge, update_customer
from customers.actions import segments as actions
from customers.choices import SegmentFailure
from customers.exceptions import InACircle, NotPickedByHand, SegmentUsed
from customers.models import Address, Customer, Segment, SegmentCheck, SegmentMember
from customers.segmenting import membership, selectors
from customers.segmenting.computing import compute_all, compute_now
from customers.segmenting.following import look_at_due
from customers.segmenting.why import why_in

from .builders import make_contact, make_customer

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system()
RIGHTS = ("segments.view", "segments.manage", "customers.view", "customers.update", "customers.delete", "orders.view")


def tree(*leaves: tuple[Any, ...], match: str = "all") -> dict[str, Any]:
    """(field without "customer.", operator[, value]) for each leaf."""
    return {
        "v": 1,
        match: [
            {"field": f"customer.{leaf[0]}", "op": leaf[1], **({"value": leaf[2]} if len(leaf) > 2 else {})}
            for leaf in leaves
        ],
    }


def make_segment(owner: User, *leaves: tuple[Any, ...], name: str = "Some", **values: Any) -> Segment:
    """A dynamic segment, computed."""
    values = {"name": name, "condition": tree(*leaves), **values}
    return compute_now(actions.create_segment(actor=actor_for(owner), values=values))


def make_static(owner: User, *customers: Customer, name: str = "Picked") -> Segment:
    segment = actions.create_segment(actor=actor_for(owner), values={"name": name, "kind": "static"})
    actions.add_to_segment(actor=actor_for(owner), segment=segment, customers=customers)
    return segment


def members(segment: Segment) -> set[str]:
    return set(selectors.members(segment, SYSTEM).values_list("name", flat=True))


def follow() -> None:
    """What the workers do within seconds: deliver the deeds, then look at who is due."""
    for lane in ("urgent", "default", "bulk"):
        dispatch(lane)
    look_at_due()


def deeds(key: str) -> list[Activity]:
    return list(Activity.objects.filter(type=activity_types[key].code).order_by("pk"))


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


def test_why_names_every_condition_with_the_customers_own_value() -> None:
    owner, reader = staff(*RIGHTS), staff("segments.view", "customers.view")
    customer = make_customer("Acme", stage="dormant", industry="Optics")
    segment = make_segment(owner, ("stage", "is", "dormant"), ("industry", "is", "Foods"), ("orders", "at_least", 1))
    why = why_in(actor_for(reader), segment, customer)
    assert why.stay is None and not why.soon
    assert [(line.holds, line.value) for line in why.lines] == [(True, "Dormant"), (False, "Optics"), (None, "")]
    page = signed_in(owner).get(reverse("customers:segment_detail", args=[segment.pk]), {"why": customer.label})
    assert "Not in the segment" in page.content.decode() and "Here: Optics" in page.content.decode()


def test_who_is_deleted_or_merged_leaves_and_an_undone_merge_brings_back() -> None:
    owner = staff(*RIGHTS)
    kept, other, gone = (make_customer(name, stage="dormant") for name in ("Kept", "Other", "Gone"))
    segment, picked = make_segment(owner, ("stage", "is", "dormant")), make_static(owner, other)
    follow()
    delete_customer(actor=SYSTEM, customer=gone)
    merge = merge_customers(actor=SYSTEM, into=kept, others=[other])
    follow()
    assert (members(segment), members(picked)) == ({"Kept"}, {"Kept"})
    undo_merge(actor=SYSTEM, merge=merge)
    follow()
    assert (members(segment), members(picked)) == ({"Kept", "Other"}, {"Other"})


def test_a_fresh_look_outdoes_what_a_computing_found_earlier() -> None:
    owner = staff(*RIGHTS)
    customer = make_customer("Acme", stage="dormant")
    values = {"name": "Asleep", "condition": tree(("stage", "is", "dormant"))}
    segment = actions.create_segment(actor=actor_for(owner), values=values)
    follow()
    job = Job.objects.get(pk=segment.job_id)
    assert runners.runners[job.kind].step(job) is False
    job.save(update_fields=runners.PROGRESS)
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "active"})
    follow()
    runners.run(job.pk)
    assert members(segment) == set() and Segment.objects.get(pk=segment.pk).size == 0


def test_a_leaver_hands_over_also_what_only_they_saw() -> None:
    boss, leaver, heir = staff(*RIGHTS), staff(*RIGHTS), staff(*RIGHTS)
    seller = staff("segments.view", "customers.view")
    segment = make_segment(leaver, ("orders", "at_most", 3), audience="personal")
    declared = handovers["segments"]
    assert list(declared.rows(actor_for(boss), leaver)) == [segment]
    with pytest.raises(Invalid):
        declared.move(actor_for(boss), segment, seller)
    memory = declared.move(actor_for(boss), segment, heir)
    assert Segment.objects.get(pk=segment.pk).owner == heir
    declared.undo(actor_for(boss), leaver, segment.pk, memory)
    assert Segment.objects.get(pk=segment.pk).owner == leaver


def test_every_night_segments_are_computed_and_old_stays_forgotten() -> None:
    owner = staff(*RIGHTS)
    customer = make_customer("Acme", stage="dormant")
    segment, picked = make_segment(owner, ("stage", "is", "dormant")), make_static(owner, customer)
    Customer.objects.filter(pk=customer.pk).update(stage="active")  # what no deed announced
    SegmentMember.objects.create(
        segment=segment, customer=customer, left_at=clock.now() - dt.timedelta(days=731), source="deed",
        entered_at=clock.now() - dt.timedelta(days=800),
    )  # fmt: skip
    Customer.objects.filter(pk=customer.pk).update(deleted_at=clock.now())
    compute_all()
    runners.run(Segment.objects.get(pk=segment.pk).job_id)
    assert [stay.left_at is None for stay in SegmentMember.objects.filter(segment=segment)] == [False]
    assert Segment.objects.get(pk=picked.pk).size == 0


def posted(segment_tree: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"name": "Asleep", "audience": "everybody", "condition": json.dumps(segment_tree), **values}


def test_the_builder_previews_without_saving_and_then_saves() -> None:
    owner = staff(*RIGHTS)
    for name, stage, industry in (("A", "dormant", "Optics"), ("B", "dormant", "Foods"), ("C", "active", "Optics")):
        make_contact(make_customer(name, stage=stage, industry=industry))
    client, address = signed_in(owner), reverse("customers:segment_create")
    both = tree(("stage", "is", "dormant"), ("industry", "is", "Optics"))
    page = client.post(address, posted(both, **{"try": "1"}))
    found = page.context["trial"]
    assert page.status_code == 200 and not Segment.objects.exists()
    assert (found.size, found.contacts, found.mailable, [left for _text, left in found.lines]) == (1, 1, 0, [2, 1])
    assert [(customer.name, values) for customer, values in found.sample] == [("A", ["Dormant", "Optics"])]
    unfinished = client.post(
        address, {"name": "X", "condition-match": "all", "condition-0-field": "customer.stage", "try": "1"}
    )
    assert unfinished.status_code == 200 and unfinished.context["trial"] is None
    assert client.post(address, posted(tree())).status_code == 422
    assert client.post(address, posted(both)).status_code == 302
    segment = Segment.objects.get()
    assert segment.owner == owner and segment.job_id
    edit = reverse("customers:segment_update", args=[segment.pk])
    page = client.post(edit, posted(tree(("stage", "is", "dormant")), owner=owner.pk, **{"try": "1"}))
    assert (page.context["trial"].size, Segment.objects.get().condition) == (2, segment.condition)


def test_the_list_of_customers_is_narrowed_to_segments_the_reader_sees_and_fills_static_ones() -> None:
    owner, reader = staff(*RIGHTS), staff("segments.view", "customers.view")
    one = make_customer("One")
    make_customer("Two")
    segment = make_static(owner, one)
    private = actions.create_segment(
        actor=actor_for(owner), values={"name": "Private", "kind": "static", "audience": "personal"}
    )
    client, address = signed_in(reader), reverse("customers:customer_list")
    body = client.get(address, {"own": "1", "segment": segment.pk}).content.decode()
    assert "One" in body and "Two" not in body
    assert "Two" in client.get(address, {"own": "1", "segment": private.pk}).content.decode()
    bulk = reverse("ui:list_bulk", args=["customer", "add_to_segment"]) + "?own=1"
    assert signed_in(reader).post(bulk, {"all": "1"}).status_code == 403
    asked = {"all": "1", "segment": segment.pk, "confirmed": "1", "count": "2"}
    signed_in(owner).post(bulk, asked)
    runners.run(Job.objects.order_by("-pk")[0].pk)
    assert members(segment) == {"One", "Two"}
    taken = signed_in(owner).post(reverse("customers:segment_remove", args=[segment.pk]), {"customer": one.pk})
    assert taken.status_code == 302 and members(segment) == {"Two"}


class TestList(ListSuite):
    url_name, permission, others = "customers:segment_list", "segments.view", ("customers.view",)

    def make(self, count: int) -> list[Any]:
        owner = staff(*RIGHTS)
        return [make_segment(owner, ("owner", "any_of", [owner.pk]), name=f"Segment {i}") for i in range(count)]


class TestDetail(DetailSuite):
    url_name, permission, others = "customers:segment_detail", "segments.view", ("customers.view",)

    def make_one(self) -> Any:
        owner = staff(*RIGHTS)
        make_customer("Acme", owner=owner)
        return make_segment(owner, ("owner", "is", owner.pk))

    def make_hidden(self) -> Any:
        return make_segment(staff(*RIGHTS), ("name", "is", "Acme"), audience="personal")
