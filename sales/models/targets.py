"""What is to be sold in a month or quarter, and what the forecast was each week."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel

from ..choices.targets import Measure, Period
from ..querysets.opportunities import OfOpportunityQuerySet
from ..querysets.targets import TargetQuerySet
from .opportunities import Opportunity

_HOLDER: dict[str, Any] = {"null": True, "blank": True, "on_delete": models.CASCADE, "related_name": "sales_targets"}


class Target(BaseModel):
    """An amount to reach in the period that begins on `starts_on`. Held by a person, team or department, or by all."""

    user = models.ForeignKey("accounts.User", verbose_name=_("person"), **_HOLDER)
    team = models.ForeignKey("accounts.Team", verbose_name=_("team"), **_HOLDER)
    department = models.ForeignKey("accounts.Department", verbose_name=_("department"), **_HOLDER)
    measure = models.CharField(_("measure"), max_length=4, choices=Measure.choices, default=Measure.WON)
    period = models.CharField(_("period"), max_length=7, choices=Period.choices, default=Period.QUARTER)
    starts_on = models.DateField(_("starts on"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales target")
        verbose_name_plural = _("sales targets")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team", "department", "measure", "period", "starts_on"], nulls_distinct=False,
                name="one_target_a_period",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="target_above_zero"),
            models.CheckConstraint(
                condition=Q(user__isnull=True, team__isnull=True)
                | Q(user__isnull=True, department__isnull=True)
                | Q(team__isnull=True, department__isnull=True),
                name="target_of_one_holder",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user or self.team or self.department or _('Whole company')} {self.starts_on}"


class ForecastSnapshot(BaseModel):
    """An open deal as it stood on a day: kept once a week, on Monday of the company's zone.

    chance: the win probability that counted, in per cent.
    """

    taken_on = models.DateField()
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="snapshots")
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    chance = models.PositiveSmallIntegerField()
    expected_close = models.DateField()

    objects = OfOpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast snapshot")
        verbose_name_plural = _("forecast snapshots")
        constraints = [models.UniqueConstraint(fields=["opportunity", "taken_on"], name="one_snapshot_a_day")]
        indexes = [models.Index(fields=["taken_on", "expected_close"], name="forecast_snapshot_of_day")]
