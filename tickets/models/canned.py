"""Answers that are written once and used often."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import names
from crm.core.models import BaseModel
from crm.core.translated import TranslatedField

from ..querysets import CannedReplyQuerySet


class CannedReply(BaseModel):
    """A text put into the composer by `/`: of one user, of a team, or of everybody when it is neither's.

    shortcut: a word that finds it at once. The body's placeholders are those of `tickets.canned`.
    """

    user = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.CASCADE, related_name="canned_replies"
    )
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="canned_replies",
    )  # fmt: skip
    name = TranslatedField(_("name"), max_length=80)
    body = TranslatedField(_("text"), multiline=True, max_length=10_000)
    shortcut = models.CharField(
        _("shortcut"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[\w-]+\Z", _("Use letters, digits and hyphens only"))],
    )
    request_types = models.ManyToManyField(
        "tickets.RequestType",
        verbose_name=_("request types"),
        blank=True,
        related_name="canned_replies",
        help_text=_("Offered on tickets of these types only, and first there. With none, on every ticket."),
    )
    search_key = models.CharField(max_length=1000, editable=False)
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CannedReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(user__isnull=True) | Q(team__isnull=True), name="canned_reply_one_owner")
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        keys = [names.search_key(text) for text in self.name.values() if text]
        self.search_key = " ".join([names.fold(self.shortcut), *keys])[:1000]
        super().save(*args, **kwargs)

    @property
    def audience(self) -> str:
        """Whose it is, as forms say it: "me", "all" or "team-<id>"."""
        if self.user_id is not None:
            return "me"
        return f"team-{self.team_id}" if self.team_id is not None else "all"
