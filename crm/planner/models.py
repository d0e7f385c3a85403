"""What somebody has promised to do, with or without a record it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock, names
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, live_manager
from crm.core.sockets import kinds

from .choices import TaskKind
from .querysets import TaskQuerySet

_OPEN = LIVE & Q(done_at__isnull=True)


class Task(DeletableModel, BaseModel):
    """A task of a person or a team. (kind, object_id) is the record it is about, both null for one without.

    what: the `TaskKind`. due_at is the moment after which it is overdue; a task for a day without a time has
    due_on too, and due_at is the end of that day where its holder lives. remind_minutes: how long before the
    deadline (of a day: before nine o'clock) its holder is told, null for never; remind_at is that moment until
    it has come. source_key: a machine's name for the task, one a record, so that asking twice adds one.
    """

    kind = models.SmallIntegerField(null=True, editable=False)
    object_id = models.BigIntegerField(null=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    search_key = models.CharField(max_length=400, editable=False)
    notes = models.TextField(_("notes"), blank=True)
    what = models.CharField(_("kind"), max_length=10, choices=TaskKind.choices, default=TaskKind.TODO)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("assignee"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="tasks",
    )  # fmt: skip
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    remind_minutes = models.IntegerField(_("remind before"), null=True, blank=True, default=0)
    remind_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    result = models.TextField(_("result"), blank=True)
    source_key = models.CharField(max_length=80, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = live_manager(TaskQuerySet)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "source_key"], condition=~Q(source_key=""), name="task_of_a_source_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__isnull=True, object_id__isnull=True) | Q(kind__isnull=False, object_id__isnull=False),
                name="task_subject_whole",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_at__isnull=False), name="task_day_has_an_end"
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_at"], condition=_OPEN, name="task_open_mine"),
            models.Index(fields=["team", "due_at"], condition=_OPEN, name="task_open_team"),
            models.Index(fields=["due_at", "id"], condition=_OPEN, name="task_open_due"),
            models.Index(fields=["kind", "object_id", "due_at"], condition=LIVE, name="task_of_record"),
            models.Index(fields=["assignee", "-done_at"], condition=LIVE, name="task_done_mine"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="task_reminders"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="task_binned"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = names.search_key(self.title)
        if kwargs.get("update_fields") is not None and "title" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)

    @property
    def is_all_day(self) -> bool:
        """For a day, without a time."""
        return self.due_on is not None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def is_overdue(self, moment: dt.datetime | None = None) -> bool:
        """Open, and its deadline lies before the moment (now)."""
        return not self.is_done and self.due_at is not None and self.due_at < (moment or clock.now())

    @property
    def subject_kind(self) -> str:
        """The Kind key of the record it is about, "" without one or when its app is gone."""
        entry = kinds.by_code(self.kind) if self.kind is not None else None
        return entry.key if entry else ""
