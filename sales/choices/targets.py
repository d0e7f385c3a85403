from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """What a target counts."""

    WON = "won", _("Won amount")
    PAID = "paid", _("Paid amount")


class Period(models.TextChoices):
    """How long a target or a forecast runs."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "year": 12}[self.value]
