"""What staff are told, one unread line a matter, and how each person wants to be told."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet
from crm.core.sockets import kinds, notification_kinds

from .choices import Digest, Weekday


class NotificationQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody reads their own and nobody else's. Lines that go by mail alone are in no list."""
        return self.filter(user_id=actor.user_id, in_app=True) if actor.is_staff else super().visible_to(actor)

    def unread(self) -> Self:
        return self.filter(unread=True)

    def about(self, line: Notification) -> Self:
        """The lines of the same person about the same record."""
        return self.filter(user_id=line.user_id, subject_kind=line.subject_kind, object_id=line.object_id)

    def with_mail_ahead(self) -> Self:
        """Lines whose mail has not gone. Reading a line takes its mail back."""
        return self.filter(unread=True, mail_due_at__isnull=False)

    def drop_mail(self) -> None:
        """No mail goes for these any more; one that was to go by mail alone is done with."""
        self.filter(in_app=False, unread=True).update(unread=False, read_at=clock.now(), mail_due_at=None)
        self.filter(mail_due_at__isnull=False).update(mail_due_at=None)


class OwnQuerySet(BaseQuerySet):
    """Rows of a person that nobody else reads."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(user_id=actor.user_id) if actor.is_staff else super().visible_to(actor)


class Notification(models.Model):
    """A line of the bell. kind is a NotificationKind's key; the subject is (stored kind number, id).

    Repeats of an unread one raise `count` and bring new `data`. activity_ids are the last activities
    it tells of, so that one delivered twice counts once. in_app: whether the bell shows it; else it goes by
    mail or push alone. mail_due_at: when its mail goes unless it is read before; None when no mail goes.
    push: whether its person wanted it on their devices.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=80)
    subject_kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    activity_ids = ArrayField(models.BigIntegerField(), default=list)
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    count = models.IntegerField(default=1)
    unread = models.BooleanField(default=True)
    in_app = models.BooleanField(default=True, db_default=True)
    mail_due_at = models.DateTimeField(null=True)
    push = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject_kind", "object_id"],
                condition=Q(unread=True),
                name="one_unread_a_matter",
            )
        ]
        indexes = [
            models.Index(fields=["user", "-updated_at", "-id"], name="notification_latest"),
            models.Index(fields=["user"], condition=Q(unread=True), name="notification_unread"),
            models.Index(fields=["read_at"], condition=Q(unread=False), name="notification_read"),
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="notification_mail_due"),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def declared(self) -> Any:
        """The `NotificationKind`, or None when its app is gone."""
        return notification_kinds.get(self.kind)

    @property
    def subject_entry(self) -> Any:
        """The `Kind` of the record it is about, or None."""
        return kinds.by_code(self.subject_kind)


class NotificationChoice(models.Model):
    """A person's own channels for a kind. Only what differs from the kind's default has a row.

    push is None in rows from before there was push: it then follows the kind.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    in_app = models.BooleanField()
    mail = models.BooleanField()
    push = models.BooleanField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_choice_a_kind")]

    def __str__(self) -> str:
        return self.kind


class Mute(models.Model):
    """A record of which a person wants to hear nothing more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subject_kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=clock.now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "subject_kind", "object_id"], name="one_mute_a_record")]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.object_id}"


class Delivery(models.Model):
    """When mail may come to a person, in their own zone. Without a row: at any time, and no digest.

    quiet_from, quiet_until: wall times, past midnight when the first is later; both or neither.
    next_digest_at is counted for `zone`, and anew when the person lives in another. push_shows_text: whether a push
    message carries an excerpt, which a locked screen may show.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=10, choices=Digest.choices, default=Digest.OFF)
    digest_hour = models.SmallIntegerField(default=8)
    digest_weekday = models.SmallIntegerField(choices=Weekday.choices, default=Weekday.MONDAY)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    quiet_weekends = models.BooleanField(default=False)
    urgent_when_quiet = models.BooleanField(default=True)
    push_shows_text = models.BooleanField(default=False, db_default=False)
    next_digest_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60)

    objects = OwnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_digest_at"], condition=~Q(digest=Digest.OFF), name="delivery_digest_due")]

    def __str__(self) -> str:
        return self.get_digest_display()

    @property
    def tzinfo(self) -> dt.tzinfo:
        """The zone, or UTC when this host does not know it."""
        try:
            return zoneinfo.ZoneInfo(self.zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return dt.UTC


class PushKey(models.Model):
    """The pair of keys by which push services know this installation: one row, made once (`seeds.py`).

    public: as browsers take it. private: a token of `core.secrets`. Browsers are bound to the key they subscribed
    with, so another one would silence them all.
    """

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    public = models.CharField(max_length=100)
    private = models.TextField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_push_key")]

    def __str__(self) -> str:
        return self.public


class PushSubscription(models.Model):
    """A browser of a person that takes push messages. endpoint: where its service waits, a secret by itself.

    endpoint_hash: SHA-256 of it in hex, by which rows are unique and a page knows its own browser. device: the
    browser and system it named itself. last_error: why the last message did not go, "" when it went.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000)
    endpoint_hash = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    last_sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("push device")
        verbose_name_plural = _("push devices")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.device


class PushMessage(models.Model):
    """A message that a device is to be sent, one a record: what is told is read when it goes.

    next_attempt_at is also the lease of the sender that has it. attempts: since the record last had news.
    """

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="messages")
    subject_kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)

    objects = BaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "subject_kind", "object_id"], name="one_push_a_record")
        ]
        indexes = [models.Index(fields=["next_attempt_at"], name="push_message_due")]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.object_id}"
