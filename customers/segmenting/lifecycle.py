"""Stays in segments when two customers become one.

Who was picked by hand stays picked: the survivor takes the place, unless it has one. Dynamic segments look at both by
themselves after the deed; looks that are due, and what a computing has found, belong to the record they are about.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..choices import SegmentKind
from ..lifecycles import Lifecycle, moving
from ..models import SegmentMember


def _stays(new: int) -> Q:
    own = SegmentMember.objects.filter(customer=new).current().values("segment")
    return (
        ~Q(segment__kind=SegmentKind.STATIC)
        | Q(left_at__isnull=False)
        | Q(segment__in=list(own.values_list("segment", flat=True)))
    )


def _nothing(old: int, new: int) -> None:
    return None


def _undo_nothing(old: int, new: int, memory: Any) -> list[str]:
    return []


def _picked(customer_id: int) -> int:
    return SegmentMember.objects.filter(customer=customer_id, segment__kind=SegmentKind.STATIC).current().count()


SEGMENT_LIFECYCLES = (
    replace(
        moving(
            "customers.segments", "customer", _("Static segments"), "customers.SegmentMember.customer", stays=_stays
        ),
        count=_picked,
    ),
    Lifecycle(
        "customers.segment_looks", "customer", "", _nothing, _undo_nothing,
        ("customers.SegmentCheck.customer", "customers.SegmentChange.customer"),
    ),
)  # fmt: skip
