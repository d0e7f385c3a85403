"""Mail on its way out, the wording it is made from, and the pace of the server that takes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.text import masked_email
from crm.core.translated import TranslatedField

from ..choices import MailState
from ..querysets import MailTemplateQuerySet, OutgoingMailQuerySet
from .conversations import SUBJECT_LIMIT, Message
from .outgoing import Outgoing


class MailTemplate(BaseModel):
    """The wording of one automatic or reply mail, and of the text message that stands in for it.

    Declared by an app, edited by an administrator.
    """

    key = models.SlugField(max_length=80, unique=True)
    subject = TranslatedField(_("subject"), max_length=SUBJECT_LIMIT)
    body = TranslatedField(_("text"), multiline=True, max_length=20_000)
    sms = TranslatedField(_("text message"), multiline=True, max_length=1000, blank=True)
    is_edited = models.BooleanField(default=False, editable=False)

    objects = MailTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.subject)


class OutgoingMail(Outgoing):
    """A mail accepted for sending. message_id never changes, so a second copy is recognised as one.

    headers: extra header lines by name. complained_at: when its reader's provider told us that they call it spam.
    """

    failed_type = "messaging.mail_failed"

    message_id = models.CharField(max_length=255, unique=True)
    to_email = models.EmailField(_("to"))
    to_name = models.CharField(max_length=200, blank=True)
    cc = models.JSONField(default=list)
    from_email = models.EmailField(_("from"))
    from_name = models.CharField(max_length=200, blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LIMIT)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    complained_at = models.DateTimeField(_("called spam"), null=True, editable=False)
    related = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="mails")

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=[MailState.WAITING, MailState.SENDING]),
                name="mail_unsent",
            ),
            models.Index(fields=["state", "-id"], name="mail_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], condition=~Q(dedupe_key=""), name="one_mail_for_a_reason")
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def shown_to(self) -> str:
        return masked_email(self.to_email)


class MailServer(models.Model):
    """The token bucket of one mail server: `tokens` may be sent now, counted at `at`."""

    name = models.CharField(max_length=200, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
