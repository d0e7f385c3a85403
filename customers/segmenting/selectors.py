"""Reads about segments, for their pages and for the rooms above: campaigns and journeys."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from crm.core.actor import Actor

from ..models import Customer, Segment, SegmentMember


def members(segment: Segment, viewer: Actor) -> QuerySet[Any]:
    """The customers in the segment now that the viewer may see, out of the stored stays: no condition is asked."""
    return Customer.objects.visible_to(viewer).filter(in_segment(segment.pk))


def in_segment(*segment_ids: int) -> Exists:
    """Whether the customer of the row is in any of these segments now."""
    return Exists(SegmentMember.objects.current().filter(customer=OuterRef("pk"), segment__in=segment_ids))


def entries(segment_id: int, after_id: int, limit: int = 1000) -> list[SegmentMember]:
    """Stays that began after the row with that id, oldest first, also of customers who have left since.

    Within one segment ids grow in the order of commits (see `SegmentMember`), so keeping the last id as a cursor for
    each segment misses nobody and meets nobody twice.
    """
    rows = SegmentMember.objects.filter(segment=segment_id, pk__gt=after_id).select_related("customer")
    return list(rows.order_by("pk")[:limit])


def last_entry(segment_id: int) -> int:
    """The id to start a cursor from so that only those who come from now on are met; 0 before the first."""
    newest = SegmentMember.objects.filter(segment=segment_id).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def segments_of(viewer: Actor, customer: Customer) -> list[SegmentMember]:
    """The customer's stays that last, in segments that the viewer may see, by name."""
    seen = Segment.objects.visible_to(viewer).values("pk")
    rows = SegmentMember.objects.filter(customer=customer, segment__in=seen).current().select_related("segment")
    return list(rows.order_by("segment__sort_key", "pk"))
