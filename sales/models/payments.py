"""Payment plans and what was received. Amounts are Decimal in the currency of the contract."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock, money, names
from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet

from ..choices.contracts import OWING, ContractState
from ..choices.payments import InstalmentState, PaymentKind, PaymentMethod
from ..querysets.payments import InstalmentQuerySet, OfPaymentQuerySet, PaymentQuerySet, ReminderQuerySet
from .contracts import Contract

_AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


class Instalment(BaseModel):
    """A part of a contract's amount that is due on a day. paid: what payments were put on it, never more than amount.

    told_level: the highest level of reminder that its owner heard of, 0 for none.
    """

    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.CASCADE,
                                 related_name="instalments")  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("what for"), max_length=80, blank=True)
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount"), **_AMOUNT)
    paid = models.DecimalField(_("paid"), **_AMOUNT, default=0, editable=False)
    paid_on = models.DateField(_("paid in full on"), null=True, editable=False)
    told_level = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["contract", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "position"], name="one_instalment_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_above_nothing"),
            models.CheckConstraint(condition=Q(paid__gte=0) & Q(paid__lte=F("amount")), name="instalment_paid_within"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(paid__lt=F("amount")), name="instalment_due"),
            models.Index(fields=["due_on"], name="instalment_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.contract.label} · {self.position}"

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid."""
        return self.amount - self.paid

    @property
    def open_text(self) -> str:
        return money.shown(self.open_amount, self.contract.currency)

    @property
    def amount_text(self) -> str:
        return money.shown(self.amount, self.contract.currency)

    @property
    def paid_text(self) -> str:
        return money.shown(self.paid, self.contract.currency)

    def state_on(self, today: dt.date) -> InstalmentState:
        """How far it is, seen on a day."""
        if self.contract.state == ContractState.CANCELLED:
            return InstalmentState.PAID if self.paid == self.amount else InstalmentState.CANCELLED
        if self.contract.state not in OWING:
            return InstalmentState.PLANNED
        if self.paid >= self.amount:
            return InstalmentState.PAID
        if self.due_on < today:
            return InstalmentState.OVERDUE
        return InstalmentState.PART if self.paid else InstalmentState.OPEN


class Payment(BaseModel):
    """A row of the ledger of a contract, never changed and never deleted. amount is below zero where money went back.

    credit: what of a received payment pays no instalment yet. taken_back: what later rows took back of it.
    corrects: the payment that a refund or reversal takes back.
    """

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField(editable=False)
    number = models.IntegerField(_("number"), editable=False)
    contract = models.ForeignKey(Contract, verbose_name=_("contract"), on_delete=models.PROTECT,
                                 related_name="payments")  # fmt: skip
    kind = models.CharField(_("kind"), max_length=8, choices=PaymentKind.choices, default=PaymentKind.RECEIVED)
    received_on = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), **_AMOUNT)
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    search_key = models.CharField(max_length=400, blank=True, editable=False)
    credit = models.DecimalField(_("credit"), **_AMOUNT, default=0)
    taken_back = models.DecimalField(_("taken back"), **_AMOUNT, default=0)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    recorded_by = models.ForeignKey(
        "accounts.User", verbose_name=_("recorded by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(fields=["brand", "year", "number"], name="one_payment_a_number"),
            models.CheckConstraint(
                condition=Q(kind="received", amount__gt=0, corrects__isnull=True)
                | Q(kind__in=("refund", "reversal"), amount__lt=0, corrects__isnull=False),
                name="payment_above_or_back",
            ),
            models.CheckConstraint(
                condition=Q(credit__gte=0) & (Q(credit=0) | Q(credit__lte=F("amount"))), name="payment_credit_within"
            ),
            models.CheckConstraint(
                condition=Q(taken_back__gte=0) & (Q(taken_back=0) | Q(taken_back__lte=F("amount"))),
                name="payment_taken_back_within",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="payment_newest"),
            models.Index(fields=["contract", "-received_on"], name="payment_by_contract"),
            models.Index(fields=["contract"], condition=Q(credit__gt=0), name="payment_with_credit"),
            GinIndex(fields=["search_key"], name="payment_search_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = names.search_key(f"{self.reference} {self.note}".strip())
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The number as people write it: R-2026-0007."""
        return f"R-{self.year}-{self.number:04}"

    @property
    def amount_text(self) -> str:
        return money.shown(self.amount, self.currency)

    @property
    def left(self) -> Decimal:
        """What of it was not taken back."""
        return self.amount - self.taken_back

    @property
    def is_received(self) -> bool:
        return self.kind == PaymentKind.RECEIVED


class Allocation(BaseModel):
    """A part of a payment that is put on an instalment; below zero where it was taken off again.

    by: the row of the ledger that took it off, the payment itself otherwise.
    """

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="allocations")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="allocations")
    amount = models.DecimalField(_("amount"), **_AMOUNT)
    by = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="+")

    objects = OfPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="allocation_of_something")]

    def __str__(self) -> str:
        return money.shown(self.amount, self.payment.currency)


class Reminder(BaseModel):
    """A reminder of an overdue instalment to the customer: due from the day it was found, sent by a person or by time.

    One of each level an instalment.
    """

    instalment = models.ForeignKey(Instalment, on_delete=models.CASCADE, related_name="reminders")
    level = models.PositiveSmallIntegerField(_("level"))
    due_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    sent_to = models.EmailField(_("sent to"), blank=True, editable=False)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["instalment", "level"], name="one_reminder_a_level"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="reminder_of_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.instalment} · {self.level}"


_DAYS = [MinValueValidator(1), MaxValueValidator(365)]


class PaymentSettings(BaseModel):
    """How a brand reminds of money due, one row a brand. The three levels are days after the due date.

    is_automatic: reminders go out by themselves; off, the owner presses "send". usual_days: an instalment that
    nobody planned is due so many days after the signature.
    """

    brand = models.OneToOneField("core.Brand", on_delete=models.CASCADE, related_name="payment_settings")
    first_days = models.PositiveSmallIntegerField(_("first reminder, days overdue"), default=3, validators=_DAYS)
    second_days = models.PositiveSmallIntegerField(_("second reminder, days overdue"), default=14, validators=_DAYS)
    third_days = models.PositiveSmallIntegerField(_("third reminder, days overdue"), default=30, validators=_DAYS)
    is_automatic = models.BooleanField(_("send reminders without asking"), default=False)
    usual_days = models.PositiveSmallIntegerField(_("usual days to pay"), default=30, validators=_DAYS)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment settings")
        verbose_name_plural = _("payment settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_days__lt=F("second_days")) & Q(second_days__lt=F("third_days")),
                name="reminders_one_after_the_other",
            )
        ]

    def __str__(self) -> str:
        return str(_("Payments"))

    def level_of(self, days_overdue: int) -> int:
        """The level that an instalment has reached so many days after its due date, 0 for none yet."""
        return sum(days_overdue >= days for days in (self.first_days, self.second_days, self.third_days))
