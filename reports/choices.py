from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    """Who sees a dashboard beside its owner."""

    PERSONAL = "personal", _("Only me")
    TEAM = "team", _("One of my teams")
    EVERYBODY = "everybody", _("Everybody")


class Size(models.TextChoices):
    """How wide a tile is."""

    HALF = "half", pgettext_lazy("tile", "Half")
    FULL = "full", pgettext_lazy("tile", "Whole width")


class Frequency(models.TextChoices):
    """How often a report is mailed."""

    DAILY = "daily", pgettext_lazy("report", "Daily")
    WEEKLY = "weekly", pgettext_lazy("report", "Weekly")
    MONTHLY = "monthly", pgettext_lazy("report", "Monthly")


class FileFormat(models.TextChoices):
    """What hangs on a mailed report beside the table in its text."""

    NONE = "", _("No file, only the table")
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")
