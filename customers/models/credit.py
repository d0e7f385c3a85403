"""How much a customer may owe, how much it owes, and what a credit agency says of it."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.models import BaseModel

from ..querysets import OfCustomerQuerySet


class Credit(BaseModel):
    """A side table, one row a customer with a limit or a report. Amounts are Decimal in `currency`.

    limit: empty where none was agreed. used: open orders and unpaid instalments as last computed, other currencies at
    the day's rates; left_out: amounts without a rate. over_since: since when more is used than the limit allows.
    score: 0 (do not deliver) to 100 (no doubt), of the agency `source` on the day `reported_on`; asked_at: when it was
    last asked, ask_error: what went wrong then.
    """

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="credit")
    limit = models.DecimalField(
        _("credit limit"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    used = models.DecimalField(_("credit used"), max_digits=18, decimal_places=2, default=0, editable=False)
    left_out = models.IntegerField(default=0, editable=False)
    over_since = models.DateTimeField(null=True, editable=False)
    score = models.SmallIntegerField(_("credit score"), null=True, editable=False)
    remark = models.CharField(_("remark"), max_length=300, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=60, blank=True, editable=False)
    reported_on = models.DateField(_("reported on"), null=True, editable=False)
    asked_at = models.DateTimeField(_("asked at"), null=True, editable=False)
    ask_error = models.CharField(max_length=200, blank=True, editable=False)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credit")
        constraints = [
            models.CheckConstraint(condition=Q(limit__isnull=True) | Q(limit__gte=0), name="credit_limit_not_negative"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="credit_score_of_a_hundred"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="credit_by_asking")]

    def __str__(self) -> str:
        return self.limit_text

    @property
    def limit_text(self) -> str:
        return "" if self.limit is None else money.shown(self.limit, self.currency)

    @property
    def used_text(self) -> str:
        return money.shown(self.used, self.currency)

    @property
    def percent(self) -> int | None:
        """How much of the limit is used, in whole percent; None without a limit."""
        if self.limit is None:
            return None
        return int(100 * self.used / self.limit) if self.limit else (100 if self.used else 0)
