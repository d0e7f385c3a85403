"""What was said, on every channel, and what is being written."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.actor import ActorKind
from crm.core.models import BaseModel
from crm.core.querysets import BaseQuerySet

from ..choices import Channel, Direction, DraftKind, MessageState
from ..querysets import DraftQuerySet, MessageQuerySet

BODY_LIMIT = 50_000
SUBJECT_LIMIT = 200


class Conversation(BaseModel):
    """Messages about one matter. The record that holds it (a ticket) decides who may read it."""

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LIMIT)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=10)

    objects = BaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return self.subject


class Message(BaseModel):
    """One message or note. author_* is a snapshot of the actor; body is plain text.

    quoted: what a mail carried below the new words, shown folded; None for other channels.

    message_id is the RFC 5322 Message-ID with its angle brackets, "" where no mail was involved.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    author_kind = models.SmallIntegerField()
    author_id = models.BigIntegerField(null=True)
    author_label = models.CharField(max_length=200)
    author_email = models.CharField(max_length=254, blank=True)
    body = models.TextField(max_length=BODY_LIMIT)
    quoted = models.TextField(max_length=BODY_LIMIT, null=True)  # noqa: DJ001 -- null: not a mail
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.STORED)
    message_id = models.CharField(max_length=255, blank=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["conversation", "created_at", "id"], name="message_conversation")]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], condition=~Q(message_id=""), name="one_message_id")
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_note(self) -> bool:
        return self.direction == Direction.INTERNAL

    @property
    def by_staff(self) -> bool:
        return self.author_kind == ActorKind.STAFF


class Draft(BaseModel):
    """Text somebody has begun, kept on the server: one of a kind for a person and a conversation.

    data: what else the composer holds (recipients, upload tokens, chosen status).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, choices=DraftKind.choices)
    body = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "conversation", "kind"], name="one_draft_of_a_kind")]

    def __str__(self) -> str:
        return self.body[:60]
