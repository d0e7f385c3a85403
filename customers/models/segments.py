"""Customers who have something in common: found by a condition, or picked by hand."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.conditions.tree import empty
from crm.core import clock
from crm.core.models import NamedModel
from crm.jobs.choices import JobState
from crm.ui.models import Audience

from ..choices import MemberSource, SegmentFailure, SegmentKind, SegmentState
from ..querysets import SegmentMemberQuerySet, SegmentQuerySet


class Segment(NamedModel):
    """A set of customers under a name. A dynamic one holds those for whom `condition` is true, within the rights of
    its owner: no customer that the owner may not see, no field that the owner may not read.

    watches: types of deeds after which a customer may enter or leave. is_timely: whether time alone moves customers.
    uses: ids of segments that the condition names. size: members when it was last changed. job: the computing that
    runs or ran last. failure: why it is not kept up to date; its members stay as they were.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=SegmentKind.choices, default=SegmentKind.DYNAMIC)
    description = models.CharField(_("description"), max_length=200, blank=True)
    condition = models.JSONField(_("conditions"), default=empty, blank=True)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="segments",
    )  # fmt: skip
    audience = models.CharField(_("for"), max_length=10, choices=Audience.choices, default=Audience.EVERYBODY)
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    watches = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    is_timely = models.BooleanField(default=False, editable=False)
    uses = ArrayField(models.BigIntegerField(), default=list, editable=False)
    size = models.IntegerField(_("customers"), default=0, editable=False)
    computed_at = models.DateTimeField(_("computed"), null=True, editable=False)
    job = models.ForeignKey("jobs.Job", null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    failure = models.CharField(max_length=10, choices=SegmentFailure.choices, blank=True, editable=False)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        indexes = [GinIndex(fields=["watches"], name="segment_by_watch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | (~Q(audience="team") & Q(team__isnull=True)),
                name="segment_team_when_shared_with_one",
            )
        ]

    @property
    def is_dynamic(self) -> bool:
        return self.kind == SegmentKind.DYNAMIC

    @property
    def state(self) -> str:
        """A `SegmentState`: computing while its job waits or runs, failed, stopped by hand, or up to date."""
        found = self.job.state if self.job else ""
        if found in {JobState.WAITING, JobState.RUNNING}:
            return SegmentState.COMPUTING
        if self.failure or found == JobState.FAILED:
            return SegmentState.FAILED
        return SegmentState.STOPPED if found == JobState.CANCELLED else SegmentState.READY


class SegmentMember(models.Model):
    """A stay of one customer in one segment; left_at is null while it lasts. Coming back is a new row.

    Whoever writes here holds the lock of the segment until the end of its transaction, so within one segment ids grow
    in the order of commits: "id above the last one I read" misses nobody who entered.
    """

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    entered_at = models.DateTimeField(_("entered"), default=clock.now)
    left_at = models.DateTimeField(_("left"), null=True)
    source = models.CharField(_("how"), max_length=8, choices=MemberSource.choices)

    objects = SegmentMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment member")
        verbose_name_plural = _("segment members")
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "customer"], condition=Q(left_at__isnull=True), name="one_stay_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["segment", "id"], name="segment_member_cursor"),
            models.Index(fields=["left_at"], condition=Q(left_at__isnull=False), name="segment_member_left"),
        ]


class SegmentCheck(models.Model):
    """A look that is due: whether this customer belongs to this segment. Narrow, since it is deleted soon.

    by_time: nothing has happened, but time will make a difference then.
    """

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(default=clock.now)
    by_time = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="segment_check_due"),
            models.Index(fields=["segment", "customer"], name="segment_check_pair"),
        ]


class SegmentChange(models.Model):
    """What a computing that still runs has found; it becomes true for all of them at once, at the end."""

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    enters = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "customer"], name="one_change_of_a_pair")]
