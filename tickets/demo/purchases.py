"""Which orders, parcels and products the demo's tickets are about, so that causes can be counted by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crm.core.demo import DemoContext
from crm.core.sockets import kinds
from customers.choices import AfterSales
from customers.models import Concern, Order

from ..models import Ticket

#: Of the tickets of customers who bought something before.
_SHARE = 0.4
_BATCH = 1000
_ABOUT_PARCELS = (AfterSales.PARCEL, AfterSales.DELIVERY)


def make_concerns(context: DemoContext) -> None:
    """A part of the tickets names the customer's latest order before it, with a product or a parcel of that."""
    orders: dict[int, list[Order]] = defaultdict(list)
    rows = Order.objects.counting().order_by("placed_at", "pk").prefetch_related("lines", "shipments")
    for order in rows.iterator(_BATCH):
        orders[order.customer_id].append(order)
    for part in _batches(_concerns(context, orders)):
        Concern.objects.bulk_create(part)


def _concerns(context: DemoContext, orders: dict[int, list[Order]]) -> Iterator[Concern]:
    rng, kind = context.rng("tickets.purchases"), kinds["ticket"].code
    tickets = Ticket.objects.counted().filter(customer__in=list(orders)).order_by("pk")
    for pk, customer_id, created in tickets.values_list("pk", "customer_id", "created_at").iterator():
        earlier = [order for order in orders[customer_id] if order.placed_at < created]
        if not earlier or rng.random() > _SHARE:
            continue
        order, wants = earlier[-1], rng.choice(list(AfterSales))
        parcels, lines = list(order.shipments.all()), [line for line in order.lines.all() if line.product_id]
        yield Concern(
            customer_id=customer_id, kind=kind, object_id=pk, wants=wants, order=order, created_at=created,
            severity=rng.choice([1, 1, 2, 3]),
            shipment=rng.choice(parcels) if parcels and wants in _ABOUT_PARCELS else None,
            product_id=rng.choice(lines).product_id if lines and wants not in _ABOUT_PARCELS else None,
        )  # fmt: skip


def _batches(rows: Iterator[Concern]) -> Iterator[list[Concern]]:
    part: list[Concern] = []
    for row in rows:
        part.append(row)
        if len(part) == _BATCH:
            yield part
            part = []
    yield part
