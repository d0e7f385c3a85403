"""Membership as a question: "Segments has any of …", for lists, rules, and segments made of segments."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field
from crm.core.actor import Actor

from ..models import Customer, Segment, SegmentMember
from .rights import FIELD, ON


def _segments(actor: Actor) -> list[tuple[int, str]]:
    return list(Segment.objects.visible_to(actor).order_by("sort_key").values_list("pk", "name"))


def _stays(customer: Customer) -> list[int]:
    return list(SegmentMember.objects.filter(customer=customer).current().values_list("segment_id", flat=True))


def _of_row() -> Any:
    return SegmentMember.objects.filter(customer=OuterRef("pk")).current()


SEGMENTS_FIELD = Field(
    FIELD, ON, _("Segments"), "many_choice", _of_row, values=_segments, permission="segments.view", many=True,
    member="segment_id", python=_stays, order=75,
)  # fmt: skip
