"""Customers and what they buy."""

from __future__ import annotations

from collections.abc import Sequence

from crm.core import clock
from crm.core.metrics import Span
from customers.models import Customer, Order

from .base import Twin, always, inside, means, number, share, sums


def _customers(viewer: object) -> object:
    rows = Customer.objects.visible_to(viewer).filter(is_internal=False)
    return rows.select_related("facts").prefetch_related("orders")


def _orders(viewer: object) -> object:
    return Order.objects.visible_to(viewer)


def _bought_by(row: Customer) -> Sequence[Order]:
    return [order for order in row.orders.all() if order.status != "cancelled"]


def _buyer(row: Customer, span: Span) -> bool:
    return bool(_bought_by(row))


def _risky(row: Customer, span: Span) -> bool:
    known = getattr(row, "facts", None)
    return bool(known) and known.risk in ("medium", "high")


def _late(row: Customer, span: Span) -> bool:
    known = getattr(row, "facts", None)
    return _buyer(row, span) and bool(known and known.repurchase_due_on and known.repurchase_due_on < clock.today())


def _ordering(row: Customer, span: Span) -> bool:
    return any(inside("placed_at")(order, span) for order in _bought_by(row))


def _had_ordered(row: Customer, span: Span) -> bool:
    return any(order.placed_at < span.start for order in _bought_by(row))


def _placed(row: Order, span: Span) -> bool:
    return row.status != "cancelled" and inside("placed_at")(row, span)


TWINS = {
    "customers.total": Twin(_customers, always, number),
    "customers.risky": Twin(_customers, _risky, number),
    "customers.created": Twin(_customers, inside("created_at"), number),
    "customers.buyers": Twin(_customers, _buyer, number),
    "customers.returning": Twin(_customers, _buyer, share(lambda row, span: len(_bought_by(row)) >= 2)),
    "customers.at_risk": Twin(_customers, _late, number),
    "customers.ordering": Twin(_customers, _ordering, number),
    "customers.repurchase_rate": Twin(_customers, _ordering, share(_had_ordered)),
    "orders.placed": Twin(_orders, _placed, number),
    "orders.amount": Twin(_orders, _placed, sums(lambda row: row.gross)),
    "orders.refunded": Twin(_orders, _placed, sums(lambda row: row.refunded)),
    "orders.mean": Twin(_orders, _placed, means(lambda row: row.gross)),
}
