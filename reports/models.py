"""Dashboards that people put together, reports that are mailed to them, and targets of the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet

from .choices import Audience, FileFormat, Frequency, Size
from .periods import LABELS
from .querysets import DashboardQuerySet, MailedReportQuerySet, OfMailQuerySet

PERIODS = [(key, label) for key, label in LABELS.items() if key != "custom"]
WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip


def no_tiles() -> dict[str, Any]:
    """The tiles of a new dashboard."""
    return {"v": 1, "tiles": []}


@dataclass(frozen=True, slots=True)
class Tile:
    """A report on a dashboard. size: a `Size`. period: a key of `PERIODS`, "" for the dashboard's own."""

    report: str
    size: str = Size.HALF
    period: str = ""

    def as_json(self) -> dict[str, str]:
        return {"report": self.report, "size": str(self.size), "period": self.period}


class ServiceTarget(BaseModel):
    """What the company wants a figure of the service to reach, in the unit of its measure: 0.95, or 4.5 of 5.

    key: a measure of `targets.TARGETED`; without a row there is no target, and nothing is marked.
    """

    key = models.CharField(max_length=60, unique=True)
    value = models.DecimalField(max_digits=6, decimal_places=4)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("service target")
        verbose_name_plural = _("service targets")

    def __str__(self) -> str:
        return self.key


class Dashboard(BaseModel):
    """Reports that somebody wants to see together, in an order of their own.

    tiles: {"v": 1, "tiles": [{"report", "size", "period"}]}; a report that its reader may not see is left out for them.
    """

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), on_delete=models.CASCADE, related_name="dashboards"
    )
    audience = models.CharField(_("for"), max_length=10, choices=Audience.choices, default=Audience.PERSONAL)
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    period = models.CharField(_("period"), max_length=10, choices=PERIODS, default="30d")
    tiles = models.JSONField(default=no_tiles, editable=False)

    objects = DashboardQuerySet.as_manager()

    class Meta:
        verbose_name = _("dashboard")
        verbose_name_plural = _("dashboards")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | (~Q(audience="team") & Q(team__isnull=True)),
                name="dashboard_team_when_shared_with_one",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def all_tiles(self) -> list[Tile]:
        """Its tiles in order."""
        return [Tile(entry["report"], entry["size"], entry.get("period", "")) for entry in self.tiles["tiles"]]

    def put(self, tiles: Sequence[Tile]) -> None:
        """These tiles, in this order."""
        self.tiles = {"v": 1, "tiles": [tile.as_json() for tile in tiles]}


class FirstDashboard(models.Model):
    """Which dashboard a person sees first."""

    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, primary_key=True, related_name="first_dashboard"
    )
    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="+")

    objects = BaseQuerySet.as_manager()


class MailedReport(BaseModel):
    """A report, or a whole dashboard, that is mailed to people on some days, at a time of day in each reader's zone.

    report: its key, "" where it is a dashboard; of that, a report with days of its own keeps them. weekday: 0 for
    Monday, of a weekly one. day: of the month, of a monthly one; the last day where there is no such.
    """

    report = models.CharField(_("report"), max_length=60, blank=True)
    dashboard = models.ForeignKey(
        Dashboard, verbose_name=_("dashboard"), null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), on_delete=models.CASCADE, related_name="mailed_reports"
    )
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices, default=Frequency.WEEKLY)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=WEEKDAYS, default=0)
    day = models.PositiveSmallIntegerField(
        _("day of the month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    at = models.TimeField(_("time"), default=dt.time(8, 0))
    period = models.CharField(_("period"), max_length=10, choices=PERIODS, default="7d")
    format = models.CharField(_("file"), max_length=4, choices=FileFormat.choices, default=FileFormat.NONE, blank=True)

    objects = MailedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report by mail")
        verbose_name_plural = _("reports by mail")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report="", dashboard__isnull=False) | (~Q(report="") & Q(dashboard__isnull=True)),
                name="mailed_report_or_dashboard",
            )
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def url(self) -> str:
        """Where its reader sees it on a page, for the same days."""
        where = ("dashboard_detail", self.dashboard_id) if self.dashboard_id else ("report", self.report)
        return f"{reverse(f'reports:{where[0]}', args=[where[1]])}?period={self.period}"

    @property
    def question(self) -> str:
        """What the report asks, or the dashboard's name; its key where the app that declared it is gone."""
        from crm.core.gallery import reports

        if self.dashboard is not None:
            return self.dashboard.name
        found = reports.get(self.report)
        return str(found.question) if found is not None else self.report

    @property
    def when_text(self) -> str:
        """Daily at 08:00, Mondays at 08:00, on day 1 at 08:00."""
        values = {"time": f"{self.at:%H:%M}", "day": self.get_weekday_display(), "number": self.day}
        return {
            Frequency.DAILY: _("Daily at %(time)s"),
            Frequency.WEEKLY: _("Every week on %(day)s at %(time)s"),
            Frequency.MONTHLY: _("Every month on day %(number)s at %(time)s"),
        }[Frequency(self.frequency)] % values


class Reader(models.Model):
    """Somebody a report is mailed to. next_at: when, null once they stopped it; zone: the one it was reckoned in."""

    mail = models.ForeignKey(MailedReport, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    zone = models.CharField(max_length=60)
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    objects = OfMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        constraints = [models.UniqueConstraint(fields=["mail", "user"], name="one_reader_a_mailed_report")]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="reader_due")]

    def __str__(self) -> str:
        return str(self.user)
