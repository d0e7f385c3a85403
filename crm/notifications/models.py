"""What staff are told, one unread line a matter."""

from __future__ import annotations

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


class NotificationQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody reads their own and nobody else's."""
        return self.filter(user_id=actor.user_id) if actor.is_staff else super().visible_to(actor)

    def unread(self) -> Self:
        return self.filter(unread=True)


class Notification(models.Model):
    """A line of the bell. kind is a NotificationKind's key; the subject is (stored kind number, id).

    Repeats of an unread one raise `count` and bring new `data`. activity_ids are the last activities
    it tells of, so that one delivered twice counts once.
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
