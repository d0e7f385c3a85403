"""What customers bought, how it travelled, what was paid back. Money is Decimal in the order's currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import clock, money
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, live_manager
from crm.core.numbering import next_number

from ..choices import PAID_AT_ONCE, UNPAID, OrderChannel, OrderStatus, ShipmentStatus
from ..querysets import OfOrderQuerySet, OrderQuerySet

NUMBER_SEQUENCE = "order_number_seq"
_AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "default": 0}


class Order(DeletableModel, BaseModel):
    """A purchase. net + tax = gross, the sums of its rounded lines; refunded is the sum of its refunds.

    paid: what the customer paid so far, null while nobody said; then its status says whether anything is due. paid_at:
    when the last of it came. (source, external_id) is the shop's own name of the order, so that pushing it twice makes
    one row.
    """

    number = models.BigIntegerField(_("number"), unique=True, editable=False)
    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="orders")
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="orders"
    )
    contact = models.ForeignKey(
        "customers.Contact", verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="orders",
    )  # fmt: skip
    channel = models.CharField(_("placed in"), max_length=8, choices=OrderChannel.choices, default=OrderChannel.SALES)
    status = models.CharField(_("status"), max_length=10, choices=OrderStatus.choices, default=OrderStatus.PLACED)
    placed_at = models.DateTimeField(_("placed at"), default=clock.now)
    source = models.CharField(max_length=40, blank=True, editable=False)
    external_id = models.CharField(_("order number of the shop"), max_length=80, blank=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    tax_included = models.BooleanField(_("prices hold the tax"), default=True)
    net = models.DecimalField(**_AMOUNT)
    tax = models.DecimalField(**_AMOUNT)
    gross = models.DecimalField(_("total"), **_AMOUNT)
    refunded = models.DecimalField(_("refunded"), **_AMOUNT)
    paid = models.DecimalField(_("paid"), max_digits=16, decimal_places=2, null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    ship_to = models.CharField(_("ship to"), max_length=400, blank=True)
    note = models.TextField(_("note"), blank=True)
    custom = models.JSONField(default=dict, editable=False)

    objects = live_manager(OrderQuerySet)

    class Meta:
        verbose_name = pgettext_lazy("purchase", "order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=LIVE & ~Q(external_id=""), name="order_of_a_shop_once"
            ),
            models.CheckConstraint(condition=Q(refunded__gte=0) & Q(refunded__lte=F("gross")), name="refund_in_order"),
            models.CheckConstraint(condition=Q(paid__isnull=True) | Q(paid__gte=0), name="order_paid_not_negative"),
        ]
        indexes = [
            models.Index(fields=["customer", "-placed_at"], name="order_by_customer"),
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["created_at", "id"], condition=LIVE, name="order_by_creation"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="order_by_change"),
            models.Index(fields=["external_id"], name="order_by_external"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="order_binned"),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:
            self.number = next_number(NUMBER_SEQUENCE)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"SO-{self.number}"

    @property
    def due(self) -> Decimal:
        """What is still to be paid, as `OrderQuerySet.with_due` says of many."""
        unsaid = self.paid is None and (self.status not in UNPAID or self.channel in PAID_AT_ONCE)
        if unsaid or self.status == OrderStatus.CANCELLED:
            return Decimal(0)
        return max(self.gross - self.refunded - (self.paid or 0), Decimal(0))

    @property
    def total_text(self) -> str:
        return money.shown(self.gross, self.currency)


class OrderLine(BaseModel):
    """One position of an order; name and price are those of the day it was placed."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        "customers.Product", verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="order_lines",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=160)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, default=1, validators=[MinValueValidator(0)]
    )
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    discount_percent = models.DecimalField(_("discount (%)"), max_digits=5, decimal_places=2, default=0)
    tax_percent = models.DecimalField(_("tax (%)"), max_digits=5, decimal_places=2, default=0)
    net = models.DecimalField(**_AMOUNT)
    tax = models.DecimalField(**_AMOUNT)
    gross = models.DecimalField(_("total"), **_AMOUNT)

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="one_line_a_position")]
        indexes = [models.Index(fields=["product", "order"], name="order_line_by_product")]

    def __str__(self) -> str:
        return self.name


class Shipment(BaseModel):
    """A parcel of an order and how far it is."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments")
    carrier = models.CharField(_("carrier"), max_length=60)
    parcel_number = models.CharField(_("parcel number"), max_length=60, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ShipmentStatus.choices, default=ShipmentStatus.IN_TRANSIT
    )
    shipped_at = models.DateTimeField(_("shipped at"), default=clock.now)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["-shipped_at", "-pk"]
        indexes = [
            models.Index(fields=["parcel_number"], name="shipment_by_parcel"),
            models.Index(fields=["created_at", "id"], name="shipment_by_creation"),
            models.Index(fields=["updated_at", "id"], name="shipment_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.parcel_number}".strip()


class Refund(BaseModel):
    """Money given back on an order, in its currency."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    refunded_at = models.DateTimeField(_("refunded at"), default=clock.now)

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-refunded_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refund_above_nothing")]

    def __str__(self) -> str:
        return money.shown(self.amount, self.order.currency)
