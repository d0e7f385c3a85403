"""Segments in legal states, and what the workers do with them."""

from __future__ import annotations

from typing import Any

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.dispatch import dispatch
from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.sockets import activity_types
from customers.actions import segments as actions
from customers.models import Customer, Segment
from customers.segmenting import selectors
from customers.segmenting.computing import compute_now
from customers.segmenting.following import look_at_due

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
