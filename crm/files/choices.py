from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """Who may open a file besides staff: customers see public ones only."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
