"""Journeys: who comes in, the steps they walk, in versions that never change once they are live."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.conditions.tree import empty
from crm.core.models import BINNED, BaseModel, DeletableModel, NamedModel, live_manager

from ..choices.journeys import JourneyState, Reentry, StartKind, StepKind, VersionState, Way
from ..querysets.journeys import JourneyQuerySet, OfJourneyQuerySet, StepQuerySet
from .campaigns import Campaign


class Journey(DeletableModel, NamedModel):
    """What is done for each customer one after the other, from an occasion on. timezone: of its hours and dates.

    seen_entry: the last stay in the segment that was looked at; seen_day: the last day whose dates were. Both are
    where the next look goes on, and are set anew whenever it goes live, so that only who comes from then on comes in.
    """

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="journeys")
    state = models.CharField(_("state"), max_length=12, choices=JourneyState.choices, default=JourneyState.DRAFT)
    goal = models.CharField(_("what it shall bring"), max_length=300, blank=True)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="journeys",
    )  # fmt: skip
    department = models.ForeignKey(
        "accounts.Department", verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="journeys",
    )  # fmt: skip
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    seen_entry = models.BigIntegerField(default=0, editable=False)
    seen_day = models.DateField(null=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = live_manager(JourneyQuerySet)

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="journey_newest"),
            models.Index(fields=["owner", "-created_at"], name="journey_by_owner"),
            models.Index(fields=["department", "-created_at"], name="journey_by_department"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="journey_binned"),
            GinIndex(fields=["search_key"], name="journey_search_trgm", opclasses=["gin_trgm_ops"]),
        ]

    @property
    def live(self) -> JourneyVersion | None:
        """What newcomers walk; None before the first start."""
        return self.versions.filter(state=VersionState.LIVE).first()

    @property
    def draft(self) -> JourneyVersion | None:
        """What is being changed; None while nothing is."""
        return self.versions.filter(state=VersionState.DRAFT).first()


class JourneyVersion(BaseModel):
    """One definition of a journey: the start, the rules, and its steps. It is frozen when it goes live.

    deed: key of an activity type; date_key: a `journeys.dates.DateStart`, with days_offset days before (negative) or
    after, at `hour` of the journey's zone; every_year: month and day alone count. condition: who of them comes in.
    goal_rule, exit_rule: whoever they hold for leaves, and counts as having reached the goal by the first.
    """

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=5, choices=VersionState.choices, default=VersionState.DRAFT)
    start_kind = models.CharField(
        _("what starts it"), max_length=7, choices=StartKind.choices, default=StartKind.SEGMENT
    )
    segment = models.ForeignKey(
        "customers.Segment", verbose_name=_("segment"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="journey_versions",
    )  # fmt: skip
    deed = models.CharField(_("what happens"), max_length=60, blank=True)
    date_key = models.CharField(_("which date"), max_length=80, blank=True)
    days_offset = models.SmallIntegerField(
        _("days"), default=0, validators=[MinValueValidator(-365), MaxValueValidator(365)],
        help_text=_("Negative for days before the date, 0 for the day itself."),
    )  # fmt: skip
    hour = models.PositiveSmallIntegerField(_("at the hour"), default=9, validators=[MaxValueValidator(23)])
    every_year = models.BooleanField(_("every year"), default=False, help_text=_("As with birthdays."))
    condition = models.JSONField(_("only customers for whom"), default=empty, blank=True)
    reentry = models.CharField(_("coming in again"), max_length=6, choices=Reentry.choices, default=Reentry.NEVER)
    reentry_days = models.PositiveSmallIntegerField(_("days after leaving"), default=90)
    goal_rule = models.JSONField(_("the goal is reached when"), default=empty, blank=True)
    exit_rule = models.JSONField(_("people leave when"), default=empty, blank=True)
    published_at = models.DateTimeField(_("live since"), null=True, editable=False)
    published_by = models.ForeignKey(
        "accounts.User", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OfJourneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a journey")
        verbose_name_plural = _("versions of journeys")
        ordering = ["journey", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["journey"], condition=Q(state="live"), name="one_live_version"),
            models.UniqueConstraint(fields=["journey"], condition=Q(state="draft"), name="one_draft_version"),
        ]

    def __str__(self) -> str:
        return f"{self.journey} · {self.number}"

    @property
    def is_editable(self) -> bool:
        return self.state == VersionState.DRAFT


def new_key() -> str:
    """What names a step in all versions."""
    return secrets.token_hex(6)


class Step(BaseModel):
    """A step of a version. key: the same step in all versions. parent: the branch on whose `way` it stands.

    place: within its path. settings: by kind, see `journeys.settings`. mail: what a sending step says; versions that
    say the same share it.
    """

    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=12, default=new_key, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children", editable=False)
    way = models.CharField(max_length=3, choices=Way.choices, blank=True, default=Way.MAIN, editable=False)
    place = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(_("what it does"), max_length=6, choices=StepKind.choices)
    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("How you call it; may stay empty."))
    settings: Any = models.JSONField(default=dict, editable=False)
    condition = models.JSONField(_("conditions"), default=empty, blank=True)
    mail = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="journey_steps")
    tag = models.ForeignKey(
        "fields.Tag", verbose_name=_("tag"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["version", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_step_a_key")]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())
