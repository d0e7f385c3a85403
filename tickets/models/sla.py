"""Promises: which tickets, in whose hours, how many minutes for the first answer and for the solution."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.translated import TranslatedField


class SlaPolicy(BaseModel):
    """The first active policy in order whose condition holds decides; an empty condition holds always.

    targets: priority ("1" to "4") → {"first_response": minutes, "resolution": minutes}, in business time
    of the calendar; a missing figure means no such clock. version grows with each change of substance.
    """

    name = TranslatedField(_("name"), max_length=80)
    condition = models.JSONField(_("condition"), default=dict, blank=True)
    calendar = models.ForeignKey("calendars.Calendar", verbose_name=_("calendar"), on_delete=models.PROTECT)
    targets = models.JSONField(_("targets"), default=dict)
    warn_percent = models.SmallIntegerField(
        _("warn when this share of the time is used (%)"),
        default=80,
        validators=[MinValueValidator(10), MaxValueValidator(99)],
    )
    version = models.IntegerField(default=1, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    order = models.SmallIntegerField(_("order"), default=50)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)

    def target_minutes(self, priority: int, measure: str) -> int | None:
        """Minutes promised for "first_response" or "resolution" at that priority; None when not promised."""
        return self.targets.get(str(int(priority)), {}).get(measure)
