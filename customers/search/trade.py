"""Orders, products and equipment as search finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.search.declarations import Document, SearchDocument

from ..models import Equipment, Order, OrderLine, Product, Shipment


def order_rows(ids: Sequence[int]) -> Iterator[Document]:
    """Orders by their number, the shop's number, parcels, customer and what was bought."""
    parcels: dict[int, list[str]] = defaultdict(list)
    for order_id, parcel in Shipment.objects.filter(order__in=ids).values_list("order_id", "parcel_number"):
        parcels[order_id].append(parcel)
    names: dict[int, list[str]] = defaultdict(list)
    for order_id, name in OrderLine.objects.filter(order__in=ids).values_list("order_id", "name"):
        names[order_id].append(name)
    for row in Order.objects.filter(pk__in=ids).select_related("customer"):
        yield Document(
            id=row.pk,
            title=f"{row.label} {row.customer.name}",
            number=row.label,
            at=row.placed_at,
            names=[row.customer.name],
            body=[text for text in (row.external_id, *parcels[row.pk], *names[row.pk], row.note) if text],
        )


def product_rows(ids: Sequence[int]) -> Iterator[Document]:
    """Products by code and name in both languages."""
    for row in Product.objects.filter(pk__in=ids):
        names = list(dict.fromkeys(row.name.values()))
        yield Document(id=row.pk, title=str(row.name), number=row.code, at=row.updated_at, names=names, body=[row.code])


def equipment_rows(ids: Sequence[int]) -> Iterator[Document]:
    """Devices by serial number, name, place and customer."""
    for row in Equipment.objects.filter(pk__in=ids).select_related("customer"):
        yield Document(
            id=row.pk,
            title=row.name,
            number=row.serial_number,
            at=row.updated_at,
            names=[row.customer.name],
            body=[text for text in (row.serial_number, row.place) if text],
        )


def _own(kind: str) -> Callable[[Activity], Iterable[int]]:
    def touched(activity: Activity) -> Iterable[int]:
        return [activity.object_id] if activity.kind_key == kind else []

    return touched


def order_address(document: Document) -> str:
    return reverse("customers:order_detail", args=[document.number.removeprefix("SO-")])


def product_address(document: Document) -> str:
    return reverse("customers:product_detail", args=[document.id])


def equipment_address(document: Document) -> str:
    return reverse("customers:equipment_detail", args=[document.id])


#: The index forgets what lies in the recycle bin.
_BIN = ("orders.binned", "orders.restored", "orders.erased")
_ORDER_DEEDS = (
    "orders.placed", "orders.changed", "orders.shipped", "orders.parcel_moved", "orders.refunded", "orders.cancelled",
    *_BIN,
)  # fmt: skip

TRADE_DOCUMENTS = (
    SearchDocument(
        "order", _("Orders"), "orders.view", order_rows, Order.objects.visible_to, order_address, _ORDER_DEEDS,
        _own("order"), number_prefix="so", order=40,
    ),
    SearchDocument(
        "product", _("Products"), "orders.view", product_rows, Product.objects.visible_to, product_address,
        ("orders.product_saved", *_BIN), _own("product"), order=50,
    ),
    SearchDocument(
        "equipment", _("Equipment"), "orders.view", equipment_rows, Equipment.objects.visible_to, equipment_address,
        ("orders.equipment_saved", *_BIN), _own("equipment"), order=45,
    ),
)  # fmt: skip
