"""What somebody has promised to do, with or without a record it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.core import clock, names
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, live_manager
from crm.core.sockets import kinds

from .choices import Answer, TaskKind
from .querysets import MeetingQuerySet, OfMeetingQuerySet, OfSeatQuerySet, TaskQuerySet

_OPEN = LIVE & Q(done_at__isnull=True)
#: A meeting lasts at most so long.
LONGEST = dt.timedelta(days=14)


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


class Meeting(DeletableModel, BaseModel):
    """A time that people spend together, about a record or about none; (kind, object_id) as of a task.

    zone: the IANA name of the zone it was planned in; moments are UTC as everywhere. uid and sequence name it and its
    version in calendars outside. remind_at: when its people are told, until it has come. asked_at: when its organizer
    was asked what came of it; held_at: when they said so, with `outcome`. conversation: what guests answer by mail
    comes back to it; None while nobody outside was invited.
    """

    kind = models.SmallIntegerField(null=True, editable=False)
    object_id = models.BigIntegerField(null=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    search_key = models.CharField(max_length=400, editable=False)
    notes = models.TextField(_("agenda"), blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=60)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=400, blank=True)
    organizer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("organizer"), null=True, on_delete=models.PROTECT,
        related_name="organized_meetings",
    )  # fmt: skip
    uid = models.CharField(max_length=80, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    remind_minutes = models.IntegerField(_("remind before"), null=True, blank=True, default=15)
    remind_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    held_at = models.DateTimeField(null=True, editable=False)
    outcome = models.TextField(_("outcome"), blank=True)
    conversation = models.OneToOneField(
        "messaging.Conversation", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = live_manager(MeetingQuerySet)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="meeting_takes_time"),
            models.CheckConstraint(
                condition=Q(kind__isnull=True, object_id__isnull=True) | Q(kind__isnull=False, object_id__isnull=False),
                name="meeting_subject_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="meeting_by_start"),
            models.Index(fields=["kind", "object_id", "starts_at"], name="meeting_of_record"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="meeting_reminders"),
            models.Index(
                fields=["ends_at"], condition=Q(asked_at__isnull=True, held_at__isnull=True, cancelled_at__isnull=True),
                name="meeting_to_ask_about",
            ),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="meeting_binned"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = names.search_key(self.title)
        if kwargs.get("update_fields") is not None and "title" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @cached_property
    def open_proposals(self) -> list[MeetingProposal]:
        """The other times that guests propose and that are still to come, by time. One query."""
        rows = MeetingProposal.objects.filter(seat__meeting=self, starts_at__gt=clock.now()).select_related(
            "seat__user"
        )
        return list(rows.order_by("starts_at", "pk"))

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def is_to_come(self) -> bool:
        """Whether people still expect it."""
        return not self.is_cancelled and self.held_at is None and not self.is_over

    @property
    def wants_outcome(self) -> bool:
        """Whether it is over and nobody said what came of it."""
        return self.is_over and not self.is_cancelled and self.held_at is None


class MeetingAttendee(BaseModel):
    """Who takes part: a colleague, or a guest by name and mail address. language: of a guest's invitation.

    answer: what a guest said to the invitation, at `answered_at`. asked_sequence: version of the meeting whose time
    they were last asked about; answers to earlier ones say nothing about this one.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="meeting_seats"
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    asked_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="one_seat_a_colleague"),
            models.UniqueConstraint(
                fields=["meeting", "email"], condition=Q(user__isnull=True), name="one_seat_a_guest"
            ),
            models.CheckConstraint(condition=Q(user__isnull=False) | ~Q(email=""), name="guest_has_an_address"),
        ]
        indexes = [models.Index(fields=["user", "meeting"], name="meeting_seat_by_user")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.user.name if self.user is not None else self.name or self.email

    @property
    def address(self) -> str:
        """Where invitations go."""
        return self.user.email if self.user is not None else self.email


class MeetingProposal(BaseModel):
    """Another time that a guest proposes, until its host answers or the meeting moves. text: the guest's words."""

    seat = models.OneToOneField(MeetingAttendee, on_delete=models.CASCADE, related_name="proposal")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    text = models.CharField(max_length=400, blank=True)

    objects = OfSeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed time")
        verbose_name_plural = _("proposed times")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="proposal_takes_time")
        ]

    def __str__(self) -> str:
        return self.seat.shown_name
