"""Which products go with which, from own orders."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.querysets import CatalogueQuerySet

from ..choices import PairKind
from ..querysets import OfferQuerySet


class ProductPair(models.Model):
    """Whoever bought `bought` may be offered `offered`: computed at night, as `customers.figures.pairing` explains.

    buyers: customers who bought the first; both: those of them who bought the other as well, a step up being later;
    confidence: both / buyers; lift: confidence / share of all buyers who bought the other. is_declared: the step up is
    named on the product, whatever the counts.
    """

    bought = models.ForeignKey("customers.Product", on_delete=models.CASCADE, related_name="pairs")
    offered = models.ForeignKey("customers.Product", on_delete=models.CASCADE, related_name="offered_after")
    kind = models.CharField(max_length=4, choices=PairKind.choices)
    buyers = models.IntegerField(default=0)
    both = models.IntegerField(default=0)
    confidence = models.FloatField(default=0)
    lift = models.FloatField(default=0)
    days = models.PositiveSmallIntegerField()
    is_declared = models.BooleanField(default=False)
    computed_at = models.DateTimeField(default=clock.now)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("products bought together")
        verbose_name_plural = _("products bought together")
        constraints = [models.UniqueConstraint(fields=["bought", "offered", "kind"], name="one_pair_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.bought} → {self.offered}"

    @property
    def percent(self) -> int:
        """The confidence in whole percent."""
        return round(100 * self.confidence)


class Offer(models.Model):
    """A product to offer to a customer, because of a purchase: one row a product, for its best reason.

    pair: the reason with its numbers. bought_at: when the customer last bought its first product. found_at: since when
    it is to be offered. dismissed_at: the customer does not want it; it is not found again while the row stays.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="offers")
    product = models.ForeignKey("customers.Product", on_delete=models.CASCADE, related_name="offers")
    pair = models.ForeignKey(ProductPair, on_delete=models.CASCADE, related_name="offers")
    bought_at = models.DateTimeField()
    found_at = models.DateTimeField(default=clock.now)
    dismissed_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [models.UniqueConstraint(fields=["customer", "product"], name="one_offer_a_product")]
        indexes = [models.Index(fields=["found_at"], name="offer_newest")]

    def __str__(self) -> str:
        return str(self.product)
