from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    AUTO = "auto", _("Follow the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    DENSE = "dense", _("Dense")
    COMPACT = "compact", _("Compact")
    STANDARD = "standard", _("Standard")


class WhileAway(models.TextChoices):
    """What becomes of the tickets of somebody who is away, when the customer waits."""

    SUBSTITUTE = "substitute", _("To the substitute")
    QUEUE = "queue", _("To the team's queue")
    STAY = "stay", _("They stay")


class Availability(models.TextChoices):
    """What a member of staff says of themselves; assignment asks for `AVAILABLE`."""

    AVAILABLE = "available", _("Available")
    AWAY = "away", _("Away")
