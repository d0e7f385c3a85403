"""Orders: placing (by staff or pushed by a shop), shipping, delivering, refunding, cancelling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import Deed, record, record_many
from crm.core import clock, money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.numbering import next_numbers
from crm.core.text import clean_line, clean_text
from crm.core.translated import in_all_languages
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers
from crm.fields.registry import COLUMN

from ..choices import OrderChannel, OrderStatus, ShipmentStatus
from ..exceptions import OrderIsOver, RefundTooHigh
from ..models import Contact, Customer, Order, OrderLine, Product, Refund, Shipment
from ..models.orders import NUMBER_SEQUENCE
from .storing import write_rows

MAX_LINES = 500
_FACTS = (
    "contact", "channel", "status", "placed_at", "currency", "tax_included", "ship_to", "note", "paid", "paid_at",
)  # fmt: skip
#: What staff correct on an order that exists.
_CORRECTED = ("channel", "ship_to", "note", "paid", "paid_at")
#: What tells one line from another.
_LINE = ("product_id", "name", "quantity", "unit_price", "discount_percent", "tax_percent")


@dataclass(frozen=True, slots=True)
class NewLine:
    """A position as it is ordered. Without a product its name says what it is; unit_price in the order's currency."""

    quantity: Decimal
    unit_price: Decimal
    product: Product | None = None
    name: str = ""
    discount_percent: Decimal = Decimal(0)
    tax_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as `place_order` takes it."""

    customer: Customer
    lines: Sequence[NewLine]
    values: Mapping[str, Any]
    source: str = ""
    external_id: str = ""


@action(permission="orders.manage")
def place_order(
    *,
    actor: Actor,
    customer: Customer,
    lines: Sequence[NewLine],
    values: Mapping[str, Any] | None = None,
    source: str = "",
    external_id: str = "",
) -> Order:
    """Stores an order with its totals. values: any of contact, channel, status, placed_at, currency, ship_to, note,
    paid (so far, null while nobody says) and paid_at; a status of "paid" without an amount means all of it.

    The same (source, external_id) brings the stored order to what is given, and changes nothing when it is so
    already. Raises `Invalid` with `fields`, `NotFound` for a customer or contact outside the actor's set.
    """
    placed = Placed(customer, lines, values or {}, source, external_id)
    return place_orders(actor=actor, orders=[placed])[0]


@action(permission="orders.manage")
def place_orders(*, actor: Actor, orders: Sequence[Placed]) -> list[Order]:
    """`place_order` for many different orders, all or none, written and told together. Raises as that does."""
    wanted = {each.customer.pk for each in orders}
    rows = Customer.objects.visible_to(actor).lock().select_related("brand").filter(pk__in=wanted)
    owners = {row.pk: row for row in rows}
    if len(owners) < len(wanted):
        raise NotFound
    known = _known(orders)
    before = _images(list(known.values()))
    placed: list[Order] = []
    lines: list[OrderLine] = []
    for each in orders:
        owner = owners[each.customer.pk]
        found = known.get((each.source, each.external_id)) if each.external_id else None
        if found is not None and found.customer_id != owner.pk:
            raise Invalid(fields={"customer": _("This order belongs to another customer")})
        fresh = Order(
            customer=owner, brand=owner.brand, source=each.source, external_id=clean_line(each.external_id, 80)
        )
        order = found or fresh
        lines += _filled(order, each, owner)
        placed.append(order)
    numberless = [order for order in placed if order.number is None]
    for order, number in zip(numberless, next_numbers(NUMBER_SEQUENCE, len(numberless)), strict=True):
        order.number = number
    write_rows(Order, placed, (*_FACTS, "net", "tax", "gross", COLUMN))
    _write_lines(lines, before)
    after = _images([order for order in placed if order.pk in before])
    record_many(actor=actor, deeds=[
        Deed("orders.changed" if order.pk in before else "orders.placed", order, [order.customer, order.contact],
             {"number": order.number, "total": order.total_text})
        for order in placed if order.pk not in before or before[order.pk] != after[order.pk]
    ])  # fmt: skip
    return placed


@action(permission="orders.manage")
def change_order(*, actor: Actor, record: Order, values: Mapping[str, Any]) -> Order:
    """Sets channel, ship_to, note, paid, paid_at or answers ("custom_" and the key) of an order; the lines stay.

    Raises `Invalid`, `NotFound`.
    """
    row, answers = _locked(actor, record), custom_values(values)
    facts = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    if set(facts) - set(_CORRECTED) or facts.get("channel", row.channel) not in OrderChannel.values:
        raise Invalid
    if wrong := _wrong_payment(facts):
        raise Invalid(fields=wrong)
    before = _images([row])
    store_answers(row, answers)
    for name, value in facts.items():
        limit = {"note": 4000, "ship_to": 400}.get(name)
        setattr(row, name, clean_text(value, limit) if limit else value)
    _settle(row)
    row.save()
    if before != _images([row]):
        _tell(actor, "orders.changed", row, {"total": row.total_text})
    return row


@action(permission="orders.manage")
def ship_order(
    *, actor: Actor, order: Order, carrier: str, parcel_number: str = "", shipped_at: dt.datetime | None = None
) -> Shipment:
    """Adds a parcel; the same carrier and parcel number give the first again. Raises `Invalid`, `OrderIsOver`."""
    row = _locked(actor, order)
    carrier, parcel = clean_line(carrier, 60), clean_line(parcel_number, 60)
    if not carrier:
        raise Invalid(fields={"carrier": _("Enter who carries the parcel")})
    if row.status == OrderStatus.CANCELLED:
        raise OrderIsOver
    known = row.shipments.filter(carrier=carrier, parcel_number=parcel).first() if parcel else None
    if known is not None:
        return known
    shipment = Shipment.objects.create(
        order=row, carrier=carrier, parcel_number=parcel, shipped_at=shipped_at or clock.now()
    )
    _move(row, OrderStatus.SHIPPED)
    _tell(actor, "orders.shipped", row, {"carrier": carrier, "parcel": parcel or "--"})
    return shipment


@action(permission="orders.manage")
def move_shipment(*, actor: Actor, shipment: Shipment, status: str) -> Shipment:
    """Says how far a parcel is; when all are delivered, so is the order. Raises `Invalid`, `NotFound`."""
    if status not in ShipmentStatus.values:
        raise Invalid(fields={"status": _("Choose one of the values")})
    row = _locked(actor, Order.objects.get(pk=shipment.order_id))
    parcel = Shipment.objects.lock().get(pk=shipment.pk)
    if parcel.status == status:
        return parcel
    parcel.status = status
    parcel.delivered_at = clock.now() if status == ShipmentStatus.DELIVERED else None
    parcel.save()
    if not row.shipments.exclude(status=ShipmentStatus.DELIVERED).exists():
        _move(row, OrderStatus.DELIVERED)
    what = in_all_languages(ShipmentStatus(status).label)
    _tell(actor, "orders.parcel_moved", row, {"parcel": str(parcel), "status": what})
    return parcel


@action(permission="orders.manage")
def refund_order(*, actor: Actor, order: Order, amount: Decimal, reason: str) -> Refund:
    """Notes money given back. Raises `Invalid`, and `RefundTooHigh` past what was paid."""
    row = _locked(actor, order)
    value, why = money.rounded(amount, row.currency), clean_line(reason, 200)
    fields: dict[str, object] = {}
    if value <= 0:
        fields["amount"] = _("Enter an amount above zero")
    if not why:
        fields["reason"] = _("Enter why it is paid back")
    if fields:
        raise Invalid(fields=fields)
    if row.refunded + value > row.gross:
        raise RefundTooHigh(fields={"amount": RefundTooHigh.default})
    refund = Refund.objects.create(order=row, amount=value, reason=why)
    row.refunded += value
    row.save(update_fields=["refunded"])
    _tell(actor, "orders.refunded", row, {"amount": money.shown(value, row.currency), "text": why})
    return refund


@action(permission="orders.manage")
def cancel_order(*, actor: Actor, order: Order, reason: str) -> Order:
    """Takes an order out of every figure. Doing it again changes nothing. Raises `Invalid`, `OrderIsOver`."""
    row = _locked(actor, order)
    if row.status == OrderStatus.CANCELLED:
        return row
    if row.status == OrderStatus.DELIVERED:
        raise OrderIsOver
    why = clean_line(reason, 200)
    if not why:
        raise Invalid(fields={"reason": _("Enter why it is cancelled")})
    _move(row, OrderStatus.CANCELLED)
    _tell(actor, "orders.cancelled", row, {"text": why})
    return row


def _known(orders: Sequence[Placed]) -> dict[tuple[str, str], Order]:
    """(shop, its number) → the stored order, locked."""
    numbers = {each.external_id for each in orders if each.external_id}
    rows = Order.objects.lock().filter(external_id__in=numbers) if numbers else ()
    return {(row.source, row.external_id): row for row in rows}


def _filled(order: Order, placed: Placed, owner: Customer) -> list[OrderLine]:
    """Puts facts, answers and totals on an order; its lines, not stored yet. Raises `Invalid`, `RefundTooHigh`."""
    facts = {name: value for name, value in placed.values.items() if not name.startswith(PREFIX)}
    if set(facts) - set(_FACTS):
        raise Invalid(fields={name: _("This field cannot be set") for name in set(facts) - set(_FACTS)})
    _check(facts, placed.lines, owner)
    facts.setdefault("currency", owner.brand.currency)
    for name, value in facts.items():
        setattr(order, name, clean_text(value, 4000) if name in {"note", "ship_to"} else value)
    store_answers(order, custom_values(placed.values))
    amounts = [_amounts(line, order) for line in placed.lines]
    total = money.total_of(amounts)
    order.net, order.tax, order.gross = total.net, total.tax, total.gross
    _settle(order)
    if order.refunded > order.gross:
        raise RefundTooHigh
    return [_row(order, place, line, amounts[place]) for place, line in enumerate(placed.lines)]


def _settle(order: Order) -> None:
    """What follows from what was said of the money: a paid order is paid in full, and money came at some moment."""
    if order.paid is None and order.status == OrderStatus.PAID:
        order.paid = order.gross - order.refunded
    if not order.paid:
        order.paid_at = None
    elif order.paid_at is None:
        order.paid_at = clock.now()


def _wrong_payment(facts: Mapping[str, Any]) -> dict[str, object]:
    paid = facts.get("paid")
    if paid is not None and not 0 <= paid < 10**14:
        return {"paid": _("Enter an amount of zero or more")}
    return {}


def _write_lines(lines: Sequence[OrderLine], before: Mapping[int, tuple[Any, ...]]) -> None:
    """Stores the lines of orders that are new or have others by now. before: as `_images`; the others keep theirs."""
    by_order: dict[int, list[OrderLine]] = {}
    for line in lines:
        by_order.setdefault(line.order.pk, []).append(line)
    fresh = {
        pk: rows for pk, rows in by_order.items()
        if pk not in before or before[pk][1] != tuple(tuple(getattr(row, name) for name in _LINE) for row in rows)
    }  # fmt: skip
    if gone := set(fresh) & set(before):
        OrderLine.objects.filter(order__in=gone).delete()
    for row in (row for rows in fresh.values() for row in rows):
        row.order_id = row.order.pk
    OrderLine.objects.bulk_create(row for rows in fresh.values() for row in rows)


def _check(facts: Mapping[str, Any], lines: Sequence[NewLine], owner: Customer) -> None:
    fields = _wrong_payment(facts)
    if not lines or len(lines) > MAX_LINES:
        fields["lines"] = _("Enter 1 to %(count)s lines") % {"count": MAX_LINES}
    for name, choices in (("channel", OrderChannel), ("status", OrderStatus)):
        if facts.get(name, choices.values[0]) not in choices.values:
            fields[name] = _("Choose one of the values")
    if facts.get("currency", "CNY") not in money.SIGNS:
        fields["currency"] = _("Choose a currency from the list")
    contact: Contact | None = facts.get("contact")
    if contact is not None and contact.customer_id != owner.pk:
        fields["contact"] = _("Choose a person of this customer")
    for place, line in enumerate(lines, start=1):
        if line.quantity <= 0 or line.unit_price < 0 or not 0 <= line.discount_percent <= 100:
            fields["lines"] = _("Line %(place)s: check quantity, price and discount") % {"place": place}
        if line.product is None and not clean_line(line.name):
            fields["lines"] = _("Line %(place)s: choose a product or enter a name") % {"place": place}
    if fields:
        raise Invalid(fields=fields)


def _amounts(line: NewLine, order: Order) -> money.Line:
    return money.line_of(
        quantity=line.quantity, unit_price=line.unit_price, currency=order.currency,
        discount_percent=line.discount_percent, tax_percent=line.tax_percent, tax_included=order.tax_included,
    )  # fmt: skip


def _row(order: Order, place: int, line: NewLine, amounts: money.Line) -> OrderLine:
    name = clean_line(line.name, 160) or (str(line.product.name) if line.product else "")
    return OrderLine(
        order=order, position=place, product=line.product, name=name, quantity=line.quantity,
        unit_price=line.unit_price, discount_percent=line.discount_percent, tax_percent=line.tax_percent,
        net=amounts.net, tax=amounts.tax, gross=amounts.gross,
    )  # fmt: skip


def _images(orders: Sequence[Order]) -> dict[int, tuple[Any, ...]]:
    """Id → what an order says, facts and lines, to see whether a push changed it. Two looks."""
    if not orders:
        return {}
    ids = [order.pk for order in orders]
    lines: dict[int, list[tuple[Any, ...]]] = {pk: [] for pk in ids}
    for pk, *line in OrderLine.objects.filter(order__in=ids).order_by("position").values_list("order_id", *_LINE):
        lines[pk].append(tuple(line))
    rows = Order.objects.filter(pk__in=ids).values_list("pk", *_FACTS, "gross", "custom")
    return {pk: (tuple(facts), tuple(lines[pk])) for pk, *facts in rows}


def _locked(actor: Actor, order: Order) -> Order:
    """The order, fresh and locked. Raises `NotFound`."""
    row = Order.objects.visible_to(actor).lock().filter(pk=order.pk).first()
    if row is None:
        raise NotFound
    return row


def _move(order: Order, status: OrderStatus) -> None:
    order.status = status
    order.save(update_fields=["status"])


def _tell(actor: Actor, type_: str, order: Order, data: Mapping[str, Any]) -> None:
    anchors = [order.customer, order.contact]
    record(actor=actor, type=type_, subject=order, anchors=anchors, data={"number": order.number, **data})
