"""Machines and devices that customers have, and what a request is about."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import names
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, live_manager

from ..choices import AfterSales, EquipmentState
from ..querysets import EquipmentQuerySet, OfCustomerQuerySet


class Equipment(DeletableModel, BaseModel):
    """A thing with a serial number at a customer's place."""

    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.CASCADE, related_name="equipment"
    )
    product = models.ForeignKey(
        "customers.Product", verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="equipment",
    )  # fmt: skip
    order_line = models.ForeignKey(
        "customers.OrderLine", null=True, blank=True, on_delete=models.SET_NULL, related_name="equipment"
    )
    name = models.CharField(_("name"), max_length=120)
    search_key = models.CharField(max_length=400, editable=False)
    serial_number = models.CharField(_("serial number"), max_length=80)
    place = models.CharField(_("place"), max_length=200, blank=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=EquipmentState.choices, default=EquipmentState.WORKING)
    custom = models.JSONField(default=dict, editable=False)

    objects = live_manager(EquipmentQuerySet)

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        indexes = [
            models.Index(fields=["customer", "-id"], name="equipment_by_customer"),
            models.Index(fields=["warranty_until"], name="equipment_by_warranty"),
            models.Index(fields=["created_at", "id"], condition=LIVE, name="equipment_by_creation"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="equipment_by_change"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="equipment_binned"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["serial_number"], condition=LIVE, name="one_device_a_serial_number",
                violation_error_code="unique", violation_error_message=_("Another device has this serial number."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} · {self.serial_number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Brings the key to name and number; `save` does so itself, whoever writes many calls it before."""
        self.search_key = names.search_key(f"{self.name} {self.serial_number}")


class Concern(BaseModel):
    """What a record of an upper app, such as a ticket, is about: (kind, object_id) → order, parcel, product, device.

    So that causes can be counted by product, carrier and severity (1 low to 3 high) whatever the app.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="concerns")
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    wants = models.CharField(_("asks for"), max_length=10, choices=AfterSales.choices, default=AfterSales.QUESTION)
    severity = models.SmallIntegerField(_("severity"), default=1)
    order = models.ForeignKey(
        "customers.Order", null=True, blank=True, on_delete=models.CASCADE, related_name="concerns"
    )
    shipment = models.ForeignKey(
        "customers.Shipment", null=True, blank=True, on_delete=models.CASCADE, related_name="concerns"
    )
    product = models.ForeignKey(
        "customers.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="concerns"
    )
    equipment = models.ForeignKey(Equipment, null=True, blank=True, on_delete=models.CASCADE, related_name="concerns")

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_concern_a_record")]
        indexes = [models.Index(fields=["product", "created_at"], name="concern_by_product")]
