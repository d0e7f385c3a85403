"""Segments: why somebody is in, what deletion, merging and leaving do to them, and their pages."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.core import clock
from crm.core.errors import Invalid
from crm.core.sockets import handovers
from crm.jobs import runners
from crm.jobs.models import Job
from crm.testing.suites import DetailSuite, ListSuite, signed_in, staff
from customers.actions import delete_customer, merge_customers, undo_merge, update_customer
from customers.actions import segments as actions
from customers.models import Customer, Segment, SegmentMember
from customers.segmenting.computing import compute_all
from customers.segmenting.why import why_in

from .builders import make_contact, make_customer
from .segment_builders import RIGHTS, SYSTEM, follow, make_segment, make_static, members, tree

pytestmark = pytest.mark.django_db


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
