"""Price lists: what products cost for which customers, from when to when, and from which quantity on."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.models import BaseModel
from crm.core.translated import TranslatedField

from ..querysets.prices import PriceListItemQuerySet, PriceListQuerySet


class PriceList(BaseModel):
    """Prices in one currency. Of several that hold for a customer, the first in `order` that knows the product counts.

    condition: over the customer, {} for all. valid_from, valid_to: the first and the last day, empty for ever.
    """

    name = TranslatedField(_("name"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    tax_included = models.BooleanField(_("prices hold the tax"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    condition = models.JSONField(_("for which customers"), default=dict, blank=True)
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="price_list_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class PriceListItem(BaseModel):
    """What one unit of a product costs when at least `min_quantity` are bought."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(
        "customers.Product", verbose_name=_("product"), on_delete=models.CASCADE, related_name="list_prices"
    )
    min_quantity = models.DecimalField(
        _("from quantity"), max_digits=12, decimal_places=3, default=Decimal(1), validators=[MinValueValidator(0)]
    )
    unit_price = models.DecimalField(
        _("unit price"), max_digits=14, decimal_places=4, validators=[MinValueValidator(0)]
    )

    objects = PriceListItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("list price")
        verbose_name_plural = _("list prices")
        ordering = ["product__sort_key", "product_id", "min_quantity"]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "product", "min_quantity"], name="one_price_a_quantity"),
            models.CheckConstraint(condition=Q(min_quantity__gt=0, unit_price__gte=0), name="list_price_possible"),
        ]

    def __str__(self) -> str:
        return str(self.product)
