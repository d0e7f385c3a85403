"""Segments as a marketing and a service team keep them, computed for real."""

from __future__ import annotations

from typing import Any

from crm.accounts.access import actor_for
from crm.core.demo import DemoContext
from crm.jobs.models import Job

from ..actions.segments import add_to_segment, create_segment
from ..choices import SegmentKind
from ..models import Customer
from ..segmenting.computing import compute_now

_DAYS = "days"
#: role of the owner, name, description, leaves (field, operator, value)
_DYNAMIC: tuple[tuple[str, str, str, list[tuple[Any, ...]]], ...] = (
    ("marketer", "沉睡客户", "半年内没有下单的老客户", [("last_order_at", "older_than", {"n": 180, "unit": _DAYS})]),
    (
        "marketer", "High value, quiet lately", "Buyers of high value without an order for 30 days",
        [("value_level", "is", "high"), ("last_order_at", "older_than", {"n": 30, "unit": _DAYS})],
    ),
    (
        "marketer", "该复购了", "按自己的购买习惯，未来 30 天内该再次下单",
        [("next_order_on", "in_next", {"n": 30, "unit": _DAYS})],
    ),
    (
        "marketer", "Warranty ends soon", "A device leaves its warranty within 120 days: offer a service plan",
        [("warranty_ends", "in_next", {"n": 120, "unit": _DAYS})],
    ),
    (
        "supervisor", "暂不打扰", "有未解决的投诉，或最近一次评价不高于 2 分",
        [("open_complaint", "is", "true"), ("last_rating", "at_most", 2)],
    ),
)  # fmt: skip


def make_segments(context: DemoContext) -> None:
    """Five dynamic segments and one picked by hand."""
    staff = context.made["staff"]
    for role, name, description, leaves in _DYNAMIC:
        actor = actor_for(staff.in_role(role)[0])
        items = [{"field": f"customer.{field}", "op": op, "value": value} for field, op, value in leaves]
        condition = {"v": 1, "any" if role == "supervisor" else "all": items}
        values = {"name": name, "description": description, "condition": condition}
        made = compute_now(create_segment(actor=actor, values=values))
        Job.objects.filter(pk=made.job_id or 0).delete()  # nobody asked for it
    actor = actor_for(staff.in_role("marketer")[0])
    values = {"kind": SegmentKind.STATIC, "name": "Trade fair guests", "description": "Invited by hand to the stand"}
    fair = create_segment(actor=actor, values=values)
    guests = Customer.objects.visible_to(actor).external().filter(facts__orders__gt=0).order_by("pk")[:18]
    add_to_segment(actor=actor, segment=fair, customers=list(guests))
