"""What an administrator decides about levels, flags and the tasks that follow from them."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet

from ..choices import FlagTask


def first_tasks() -> list[str]:
    """What makes a task before anybody decided: the overdue next order."""
    return [FlagTask.REPURCHASE.value]


class LevelSettings(BaseModel):
    """One row an installation, of the key 1. points: sign of risk → points, its own default where none is named.

    medium_from, high_from: points; one point and more is low. contract_medium, contract_high: sums of active contracts
    in the company's currency. months: how far back purchases are compared; days: how long after one purchase another
    counts as following it, and how long an offer stands. min_buyers, min_percent and min_lift: what a pair of products
    needs to be offered. size_field, place_field: keys of products' custom fields that wishes are compared with.
    task_days: a task is due after so many days. credit_days: credit data is asked for again after so many, 0 for never.
    """

    points = models.JSONField(default=dict)
    medium_from = models.PositiveSmallIntegerField(
        _("medium risk from (points)"), default=25, validators=[MinValueValidator(1)]
    )
    high_from = models.PositiveSmallIntegerField(_("high risk from (points)"), default=50)
    contract_medium = models.DecimalField(
        _("medium value from"), max_digits=16, decimal_places=2, default=Decimal(100_000),
        validators=[MinValueValidator(1)],
    )  # fmt: skip
    contract_high = models.DecimalField(_("high value from"), max_digits=16, decimal_places=2, default=Decimal(500_000))
    months = models.PositiveSmallIntegerField(
        _("compare purchases of the last (months)"), default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(
        _("bought as well within (days)"), default=180, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    min_buyers = models.PositiveIntegerField(
        _("at least so many bought both"), default=5, validators=[MinValueValidator(1)]
    )
    min_percent = models.PositiveSmallIntegerField(
        _("at least so many percent of the buyers"), default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    min_lift = models.DecimalField(
        _("at least so many times as often as everybody"), max_digits=5, decimal_places=2, default=Decimal("1.2"),
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    size_field = models.CharField(_("field of the size"), max_length=60, blank=True)
    place_field = models.CharField(_("field of the place"), max_length=60, blank=True)
    tasks = ArrayField(
        models.CharField(max_length=12, choices=FlagTask.choices), verbose_name=_("tasks for the owner"),
        default=first_tasks, blank=True,
    )  # fmt: skip
    task_days = models.PositiveSmallIntegerField(_("due after (days)"), default=3, validators=[MaxValueValidator(90)])
    credit_days = models.PositiveSmallIntegerField(
        _("ask for credit data again after (days)"), default=90, validators=[MaxValueValidator(1000)]
    )

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("levels and flags")
        verbose_name_plural = _("levels and flags")
        constraints = [
            models.CheckConstraint(
                condition=Q(medium_from__lt=F("high_from")), name="risk_bounds_in_order",
                violation_error_message=_("High risk has to begin above medium"),
            ),
            models.CheckConstraint(
                condition=Q(contract_medium__lt=F("contract_high")), name="contract_bounds_in_order",
                violation_error_message=_("High value has to begin above medium"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(_("Levels and flags"))
