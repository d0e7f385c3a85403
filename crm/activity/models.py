"""One append-only row per business verb, anchors to find it by, and the outbox that delivers it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.sockets import activity_types, kinds


class Activity(models.Model):
    """What happened. Never updated. type, kind and actor_kind are the registries' stored numbers.

    subject = (kind, object_id). data holds what the sentence and the readers need, with "v".
    Nothing points here by foreign key, so that the table can be partitioned.
    """

    id = models.BigAutoField(primary_key=True)
    type = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    actor_kind = models.SmallIntegerField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    on_behalf_of_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="activity_at")]

    @property
    def key(self) -> str:
        """The type's name, such as "tickets.replied"."""
        entry = activity_types.by_code(self.type)
        return entry.key if entry else ""

    @property
    def kind_key(self) -> str:
        """The subject's kind, such as "ticket"."""
        entry = kinds.by_code(self.kind)
        return entry.key if entry else ""

    @property
    def declared(self) -> Any:
        """The `ActivityType`, or None when its app is gone."""
        return activity_types.by_code(self.type)


class Anchor(models.Model):
    """Where an activity shows: its subject, the customer, the deal. Read newest first by keyset."""

    id = models.BigAutoField(primary_key=True)
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    activity_id = models.BigIntegerField()
    type = models.SmallIntegerField()
    subject_kind = models.SmallIntegerField()
    subject_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "-activity_id"], name="anchor_timeline")]


class Outbox(models.Model):
    """A delivery to come: narrow, inserted with the deed, deleted when every subscriber has run.

    done: keys of subscribers that already ran in an attempt that failed later.
    """

    id = models.BigAutoField(primary_key=True)
    lane = models.CharField(max_length=8)
    activity_id = models.BigIntegerField()
    order_key = models.CharField(max_length=60, blank=True)
    available_at = models.DateTimeField(default=clock.now)
    attempts = models.SmallIntegerField(default=0)
    done = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["lane", "id"], name="outbox_lane")]


class DeadDelivery(models.Model):
    """A delivery given up after eight attempts; shown in Jobs, where it can be tried again."""

    activity_id = models.BigIntegerField()
    lane = models.CharField(max_length=8)
    subscriber = models.CharField(max_length=80)
    error = models.TextField()
    at = models.DateTimeField(default=clock.now)


class Sight(models.IntegerChoices):
    """What a person saw of a record."""

    OPENED = 1, _("Opened")
    REVEALED = 2, _("Opened, with full addresses")


class Sighting(models.Model):
    """Somebody saw a record: one row a person, record and `hour`. Written by `sightings.saw` alone, never updated."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    how = models.SmallIntegerField(choices=Sight.choices)
    hour = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "hour", "kind", "object_id", "how"], name="one_sighting_an_hour")
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="sighting_latest"),
            models.Index(fields=["kind", "object_id", "-at"], name="sighting_of_record"),
        ]
