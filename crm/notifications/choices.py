from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Digest(models.TextChoices):
    """How often a summary of what is unread comes by mail."""

    OFF = "off", _("Never")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")


class Weekday(models.IntegerChoices):
    """Days as `datetime.weekday()` numbers them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Channels(NamedTuple):
    """How a person is told of a kind."""

    in_app: bool
    mail: bool
    push: bool


def channels_of(declared: Any, chosen: Any) -> Channels:
    """What a person's `NotificationChoice` says of the kind, or the kind's own channels without one."""
    if chosen is None:
        return Channels(declared.in_app, declared.mail, declared.push)
    return Channels(chosen.in_app, chosen.mail, declared.push if chosen.push is None else chosen.push)
