"""Text messages on their way out, and the numbers that want none."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.phones import masked_phone
from crm.core.tokens import new_token

from ..choices import OptOutSource, SmsState
from ..querysets import OutgoingQuerySet, SmsOptOutQuerySet
from .conversations import Conversation, Message
from .outgoing import Outgoing


class OutgoingSms(Outgoing):
    """A text message accepted for sending. key never changes: reports of the gateway name it.

    parts: how many the text is sent and paid in. gateway_id: what the gateway calls it.
    """

    failed_type = "messaging.sms_failed"

    key = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    to_phone = models.CharField(_("to"), max_length=20)
    text = models.TextField(_("text"))
    parts = models.SmallIntegerField(_("parts"))
    related = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="texts")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="texts")
    gateway_id = models.CharField(max_length=64, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=SmsState.choices, default=SmsState.WAITING)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=[SmsState.WAITING, SmsState.SENDING]),
                name="sms_unsent",
            ),
            models.Index(fields=["state", "-id"], name="sms_state"),
            models.Index(fields=["to_phone", "-id"], name="sms_by_number"),
            models.Index(fields=["conversation", "-id"], name="sms_conversation"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], condition=~Q(dedupe_key=""), name="one_sms_for_a_reason")
        ]

    def __str__(self) -> str:
        return self.shown_to

    @property
    def shown_to(self) -> str:
        return masked_phone(self.to_phone)

    @property
    def about(self) -> Conversation | None:
        return self.conversation

    def taken(self, reference: str) -> list[str]:
        self.gateway_id = reference[:64]
        return ["gateway_id"]


class SmsOptOut(BaseModel):
    """A number (E.164) that wants no text messages."""

    phone = models.CharField(_("phone number"), max_length=20, unique=True)
    source = models.CharField(_("said by"), max_length=10, choices=OptOutSource.choices)

    objects = SmsOptOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("number without text messages")
        verbose_name_plural = _("numbers without text messages")

    def __str__(self) -> str:
        return masked_phone(self.phone)
