"""When a person works: a weekly pattern, and single days that differ."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel

from ..choices import ExceptionKind
from ..querysets import ShiftQuerySet


class Shift(BaseModel):
    """Hours on some weekdays (Monday is 0). An end that is not later than the start lies on the next day.

    valid_from and valid_until are the first and the last day on which the shift may begin.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shifts")
    weekdays = ArrayField(models.SmallIntegerField(), verbose_name=_("weekdays"))
    start = models.TimeField(_("starts at"))
    end = models.TimeField(_("ends at"))
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["user_id", "start", "pk"]


class ShiftException(BaseModel):
    """One day of one person: off, or other hours in place of the shifts that would begin on that day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shift_exceptions")
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=6, choices=ExceptionKind.choices, default=ExceptionKind.OFF)
    start = models.TimeField(_("starts at"), null=True, blank=True)
    end = models.TimeField(_("ends at"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift exception")
        verbose_name_plural = _("shift exceptions")
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "date"], name="one_exception_per_day"),
            models.CheckConstraint(
                condition=Q(kind="off", start=None, end=None) | Q(kind="hours", start__isnull=False, end__isnull=False),
                name="other_hours_have_both_ends",
            ),
        ]
