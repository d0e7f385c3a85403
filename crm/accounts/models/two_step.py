"""The second step of signing in: a secret shared with an authenticator app, and codes for a lost phone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel


class TwoStep(BaseModel):
    """One person's authenticator. Until `confirmed_at` the app has not proved that it knows the secret.

    secret: encrypted by `crm.core.secrets`. last_step: the 30-second step of the last code that was taken, so
    that no code works twice.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="two_step")
    secret = models.CharField(max_length=400)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("two-step verification")
        verbose_name_plural = _("two-step verifications")

    def __str__(self) -> str:
        return f"{self.user}"


class RecoveryCode(BaseModel):
    """A code that replaces the authenticator once. code_hash: SHA-256; the codes carry 80 random bits."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="once_a_recovery_code")]

    def __str__(self) -> str:
        return f"{self.user}"
