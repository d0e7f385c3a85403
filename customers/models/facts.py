"""What is computed of a customer: a side table, computed for all at night and for one after each deed about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock

from ..choices import RiskLevel, ValueLevel
from ..querysets import OfCustomerQuerySet


class CustomerFacts(models.Model):
    """Purchases that were not cancelled. bought: paid less refunds, in the currency of the customer's brand alone.

    r, f, m: bands 1 to 5 of the last order's age, the number of orders and the sum, by the rule of
    `customers.figures.analysis`; 0 without orders. interval_days: the median of the customer's own gaps between
    orders, from three orders on. contract_value: of active contracts, in the same currency. value_by_hand, with
    value_note, stands above what purchases and contracts say; value is what holds.

    risk_points: the sum of the signs, each of them in risk_reasons as `customers.figures.signs` writes it; risk_by_hand
    stands above them, risk is what holds, since risk_since. offers: products to offer, of others' purchases and steps
    up. wishes: open wishes that a product fits.
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
    contract_value = models.DecimalField(
        _("value of active contracts"), max_digits=18, decimal_places=2, default=0, db_default=0
    )
    risk = models.CharField(
        _("risk"), max_length=6, choices=RiskLevel.choices, default=RiskLevel.NONE, db_default=RiskLevel.NONE
    )
    risk_points = models.SmallIntegerField(default=0, db_default=0)
    risk_reasons = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    risk_since = models.DateTimeField(null=True)
    risk_by_hand = models.CharField(
        _("risk by hand"), max_length=6, choices=RiskLevel.choices, blank=True, default="", db_default=""
    )
    risk_note = models.CharField(_("why"), max_length=200, blank=True, default="", db_default="")
    offers = models.SmallIntegerField(default=0, db_default=0)
    wishes = models.SmallIntegerField(default=0, db_default=0)
    computed_at = models.DateTimeField(default=clock.now)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer figures")
        verbose_name_plural = _("customer figures")
        indexes = [
            models.Index(fields=["value"], name="facts_by_value"),
            models.Index(fields=["repurchase_due_on"], name="facts_by_repurchase"),
            models.Index(fields=["risk", "risk_since"], condition=~Q(risk="none"), name="facts_by_risk"),
            models.Index(fields=["offers"], condition=Q(offers__gt=0), name="facts_with_offers"),
            models.Index(fields=["wishes"], condition=Q(wishes__gt=0), name="facts_with_wishes"),
        ]

    def __str__(self) -> str:
        return self.get_value_display()
