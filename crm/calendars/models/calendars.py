"""A working calendar: intervals per weekday in one time zone, and the days that differ."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.translated import TranslatedField

from ..choices import DayKind, Weekday
from ..week import VERSION


def closed_week() -> dict[str, Any]:
    """A week that never opens."""
    return {"v": VERSION}


class Calendar(BaseModel):
    """Business hours. week is `{"v": 1, "mon": [["09:00", "12:00"], …], …}` in wall time of `timezone`.

    updated_at is the calendar's version: adding or removing a holiday touches it.
    """

    name = TranslatedField(_("name"), max_length=80)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    is_default = models.BooleanField(_("default"), default=False)
    week = models.JSONField(_("working hours"), default=closed_week)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")
        ordering = ["-is_default", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_calendar")
        ]

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def default(cls) -> Calendar:
        """The calendar that is used where none was chosen."""
        return cls.objects.get(is_default=True)


class Holiday(models.Model):
    """A day that does not follow its weekday: closed, or a make-up workday (调休) with a weekday's intervals."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holidays")
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind.choices, default=DayKind.HOLIDAY)
    name = TranslatedField(_("name"), max_length=120)
    as_weekday = models.SmallIntegerField(
        _("works like"), choices=Weekday.choices, null=True, blank=True, help_text=_("Empty: like a Monday.")
    )

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_special_day_per_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
