"""Who wants to hear of a ticket without holding it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock

from ..querysets import OfTicketQuerySet


class TicketFollower(models.Model):
    """A colleague who is told of replies, notes and status changes: by their own wish or since they were mentioned."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="followed_tickets")
    since = models.DateTimeField(default=clock.now)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="follows_once")]
