"""Keys with which machines come in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel

from ..querysets import TokenQuerySet


class ApiToken(BaseModel):
    """A key that acts for a user: a colleague's own, or an application's (`user.is_service`).

    Only a digest of the secret is kept; `hint` is its beginning, by which a person tells keys apart. permissions: what
    it is narrowed to, None for all that the user may. Never more than the user's own rights at the moment of a call.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("acts for"), on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=12, editable=False)
    permissions = ArrayField(models.CharField(max_length=80), verbose_name=_("may only"), null=True, blank=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    created_by_id = models.BigIntegerField(null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="token_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """ "live", "expired" or "revoked"."""
        if self.revoked_at is not None or not self.user.is_active:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "live"
