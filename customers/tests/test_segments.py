"""Segments: membership is what the plain list with the same conditions shows, at once or within one sweep."""

from __future__ import annotations

from typing import Any

import pytest

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core.actor import Actor
from crm.jobs import runners
from crm.testing.suites import staff
from customers.actions import segments as actions
from customers.models import Segment
from customers.segmenting import selectors
from customers.segmenting.computing import compute_now

from .builders import make_customer

pytestmark = pytest.mark.django_db

RIGHTS = ("segments.view", "segments.manage", "customers.view", "customers.update", "orders.view")


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
    made = actions.create_segment(actor=actor_for(owner), values={"name": name, "condition": tree(*leaves), **values})
    return compute_now(made)


def members(segment: Segment) -> set[str]:
    return set(selectors.members(segment, Actor.system()).values_list("name", flat=True))


def test_a_dynamic_segment_is_filled_by_its_job() -> None:
    owner = staff(*RIGHTS)
    make_customer("Sleepy", stage="dormant")
    make_customer("Busy", stage="active")
    segment = actions.create_segment(
        actor=actor_for(owner), values={"name": "Asleep", "condition": tree(("stage", "is", "dormant"))}
    )
    assert segment.state == "computing"
    runners.run(segment.job_id)
    segment = Segment.objects.select_related("job").get(pk=segment.pk)
    assert (segment.state, segment.size, members(segment)) == ("ready", 1, {"Sleepy"})
