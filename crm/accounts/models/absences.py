"""Who is away, until when, and who stands in."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel

from ..choices import WhileAway
from ..querysets import AbsenceQuerySet


class Absence(BaseModel):
    """Somebody is away from a moment until another. ended_at: back earlier than planned.

    moved_at: when the work that waited was handed on, once; announced by the sweep that does it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("away from"))
    ends_at = models.DateTimeField(_("until"))
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("substitute"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    moves = models.CharField(
        _("tickets where the customer waits"), max_length=10, choices=WhileAway.choices, default=WhileAway.SUBSTITUTE
    )
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    moved_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_later"),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("user")), name="substitute_is_another"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "ends_at"], condition=Q(ended_at__isnull=True), name="absence_of_user"),
            models.Index(fields=["starts_at"], condition=Q(ended_at__isnull=True), name="absence_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.user}"

    def is_on(self, moment: dt.datetime | None = None) -> bool:
        """Whether it holds at the moment (now)."""
        moment = moment or clock.now()
        return self.ended_at is None and self.starts_at <= moment < self.ends_at
