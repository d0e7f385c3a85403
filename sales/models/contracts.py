"""Contracts: what was agreed with a customer, with a number from the day it is signed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, NamedModel, live_manager
from crm.core.querysets import CatalogueQuerySet

from ..choices.contracts import EDITABLE, OWING, ContractState
from ..querysets.contracts import ContractQuerySet, OfContractQuerySet

_AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "default": 0}
_PERCENT: dict[str, Any] = {
    "max_digits": 5, "decimal_places": 2, "default": 0, "validators": [MinValueValidator(0), MaxValueValidator(100)],
}  # fmt: skip
_PERSON: dict[str, Any] = {"null": True, "on_delete": models.SET_NULL, "related_name": "contracts"}


class NumberSeries(models.Model):
    """The last number that a brand gave in a year to contracts ("HT") or payments ("R").

    Its row is locked until the record is stored, so that no number is ever left out.
    """

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=4)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "series", "year"], name="one_number_series_a_year")]


class Contract(NamedModel, DeletableModel):
    """An agreement. (year, number) are null until it is signed, and never given again.

    amount: the sum of its lines, or entered where it has none; net and tax are part of it. quote: the accepted one it
    was made from, at most one living contract a quote. renews: the contract it goes on from. starts, ends: first and
    last day. notice_days: its owner hears of the end so many days before; ending_told_at: when that was.
    custom: answers to custom fields, key → plain JSON value.
    """

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="contracts")
    year = models.SmallIntegerField(null=True, editable=False)
    number = models.IntegerField(_("number"), null=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="contracts"
    )
    contact = models.ForeignKey("customers.Contact", verbose_name=_("contact"), blank=True, **_PERSON)
    opportunity = models.ForeignKey("sales.Opportunity", verbose_name=_("opportunity"), blank=True, **_PERSON)
    quote = models.ForeignKey(
        "sales.Quote", verbose_name=_("quote"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="contracts",
    )  # fmt: skip
    renews = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="renewals", editable=False)
    owner = models.ForeignKey("accounts.User", verbose_name=_("owner"), **_PERSON)
    department = models.ForeignKey(
        "accounts.Department", verbose_name=_("department"), null=True, on_delete=models.PROTECT,
        related_name="contracts",
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=12, choices=ContractState.choices, default=ContractState.DRAFT)
    language = models.CharField(_("language"), max_length=10)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    tax_included = models.BooleanField(_("prices hold the tax"), default=True)
    net = models.DecimalField(_("net"), **_AMOUNT)
    tax = models.DecimalField(_("tax"), **_AMOUNT)
    amount = models.DecimalField(_("amount"), **_AMOUNT)
    starts = models.DateField(_("starts"), null=True, blank=True)
    ends = models.DateField(_("ends"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("tell me before it ends (days)"), default=30)
    terms = models.TextField(_("terms"), blank=True)
    conversation = models.ForeignKey(
        "messaging.Conversation", null=True, on_delete=models.PROTECT, related_name="contracts", editable=False
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    sent_to = models.EmailField(_("sent to"), blank=True, editable=False)
    signed_on = models.DateField(_("signed on"), null=True, editable=False)
    signed_by_name = models.CharField(_("signed by"), max_length=120, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=400, blank=True, editable=False)
    ending_told_at = models.DateTimeField(null=True, editable=False)
    custom = models.JSONField(default=dict, db_default={}, editable=False)

    objects = live_manager(ContractQuerySet)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.UniqueConstraint(fields=["brand", "year", "number"], name="one_contract_a_number"),
            models.UniqueConstraint(
                fields=["quote"], condition=LIVE & ~Q(state="cancelled"), name="one_contract_a_quote"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, year__isnull=True, signed_on__isnull=True)
                | Q(number__isnull=False, year__isnull=False, signed_on__isnull=False),
                name="contract_signed_with_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[str(state) for state in sorted(OWING)]) | Q(number__isnull=False),
                name="contract_active_with_a_number",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="contract_ends_after_its_start",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], condition=LIVE, name="contract_by_owner"),
            models.Index(fields=["department", "-created_at"], condition=LIVE, name="contract_by_department"),
            models.Index(fields=["-created_at", "-id"], condition=LIVE, name="contract_newest"),
            models.Index(fields=["customer", "-created_at"], condition=LIVE, name="contract_by_customer"),
            models.Index(fields=["ends"], condition=LIVE & Q(state="active"), name="contract_ending"),
            models.Index(fields=["signed_on"], condition=LIVE & Q(signed_on__isnull=False), name="contract_signed"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="contract_binned"),
            GinIndex(fields=["search_key"], name="contract_search_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.name}"

    @property
    def label(self) -> str:
        """The number as people write it: HT-2026-0007; D-12 before it is signed."""
        return f"D-{self.pk}" if self.number is None else f"HT-{self.year}-{self.number:04}"

    @property
    def amount_text(self) -> str:
        return money.shown(self.amount, self.currency)

    @property
    def gross(self) -> Any:
        """The amount, by the name that quotes have for it."""
        return self.amount

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_owing(self) -> bool:
        """Whether its plan is owed: signed and not cancelled."""
        return self.state in OWING

    @property
    def is_signed(self) -> bool:
        return self.number is not None

    def days_left(self, today: dt.date) -> int | None:
        """Days up to its last one, None without an end."""
        return (self.ends - today).days if self.ends else None


class ContractLine(BaseModel):
    """One position of a contract; name and price are those of the day it was agreed."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        "customers.Product", verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="contract_lines",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=160)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    discount_percent = models.DecimalField(_("discount (%)"), **_PERCENT)
    tax_percent = models.DecimalField(_("tax (%)"), **_PERCENT)
    net = models.DecimalField(**_AMOUNT)
    tax = models.DecimalField(**_AMOUNT)
    gross = models.DecimalField(_("total"), **_AMOUNT)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract line")
        verbose_name_plural = _("contract lines")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["contract", "position"], name="one_contract_line_a_position")]

    def __str__(self) -> str:
        return self.name
