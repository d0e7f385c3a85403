"""What demo tickets are about: of customers who bought something, every third names an order, a parcel or a device."""

from __future__ import annotations

from crm.activity.recording import kind_of
from crm.core.demo import DemoContext
from customers.choices import AfterSales
from customers.models import Concern, Equipment, Order

from ..models import Ticket

#: Of so many tickets whose customer bought something, one says what it is about.
ONE_OF = 3
#: What the type of a ticket suggests; others are questions.
_WANTS = {
    "return": AfterSales.RETURN, "parcel_question": AfterSales.PARCEL, "hardware_fault": AfterSales.REPAIR,
    "complaint": AfterSales.EXCHANGE,
}  # fmt: skip


def make_matters(context: DemoContext) -> None:
    """Rows as `set_concern` makes them, each of the ticket's own day; a device for faults, otherwise the last order."""
    rng, kind = context.rng("tickets.matters"), kind_of(Ticket).code
    devices = {row.customer_id: row for row in Equipment.objects.select_related("product").order_by("pk")}
    orders = {
        row.customer_id: row for row in Order.objects.prefetch_related("lines__product", "shipments").order_by("pk")
    }
    rows = []
    for ticket in Ticket.objects.whole().select_related("request_type").order_by("pk"):
        order, device = orders.get(ticket.customer_id), devices.get(ticket.customer_id)
        if (order is None and device is None) or rng.randrange(ONE_OF):
            continue
        wants = _WANTS.get(ticket.request_type.key, AfterSales.QUESTION)
        said = Concern(
            customer_id=ticket.customer_id, kind=kind, object_id=ticket.pk, wants=wants,
            severity=min(3, ticket.priority), created_at=ticket.created_at,
        )  # fmt: skip
        if device is not None and (order is None or wants == AfterSales.REPAIR):
            said.equipment, said.product = device, device.product
        elif order is not None:
            said.order = order
            said.shipment = next(iter(order.shipments.all()), None)
            said.product = next((line.product for line in order.lines.all() if line.product), None)
        rows.append(said)
    Concern.objects.bulk_create(rows)
