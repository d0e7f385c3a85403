"""Mailboxes that customers write to, and every mail that came in, stored before anybody reads it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.history import tracked
from crm.core.models import BaseModel

from ..choices import Decision, InboundReason, InboundState, Security
from ..querysets import InboundMailQuerySet, MailboxQuerySet
from .conversations import Conversation, Message


@tracked(exclude=("secret", "last_fetch_at", "last_error", "uid_validity", "last_uid"))
class Mailbox(BaseModel):
    """An address that customers write to. Without a host it is fed by `manage.py receivemail`.

    secret: the password, encrypted by `core.secrets`. handler with handler_settings: what new mail becomes.
    uid_validity and last_uid say how far the server's folder has been fetched (RFC 3501 §2.3.1.1).
    """

    brand = models.ForeignKey("core.Brand", verbose_name=_("brand"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    address = models.EmailField(_("address"), unique=True)
    has_reply_addresses = models.BooleanField(_("signed reply addresses"), default=True)
    handler = models.SlugField(_("new mail becomes"), max_length=40, blank=True)
    handler_settings = models.JSONField(default=dict)
    host = models.CharField(_("IMAP server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(_("protection"), max_length=10, choices=Security.choices, default=Security.TLS)
    verify_certificate = models.BooleanField(_("check the server's certificate"), default=True)
    username = models.CharField(_("user name"), max_length=200, blank=True)
    secret = models.TextField(blank=True)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    deletes = models.BooleanField(_("delete fetched mail from the server"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    last_fetch_at = models.DateTimeField(_("last fetched"), null=True)
    last_error = models.TextField(_("last error"), blank=True)
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class InboundMail(BaseModel):
    """One mail that came in. Its raw bytes are an attachment of this row, committed with it, before parsing.

    decision and decided_by: what a colleague chose for a mail that waited.
    attempts and due_at: how often it was tried, and when a worker that is silent counts as dead.
    header_id: its Message-ID, "" where it has none. conversation: the one its token names.
    content_key: digest of what was said, for a copy that took another way.
    """

    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="mails")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(_("size"))
    uid = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    state = models.CharField(_("state"), max_length=12, choices=InboundState.choices, default=InboundState.RECEIVED)
    reason = models.CharField(_("reason"), max_length=12, choices=InboundReason.choices, blank=True)
    detail = models.TextField(_("details"), blank=True)
    sender_email = models.CharField(_("from"), max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    header_id = models.CharField(max_length=255, blank=True)
    content_key = models.CharField(max_length=64, blank=True)
    handler = models.SlugField(max_length=40, blank=True)
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("decided by")
    )
    attempts = models.SmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True)

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mail")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=InboundState.RECEIVED), name="inbound_unhandled"),
            models.Index(fields=["state", "-id"], name="inbound_state"),
            models.Index(fields=["content_key"], condition=~Q(content_key=""), name="inbound_content"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "sha256"], name="one_mail_per_mailbox", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.subject or self.sender_email or f"#{self.pk}"
