"""Public pools, who held what, and the rules that send new leads somewhere."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel
from crm.core.translated import TranslatedField

from ..choices.leads import PoolHolds, RouteTo, SpanEnd, SpanStart
from ..querysets.leads import OfLeadQuerySet, OwnerSpanQuerySet, PoolQuerySet

_DAYS = [MinValueValidator(1), MaxValueValidator(3650)]


class Pool(BaseModel):
    """公海: leads, or customers, without an owner, for its members to claim. A number left empty sets no limit.

    covers_owned: customers that its members own stand under its rules too, from the day that is switched on.
    daily_limit: claims a person and day, of the company's zone. capacity: leads of this pool that a person holds at one
    time, qualified ones left out when `qualified_free`. wait_days: how long the previous owner waits before claiming
    again. Days count from the claim: protect_days without return, idle_days without follow-up, convert_days until it is
    converted; warn_days before a return the owner is told.
    """

    name = TranslatedField(_("name"), max_length=80)
    holds = models.CharField(
        _("what lies in it"), max_length=9, choices=PoolHolds.choices, default=PoolHolds.LEADS,
        db_default=PoolHolds.LEADS,
    )  # fmt: skip
    covers_owned = models.BooleanField(_("also customers that its people own"), default=False, db_default=False)
    users = models.ManyToManyField("accounts.User", verbose_name=_("people"), blank=True, related_name="pools")
    teams = models.ManyToManyField("accounts.Team", verbose_name=_("teams"), blank=True, related_name="pools")
    daily_limit = models.PositiveSmallIntegerField(
        _("claims a person and day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    capacity = models.PositiveSmallIntegerField(
        _("holding limit"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    qualified_free = models.BooleanField(_("qualified leads do not count"), default=True)
    wait_days = models.PositiveSmallIntegerField(
        _("days until the previous owner may claim again"), default=0, validators=[MaxValueValidator(3650)]
    )
    protect_days = models.PositiveSmallIntegerField(
        _("protection period (days)"), default=0, validators=[MaxValueValidator(3650)]
    )
    idle_days = models.PositiveSmallIntegerField(
        _("return after days without follow-up"), null=True, blank=True, validators=_DAYS
    )
    convert_days = models.PositiveSmallIntegerField(
        _("return after days without conversion"), null=True, blank=True, validators=_DAYS
    )
    warn_days = models.PositiveSmallIntegerField(_("warn days before"), default=2, validators=[MaxValueValidator(365)])
    is_active = models.BooleanField(_("active"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=50)

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("pool")
        verbose_name_plural = _("pools")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class OwnerSpan(BaseModel):
    """Somebody held a record, (kind, object_id), from then to then. Append-only but for its end.

    warned_for: the return that was announced last, so that each is announced once.
    """

    kind = models.SmallIntegerField()
    object_id = models.BigIntegerField()
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="owner_spans")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.SET_NULL, related_name="spans")
    started_at = models.DateTimeField(default=clock.now)
    start = models.CharField(max_length=10, choices=SpanStart.choices)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=SpanEnd.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    warned_for = models.DateTimeField(null=True)

    objects = OwnerSpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], condition=Q(ended_at__isnull=True), name="one_holder_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "object_id", "-started_at"], name="span_by_record"),
            models.Index(fields=["user", "-started_at"], name="span_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d}"


class LeadRule(BaseModel):
    """Which new leads go where; the first that fits decides. An empty condition fits every lead."""

    name = TranslatedField(_("name"), max_length=80)
    condition = models.JSONField(_("condition"), default=dict, blank=True)
    route = models.CharField(_("goes"), max_length=6, choices=RouteTo.choices, default=RouteTo.POOL)
    pool = models.ForeignKey(
        Pool, verbose_name=_("pool"), null=True, blank=True, on_delete=models.PROTECT, related_name="lead_rules"
    )
    user = models.ForeignKey(
        "accounts.User", verbose_name=_("person"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_active = models.BooleanField(_("active"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=50)

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead assignment rule")
        verbose_name_plural = _("lead assignment rules")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class LeadDecision(BaseModel):
    """Where a rule sent a lead, with what it looked at. reasons: {"v": 1, "passed": […], "considered": […]}."""

    lead = models.ForeignKey("sales.Lead", on_delete=models.CASCADE, related_name="decisions")
    rule = models.ForeignKey(LeadRule, null=True, on_delete=models.SET_NULL, related_name="decisions")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.SET_NULL, related_name="+")
    reasons = models.JSONField(default=dict)

    objects = OfLeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment of a lead")
        verbose_name_plural = _("assignments of leads")
        indexes = [models.Index(fields=["lead", "-id"], name="lead_decision_latest")]
