from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StageKind(models.TextChoices):
    """What a stage means for a deal that stands in it."""

    OPEN = "open", pgettext_lazy("stage", "Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class OpportunitySource(models.TextChoices):
    """Where a deal came from."""

    STAFF = "staff", _("Entered by staff")
    CUSTOMER = "customer", _("Existing customer")
    LEAD = "lead", _("Lead")
    TICKET = "ticket", _("Ticket")
    TALK = "talk", _("Interaction")
    CAMPAIGN = "campaign", _("Campaign")
    REFERRAL = "referral", _("Referral")
    IMPORT = "import", _("Import")


class ForecastCategory(models.TextChoices):
    """How sure an open deal is, by its win probability."""

    COMMIT = "commit", pgettext_lazy("forecast", "Commit")
    BEST = "best", pgettext_lazy("forecast", "Best case")
    PIPELINE = "pipeline", pgettext_lazy("forecast", "Pipeline")
