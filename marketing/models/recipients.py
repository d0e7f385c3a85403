"""Who gets a campaign, the links in it, and what people did with it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel
from crm.core.phones import masked_phone
from crm.core.text import masked_email
from crm.core.tokens import new_token

from ..choices.campaigns import TOUCHES, Machine, Reason, RecipientState, ResponseKind, SuppressedChannel, SuppressedFor
from ..querysets.campaigns import (
    OfCampaignQuerySet,
    OfContactQuerySet,
    ParticipantQuerySet,
    RecipientQuerySet,
    ResponseQuerySet,
    SuppressionQuerySet,
)
from .campaigns import Campaign, Topic


class Recipient(BaseModel):
    """A person of a campaign's audience, frozen when it started; those who were left out are kept with the reason.

    address, language: as they were then. token: of the links in this one message. opened_at and clicked_at: the first
    time that a person did, as far as can be told; scanned_at: the first time that only a machine did. occasion: 0, or
    in the mail of a journey the time that the person is in it, since somebody who comes in again gets it again.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="campaign_recipients")
    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="campaign_recipients")
    occasion = models.BigIntegerField(default=0, editable=False)
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=8, choices=RecipientState.choices, default=RecipientState.WAITING)
    reason = models.CharField(_("why left out"), max_length=12, choices=Reason.choices, blank=True)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    mail = models.OneToOneField(
        "messaging.OutgoingMail", null=True, on_delete=models.SET_NULL, related_name="campaign_recipient"
    )
    sms = models.OneToOneField(
        "messaging.OutgoingSms", null=True, on_delete=models.SET_NULL, related_name="campaign_recipient"
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(_("not delivered"), null=True)
    is_hard = models.BooleanField(_("hard bounce"), default=False)
    error = models.CharField(_("error"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True)
    clicked_at = models.DateTimeField(_("clicked"), null=True)
    scanned_at = models.DateTimeField(_("scanned by a machine"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True)
    complained_at = models.DateTimeField(_("called it spam"), null=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "contact", "occasion"], name="one_row_a_recipient"),
            models.UniqueConstraint(
                fields=["campaign", "address", "occasion"],
                condition=~Q(state="left_out"),
                name="one_message_an_address",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "id"], name="recipient_by_state"),
            models.Index(fields=["customer", "-sent_at"], name="recipient_by_customer"),
            models.Index(fields=["contact", "-sent_at"], name="recipient_by_contact"),
            models.Index(fields=["campaign"], condition=Q(state="queued"), name="recipient_on_its_way"),
        ]  # fmt: skip


class CampaignLink(BaseModel):
    """An address that a campaign's words point to; mails hold ours in its place."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="links")
    url = models.TextField(_("address"))
    label = models.CharField(_("words"), max_length=200, blank=True)

    objects = OfCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [models.UniqueConstraint(fields=["campaign", "url"], name="one_row_a_link")]


class Response(BaseModel):
    """Something that came back, append-only but for the judgement whether a machine did it.

    link: of a click. why: how a machine was recognised. agent: the beginning of the User-Agent.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="responses")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="campaign_responses")
    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="campaign_responses")
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.CASCADE, related_name="responses")
    kind = models.CharField(_("what"), max_length=12, choices=ResponseKind.choices)
    link = models.ForeignKey(CampaignLink, null=True, on_delete=models.SET_NULL, related_name="clicks")
    at = models.DateTimeField(_("when"), default=clock.now)
    is_machine = models.BooleanField(_("by a machine"), default=False)
    why = models.CharField(_("how recognised"), max_length=8, choices=Machine.choices, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [
            models.Index(fields=["recipient", "kind", "at"], name="response_by_recipient"),
            models.Index(fields=["campaign", "kind", "-at"], name="response_by_campaign"),
            models.Index(
                fields=["customer", "-at"], condition=Q(is_machine=False, kind__in=TOUCHES), name="response_touch"
            ),
        ]  # fmt: skip


class Participant(BaseModel):
    """Somebody who registered for an event, or came."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="participants")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="event_participations")
    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="event_participations")
    registered_at = models.DateTimeField(_("registered"), default=clock.now)
    attended_at = models.DateTimeField(_("attended"), null=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [models.UniqueConstraint(fields=["campaign", "contact"], name="one_place_a_participant")]


class TopicRefusal(BaseModel):
    """A person wants nothing about this topic."""

    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="topic_refusals")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="refusals")

    objects = OfContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused topic")
        verbose_name_plural = _("refused topics")
        constraints = [models.UniqueConstraint(fields=["contact", "topic"], name="one_refusal_a_topic")]


class Suppression(BaseModel):
    """An address that gets no campaign, whatever its person agreed to. campaign: whose mail came back."""

    channel = models.CharField(
        _("channel"), max_length=5, choices=SuppressedChannel.choices, default=SuppressedChannel.EMAIL
    )
    address = models.CharField(_("address"), max_length=254)
    reason = models.CharField(_("reason"), max_length=10, choices=SuppressedFor.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="suppressions"
    )
    added_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [models.UniqueConstraint(fields=["channel", "address"], name="one_row_a_suppressed_address")]

    def __str__(self) -> str:
        """Masked: pickers, titles and messages name the row to whoever may keep the list."""
        return masked_phone(self.address) if self.channel == SuppressedChannel.SMS else masked_email(self.address)
