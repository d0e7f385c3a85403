"""Why a customer is in a segment, or just outside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crm.conditions.explaining import Line, explain
from crm.core.actor import Actor

from ..models import Customer, Segment, SegmentMember
from .membership import Asking
from .rights import Unkept, company_time


@dataclass(frozen=True, slots=True)
class Why:
    """stay: the present one, with how it began; None outside. lines: empty for a static segment, or one not kept.

    is_reached: whether the segment's owner sees the customer at all. soon: the conditions say otherwise than the stay,
    so the next look will change it.
    """

    customer: Customer
    stay: SegmentMember | None
    lines: list[Line]
    is_reached: bool = True
    soon: bool = False

    @property
    def since(self) -> dt.datetime | None:
        return self.stay.entered_at if self.stay else None


def why_in(viewer: Actor, segment: Segment, customer: Customer) -> Why:
    """The conditions one by one, with the customer's own values as far as the viewer may read them."""
    stay = SegmentMember.objects.filter(segment=segment, customer=customer).current().first()
    if not segment.is_dynamic:
        return Why(customer, stay, [])
    try:
        asked = Asking.of(segment)
    except Unkept:
        return Why(customer, stay, [])
    with company_time():
        lines = explain(asked.condition, customer, viewer)
        belongs = asked.matching().filter(pk=customer.pk).exists()
    is_reached = asked.sees_all or asked.reach.filter(pk=customer.pk).exists()
    return Why(customer, stay, lines, is_reached, soon=belongs is not (stay is not None))
