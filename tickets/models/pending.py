"""Replies that can still be taken back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.actor import ActorKind

from ..querysets import OfTicketQuerySet


class PendingReply(models.Model):
    """A public reply between the click and its release: no message yet, so that taking it back leaves no trace.

    clicked_at: what the first response clock counts to. newest_message_id: the last message when it was clicked.
    held_reason: why it was not released and waits for its author's decision; empty while it just waits.
    """

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="pending_replies")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    body = models.TextField()
    form_key = models.CharField(max_length=64)
    uploads = models.JSONField(default=list)
    then = models.ForeignKey("tickets.Status", null=True, on_delete=models.SET_NULL, related_name="+")
    newest_message_id = models.BigIntegerField(null=True)
    clicked_at = models.DateTimeField()
    release_at = models.DateTimeField()
    held_reason = models.CharField(max_length=400, blank=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending reply")
        verbose_name_plural = _("pending replies")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="one_pending_reply")]
        indexes = [models.Index(fields=["release_at"], name="pending_reply_due")]

    @property
    def avatar_key(self) -> str:
        """As the author of a message: kind and id."""
        return f"{int(ActorKind.STAFF)}-{self.user_id}"
