"""Quotes: what a customer is offered, in versions. Amounts are Decimal in the quote's own currency."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.models import BaseModel, NamedModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.tokens import new_token

from ..choices.quotes import EDITABLE, QuoteState
from ..querysets.quotes import OfQuoteQuerySet, QuoteQuerySet

_AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "default": 0}
_PERCENT: dict[str, Any] = {
    "max_digits": 5, "decimal_places": 2, "default": 0, "validators": [MinValueValidator(0), MaxValueValidator(100)],
}  # fmt: skip


class QuoteCounter(models.Model):
    """The last number that a brand gave to a quote in a year.

    Its row is locked until the quote is stored, so that no number is ever left out.
    """

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "year"], name="one_quote_counter_a_year")]


class Quote(NamedModel):
    """An offer. (year, number) are null until it is first sent; its versions share them.

    top_discount: of the line that lies furthest below its list price, in per cent. content_hash: of what the customer
    was sent. token: of the customer's page, from sending on. decided_*: who accepted or declined there, from which
    address. custom: answers to custom fields, key → plain JSON value.
    """

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="quotes")
    year = models.SmallIntegerField(null=True, editable=False)
    number = models.IntegerField(_("number"), null=True, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="quotes"
    )
    contact = models.ForeignKey(
        "customers.Contact", verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="quotes",
    )  # fmt: skip
    opportunity = models.ForeignKey(
        "sales.Opportunity", verbose_name=_("opportunity"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="quotes",
    )  # fmt: skip
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), null=True, on_delete=models.SET_NULL, related_name="quotes"
    )
    department = models.ForeignKey(
        "accounts.Department", verbose_name=_("department"), null=True, on_delete=models.PROTECT, related_name="quotes"
    )
    state = models.CharField(_("state"), max_length=12, choices=QuoteState.choices, default=QuoteState.DRAFT)
    language = models.CharField(_("language"), max_length=10)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    tax_included = models.BooleanField(_("prices hold the tax"), default=True)
    valid_until = models.DateField(_("valid until"))
    terms = models.TextField(_("terms"), blank=True)
    net = models.DecimalField(_("net"), **_AMOUNT)
    tax = models.DecimalField(_("tax"), **_AMOUNT)
    gross = models.DecimalField(_("total"), **_AMOUNT)
    top_discount = models.DecimalField(_("highest discount (%)"), **_PERCENT)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    conversation = models.ForeignKey(
        "messaging.Conversation", null=True, on_delete=models.PROTECT, related_name="quotes", editable=False
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    sent_to = models.EmailField(_("sent to"), blank=True, editable=False)
    opened_count = models.IntegerField(_("opened"), default=0, editable=False)
    last_opened_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by_name = models.CharField(max_length=120, blank=True, editable=False)
    decided_from = models.GenericIPAddressField(null=True, editable=False)
    decided_hash = models.CharField(max_length=64, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=400, blank=True, editable=False)
    custom = models.JSONField(default=dict, db_default={}, editable=False)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.UniqueConstraint(fields=["brand", "year", "number", "version"], name="one_quote_a_number"),
            models.UniqueConstraint(
                fields=["brand", "year", "number"], condition=Q(state="accepted"), name="one_accepted_version"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, year__isnull=True) | Q(number__isnull=False, year__isnull=False),
                name="quote_number_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sent", "accepted", "rejected")) | Q(number__isnull=False),
                name="quote_sent_with_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (Q(decided_at__isnull=False) & ~Q(decided_hash="")),
                name="quote_accepted_with_proof",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="quote_by_owner"),
            models.Index(fields=["department", "-created_at"], name="quote_by_department"),
            models.Index(fields=["-created_at", "-id"], name="quote_newest"),
            models.Index(fields=["customer", "-created_at"], name="quote_by_customer"),
            models.Index(fields=["valid_until"], condition=Q(state="sent"), name="quote_expiring"),
            GinIndex(fields=["search_key"], name="quote_search_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.name}"

    @property
    def label(self) -> str:
        """The number as people write it: Q-2026-0007, Q-2026-0007-2 for its second version; D-12 before it is sent."""
        if self.number is None:
            return f"D-{self.pk}"
        ending = f"-{self.version}" if self.version > 1 else ""
        return f"Q-{self.year}-{self.number:04}{ending}"

    @property
    def total_text(self) -> str:
        return money.shown(self.gross, self.currency)

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_open(self) -> bool:
        """Whether the customer may still decide."""
        return self.state == QuoteState.SENT

    def has_lapsed(self, today: dt.date) -> bool:
        """Whether the last day has passed."""
        return self.valid_until < today


class QuoteLine(BaseModel):
    """One position of an offer; name and price are those of the day it was entered.

    list_price: what one unit cost by the price list that day, in the quote's currency and tax; null without any.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        "customers.Product", verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="quote_lines",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=160)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    price_list = models.ForeignKey(
        "sales.PriceList", verbose_name=_("price list"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    list_price = models.DecimalField(_("list price"), max_digits=14, decimal_places=4, null=True, blank=True)
    discount_percent = models.DecimalField(_("discount (%)"), **_PERCENT)
    tax_percent = models.DecimalField(_("tax (%)"), **_PERCENT)
    net = models.DecimalField(**_AMOUNT)
    tax = models.DecimalField(**_AMOUNT)
    gross = models.DecimalField(_("total"), **_AMOUNT)

    objects = OfQuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote line")
        verbose_name_plural = _("quote lines")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="one_quote_line_a_position")]

    def __str__(self) -> str:
        return self.name

    @property
    def list_price_text(self) -> str:
        return money.shown(self.list_price, self.quote.currency)
