"""When customers ordered, as lists narrow by it and figures count it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from ..models import Order


def has_ordered(start: dt.datetime | None, end: dt.datetime | None) -> Exists:
    """The condition of a customer with an order from a moment and before another; cancelled ones do not count."""
    rows = Order.objects.counting().filter(customer=OuterRef("pk"))
    if start is not None:
        rows = rows.filter(placed_at__gte=start)
    return Exists(rows.filter(placed_at__lt=end) if end is not None else rows)
