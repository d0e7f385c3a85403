"""What the company sells."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import money, names
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, live_manager
from crm.core.querysets import CatalogueQuerySet
from crm.core.translated import TranslatedField

from ..choices import ProductKind
from ..querysets import ProductQuerySet


class ProductCategory(BaseModel):
    """A shelf of products, in a tree."""

    name = TranslatedField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self", verbose_name=_("above"), null=True, blank=True, on_delete=models.PROTECT, related_name="below"
    )
    order = models.SmallIntegerField(_("order"), default=50)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class Product(DeletableModel, BaseModel):
    """Goods or a service, known by a code. price: of one unit in `currency`, with the tax in it when tax_included.

    repurchase_days: after how many days a buyer usually needs it again; empty when it is bought once. step_up: the
    next better one, which its buyers are offered.
    """

    code = models.CharField(_("code"), max_length=40)
    name = TranslatedField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=255, editable=False, db_index=True)
    search_key = models.CharField(max_length=400, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=ProductKind.choices, default=ProductKind.GOODS)
    category = models.ForeignKey(
        ProductCategory, verbose_name=_("category"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="products",
    )  # fmt: skip
    unit = TranslatedField(_("unit"), max_length=20, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    tax_percent = models.DecimalField(
        _("tax (%)"), max_digits=5, decimal_places=2, default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    tax_included = models.BooleanField(_("price holds the tax"), default=True)
    repurchase_days = models.PositiveSmallIntegerField(
        _("needed again after (days)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    step_up = models.ForeignKey(
        "self", verbose_name=_("next better product"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="steps_from",
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    custom = models.JSONField(default=dict, editable=False)

    objects = live_manager(ProductQuerySet)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            GinIndex(fields=["search_key"], name="product_search_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="product_binned"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=LIVE, name="one_product_a_code", violation_error_code="unique",
                violation_error_message=_("Another product has this code."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Brings the keys to code and name; `save` does so itself, whoever writes many calls it before."""
        texts = list(dict.fromkeys(self.name.values()))
        self.sort_key = names.sort_key(next(iter(texts), self.code))
        self.search_key = " ".join(names.search_key(f"{self.code} {text}") for text in texts)[:400]
