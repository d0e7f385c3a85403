"""Segments that ask about campaigns follow what people do with them, although no deed is written for each."""

from __future__ import annotations

from collections.abc import Iterable

from customers.models import Segment
from customers.segmenting.following import mark

#: What the fields of `conditions` watch: the deed whose rows change.
WATCHED = "campaigns.sent"


def changed(customers: Iterable[int]) -> None:
    """These customers got or answered a campaign: segments that ask about it look at them within a minute."""
    found = set(customers)
    if not found:
        return
    segments = list(Segment.objects.followed().filter(watches__contains=[WATCHED]).values_list("pk", flat=True))
    if segments:
        mark(segments, found)
