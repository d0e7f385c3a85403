"""What a customer's own orders say: a side table, computed for all at night and for one after each order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock

from ..choices import ValueLevel
from ..querysets import OfCustomerQuerySet


class CustomerFacts(models.Model):
    """Purchases that were not cancelled. bought: paid less refunds, in the currency of the customer's brand alone.

    r, f, m: bands 1 to 5 of the last order's age, the number of orders and the sum, by the rule of
    `customers.figures.analysis`; 0 without orders. interval_days: the median of the customer's own gaps between
    orders, from three orders on. value_by_hand, with value_note, stands above what purchases say; value is what holds.
    """

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, related_name="facts", primary_key=True
    )
    orders = models.IntegerField(_("orders"), default=0)
    bought = models.DecimalField(_("bought in all"), max_digits=18, decimal_places=2, default=0)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(_("last order"), null=True)
    r = models.SmallIntegerField(default=0)
    f = models.SmallIntegerField(default=0)
    m = models.SmallIntegerField(default=0)
    interval_days = models.FloatField(null=True)
    repurchase_due_on = models.DateField(_("next order expected"), null=True)
    value = models.CharField(_("value"), max_length=6, choices=ValueLevel.choices, blank=True)
    value_by_hand = models.CharField(_("value by hand"), max_length=6, choices=ValueLevel.choices, blank=True)
    value_note = models.CharField(_("why"), max_length=200, blank=True)
    computed_at = models.DateTimeField(default=clock.now)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer figures")
        verbose_name_plural = _("customer figures")
        indexes = [
            models.Index(fields=["value"], name="facts_by_value"),
            models.Index(fields=["repurchase_due_on"], name="facts_by_repurchase"),
        ]

    def __str__(self) -> str:
        return self.get_value_display()
