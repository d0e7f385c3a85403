"""Rows behind background work: jobs with a cursor, idempotency keys, heartbeats, sweep runs."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import BaseModel
from crm.core.querysets import BaseQuerySet

from .choices import JobState


class JobQuerySet(BaseQuerySet):
    """A person sees their own jobs; who may manage jobs sees all."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system or (actor.is_staff and actor.can("console.manage_jobs")):
            return self
        return self.filter(owner_id=actor.user_id) if actor.is_staff else self.none()


class Job(BaseModel):
    """Long work that goes on from its cursor after any interruption.

    kind names the runner; params are its input; cursor is the last id done; skipped lists
    {"id", "label", "reason"} of rows left out, the first hundred.
    """

    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="jobs")
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    skipped = models.JSONField(default=list)
    skipped_count = models.IntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.SmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_state_heartbeat")]

    def __str__(self) -> str:
        return self.label

    @property
    def percent(self) -> int:
        """Progress, 0 to 100."""
        return 100 if self.state == JobState.DONE else min(99, self.done * 100 // self.total) if self.total else 0


class IdempotencyKey(models.Model):
    """The first line of an accepted request: same key and body replay the stored answer. Kept 48 h."""

    route = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["route", "actor", "key"], name="one_answer_per_key")]


class Heartbeat(models.Model):
    """When a worker or the scheduler last proved that it works. name: "scheduler", "worker"."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True)


class SweepRun(models.Model):
    """When each sweep last ran and what it did; shown in Jobs, and the ticker's memory."""

    key = models.CharField(max_length=80, primary_key=True)
    last_run_at = models.DateTimeField()
    last_rows = models.IntegerField(default=0)
    total_rows = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self) -> Any:
        return self.key
