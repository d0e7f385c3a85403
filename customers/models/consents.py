"""What a person agreed to, with the very text they saw."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel

from ..choices import ConsentChannel


class Consent(BaseModel):
    """Append-only: a later row of the same channel replaces an earlier one."""

    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=12, choices=ConsentChannel.choices)
    granted = models.BooleanField()
    text = models.TextField()
    text_version = models.IntegerField(default=1)
    language = models.CharField(max_length=10)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["contact", "channel", "-id"], name="consent_latest")]
