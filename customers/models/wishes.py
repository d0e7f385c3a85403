"""What customers are looking for, and which products fit."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock, money, names
from crm.core.models import BaseModel

from ..choices import WishState
from ..querysets import WishMatchQuerySet, WishQuerySet

_AMOUNT: dict[str, Any] = {
    "max_digits": 14, "decimal_places": 2, "null": True, "blank": True, "validators": [MinValueValidator(0)],
}  # fmt: skip


class Wish(BaseModel):
    """Something a customer is looking for. What is empty does not matter to them.

    Budgets are for one unit, in `currency`. size and place are compared with the custom fields of products that
    `LevelSettings` names, words with names and codes: one of them is enough. until: the last day it matters.
    """

    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.CASCADE, related_name="wishes"
    )
    contact = models.ForeignKey(
        "customers.Contact", verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="wishes",
    )  # fmt: skip
    name = models.CharField(_("what they look for"), max_length=160)
    search_key = models.CharField(max_length=400, editable=False)
    category = models.ForeignKey(
        "customers.ProductCategory", verbose_name=_("category"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="wishes",
    )  # fmt: skip
    budget_from = models.DecimalField(_("budget from"), **_AMOUNT)
    budget_to = models.DecimalField(_("budget up to"), **_AMOUNT)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    size_from = models.DecimalField(_("size from"), **_AMOUNT)
    size_to = models.DecimalField(_("size up to"), **_AMOUNT)
    place = models.CharField(_("area"), max_length=60, blank=True)
    quantity = models.DecimalField(_("how many"), max_digits=12, decimal_places=3, null=True, blank=True)
    words = models.CharField(_("words in the product's name"), max_length=200, blank=True)
    word_keys = models.JSONField(default=list, editable=False)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=WishState.choices, default=WishState.OPEN)
    closed_at = models.DateTimeField(null=True, editable=False)
    created_by_id = models.BigIntegerField(null=True, editable=False)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_from__isnull=True) | Q(budget_to__isnull=True) | Q(budget_from__lte=F("budget_to")),
                name="wish_budget_in_order",
            ),
            models.CheckConstraint(
                condition=Q(size_from__isnull=True) | Q(size_to__isnull=True) | Q(size_from__lte=F("size_to")),
                name="wish_size_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "state"], name="wish_by_customer"),
            models.Index(fields=["-created_at", "-id"], name="wish_newest"),
            models.Index(fields=["id"], condition=Q(state="open"), name="wish_open"),
            GinIndex(fields=["search_key"], name="wish_search_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = names.search_key(self.name)
        self.word_keys = [key for word in self.words.split() if (key := names.fold(word))]
        super().save(*args, **kwargs)

    @property
    def budget_text(self) -> str:
        """¥1,000–¥2,000, or the end that is known."""
        ends = [self.budget_from, self.budget_to]
        if ends == [None, None]:
            return ""
        return "–".join("…" if end is None else money.shown(end, self.currency) for end in ends)


class WishMatch(models.Model):
    """A product that fits an open wish, since `found_at`. Kept so that it is new only once."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="matches")
    product = models.ForeignKey("customers.Product", on_delete=models.CASCADE, related_name="wish_matches")
    found_at = models.DateTimeField(default=clock.now)

    objects = WishMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("product that fits")
        verbose_name_plural = _("products that fit")
        constraints = [models.UniqueConstraint(fields=["wish", "product"], name="one_match_a_product")]
        indexes = [models.Index(fields=["found_at"], name="wish_match_newest")]

    def __str__(self) -> str:
        return f"{self.wish} · {self.product}"
