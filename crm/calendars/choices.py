from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """What a special day of a calendar is."""

    HOLIDAY = "holiday", _("Holiday")
    MAKEUP = "makeup", _("Make-up workday")


class ExceptionKind(models.TextChoices):
    """What one person's day looks like in place of their shift."""

    OFF = "off", _("Day off")
    HOURS = "hours", _("Other hours")


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    STOPPED = "stopped", _("Stopped")


class Level(models.TextChoices):
    """How far a running clock has come; the later one is the higher one."""

    WARNING = "warning", _("At risk")
    BREACH = "breach", _("Breached")


class Weekday(models.IntegerChoices):
    """Monday is 0, as in `datetime.date.weekday`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
