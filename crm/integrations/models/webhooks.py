"""Addresses that are told what happens, and each telling."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel

from ..choices import DeliveryState, PauseReason
from ..querysets import DeliveryQuerySet, WebhookQuerySet


class Webhook(BaseModel):
    """An address of another system. It is told what its owner may see, as they would see it through the API.

    types: keys of activity types. secret: encrypted; it signs each delivery. condition: a tree of crm.conditions over
    records of the kind `condition_on`; records of other kinds are told without asking it. failures: tries in a row that
    failed, since `failing_since`; after a few, `quiet_until` spares the address. pause_reason: why the product itself
    switched it off.
    """

    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=500)
    types = ArrayField(models.CharField(max_length=80), verbose_name=_("events"), default=list)
    secret = models.TextField(editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="webhooks"
    )
    condition_on = models.CharField(max_length=40, blank=True)
    condition = models.JSONField(_("only when"), default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    failures = models.IntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    quiet_until = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(_("last delivered"), null=True, editable=False)
    pause_reason = models.CharField(
        _("why it is off"), max_length=10, choices=PauseReason.choices, blank=True, editable=False
    )

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(BaseModel):
    """One event for one address, in its turn: earlier ones about the same record (order_key) arrive first.

    activity_id: None for a test. body: the JSON text that every try sends, made at the first. log: tries, oldest first,
    each {"at": ISO moment, "status": number or null, "ms": duration, "error": text}. answer: the start of the last one.
    """

    webhook = models.ForeignKey(Webhook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="deliveries")
    activity_id = models.BigIntegerField(null=True, editable=False)
    type = models.CharField(_("event"), max_length=80)
    order_key = models.CharField(max_length=60, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING, editable=False
    )
    attempts = models.SmallIntegerField(_("tries"), default=0, editable=False)
    next_at = models.DateTimeField(_("next try"), default=clock.now, null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    retries_until = models.DateTimeField(null=True, editable=False)
    body = models.TextField(blank=True, editable=False)
    status = models.SmallIntegerField(_("answer"), null=True, editable=False)
    answer = models.TextField(blank=True, editable=False)
    error = models.CharField(_("error"), max_length=500, blank=True, editable=False)
    duration_ms = models.IntegerField(_("took (ms)"), null=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered"), null=True, editable=False)
    log = models.JSONField(default=list, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "activity_id"], condition=Q(activity_id__isnull=False), name="one_telling_a_webhook"
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["webhook", "-id"], name="delivery_by_webhook"),
            models.Index(
                fields=["next_at"], condition=Q(state__in=["waiting", "sending"]), name="delivery_open_by_time"
            ),
            models.Index(
                fields=["webhook", "order_key", "activity_id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_in_turn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} → {self.webhook}"

    @property
    def event_id(self) -> str:
        """What receivers tell repetitions by."""
        return f"evt_{self.activity_id}" if self.activity_id is not None else f"test_{self.pk}"

    def noted(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        """The log with one more try, the last twenty."""
        return [*self.log, entry][-20:]
