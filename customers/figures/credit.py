"""How much of its credit limit each customer uses: open orders and unpaid instalments, whoever deals with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.db.models import Count, Sum

from crm.core import clock

from ..models import Credit, Order
from .currencies import Exchange
from .signs import Amount, Ids, amounts_of

#: From this share of the limit on, in percent, little of it is left.
NEARLY = 80
#: Credit scores below this one are poor.
POOR = 40
_FIELDS = ["used", "left_out", "over_since", "updated_at"]


def open_orders(ids: Ids) -> Iterator[Amount]:
    """What customers are to pay for orders, by currency. One query."""
    rows = Order.objects.with_due().filter(due_now__gt=0)
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    found = rows.order_by().values("customer_id", "currency").annotate(sum=Sum("due_now"), n=Count("pk"))
    return (Amount(row["customer_id"], row["currency"], row["sum"], row["n"]) for row in found)


def compute_credit(ids: Sequence[int] | None = None) -> int:
    """Brings what is used of the limits of these customers, or of all, up to date. Returns how many changed."""
    rows = Credit.objects.filter(limit__isnull=False)
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    with transaction.atomic():
        found = list(rows.select_for_update(no_key=True).order_by("pk"))
        if not found:
            return 0
        owed = amounts_of("owed", [row.customer_id for row in found])
        exchange, now, changed = Exchange(), clock.now(), []
        for row in found:
            used, left_out = exchange.total(owed.get(row.customer_id, []), row.currency)
            is_over = row.limit is not None and used > row.limit
            since = (row.over_since or now) if is_over else None
            if (row.used, row.left_out, row.over_since) != (used, left_out, since):
                row.used, row.left_out, row.over_since, row.updated_at = used, left_out, since, now
                changed.append(row)
        Credit.objects.bulk_update(changed, _FIELDS, batch_size=1000)
    return len(changed)


def over_limit(ids: Ids) -> dict[int, dict[str, str]]:
    """Customers who use more than their limit."""
    return _used(ids, lambda row: row.limit is not None and row.used > row.limit)


def near_limit(ids: Ids) -> dict[int, dict[str, str]]:
    """Customers who use most of their limit, and not more."""
    return _used(ids, lambda row: row.limit is not None and row.used <= row.limit and (row.percent or 0) >= NEARLY)


def poor_report(ids: Ids) -> dict[int, dict[str, object]]:
    """Customers of whom an agency says that they pay badly."""
    rows = Credit.objects.filter(score__lt=POOR)
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    found = rows.order_by("pk").values_list("customer_id", "score", "source", "reported_on")
    return {pk: {"score": score, "source": source, "on": str(on or "")} for pk, score, source, on in found}


def _used(ids: Ids, is_meant: Callable[[Credit], bool]) -> dict[int, dict[str, str]]:
    rows = Credit.objects.filter(limit__isnull=False, used__gt=0)
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    return {
        row.customer_id: {"used": row.used_text, "limit": row.limit_text}
        for row in rows.order_by("pk")
        if is_meant(row)
    }
