"""What the customer thought of the answer."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.tokens import new_token

from ..querysets import OfTicketQuerySet


class Rating(BaseModel):
    """Asked once a cycle; score stays empty until the customer answers, 1 (bad) to 5 (very good)."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="ratings")
    cycle = models.SmallIntegerField(default=1)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    score = models.SmallIntegerField(
        _("score"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(_("comment"), blank=True)
    agent_id = models.BigIntegerField(null=True)
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(null=True, blank=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [models.UniqueConstraint(fields=["ticket", "cycle"], name="one_rating_per_cycle")]
        indexes = [models.Index(fields=["rated_at"], name="rating_by_time")]
