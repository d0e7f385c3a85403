"""Campaigns: what is said to whom and when, what it costs, and what they brought that no machine counts."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.blocks.content import empty_content
from crm.core import clock, money
from crm.core.models import BINNED, BaseModel, DeletableModel, NamedModel, live_manager
from crm.core.translated import TranslatedField

from ..choices.campaigns import CHANNELS, EDITABLE, WITH_RESULTS, AnswersBecome, CampaignKind, CampaignState, CostKind
from ..querysets.campaigns import CampaignQuerySet, OfCampaignQuerySet, TopicQuerySet

_AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2, "validators": [MinValueValidator(0)]}
_DAYS = [MinValueValidator(1), MaxValueValidator(365)]


class Topic(BaseModel):
    """What campaigns are about, such as offers; people may say no to one and keep the others."""

    key = models.SlugField(unique=True)
    name = TranslatedField(_("name"), max_length=60)
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class Campaign(DeletableModel, NamedModel):
    """Something said to many. content: blocks of a mail; body: words of a text message or post; both by language.

    segments without those of `excluded` are the audience. cap_count: who got so many campaigns in the last cap_days
    gets none; 0 for no limit. window_days: how long after a touch a sale is credited. timezone: of send_at on screens.
    audience: the last count, {"v": 1, "at", "people", "reasons"}; final once frozen_at is set. activity_id: of
    `campaigns.sent`, where it stands on the timelines of those who got it. conversation: answers by mail come to it.
    custom: answers to custom fields, key → plain JSON value.
    """

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="campaigns")
    kind = models.CharField(_("kind"), max_length=6, choices=CampaignKind.choices, default=CampaignKind.MAIL)
    state = models.CharField(_("state"), max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="campaigns",
    )  # fmt: skip
    department = models.ForeignKey(
        "accounts.Department", verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="campaigns",
    )  # fmt: skip
    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns"
    )
    goal = models.CharField(_("what it shall bring"), max_length=300, blank=True)
    budget = models.DecimalField(_("budget"), null=True, blank=True, **_AMOUNT)
    currency = models.CharField(_("currency"), max_length=3, default="CNY", choices=[(c, c) for c in money.SIGNS])

    subject = TranslatedField(_("subject"), max_length=150, blank=True)
    body = TranslatedField(_("text"), multiline=True, max_length=20_000, blank=True)
    content = models.JSONField(default=empty_content, blank=True, editable=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    link = models.URLField(_("address of the post"), max_length=500, blank=True)

    segments = models.ManyToManyField(
        "customers.Segment", verbose_name=_("segments"), blank=True, related_name="campaigns"
    )
    excluded = models.ManyToManyField(
        "customers.Segment", verbose_name=_("without"), blank=True, related_name="excluded_from"
    )
    one_per_customer = models.BooleanField(_("one person a customer"), default=False)
    holds_complaints = models.BooleanField(_("leave out customers with an open complaint"), default=True)
    cap_count = models.PositiveSmallIntegerField(
        _("campaigns at most"), default=2, help_text=_("A person who got so many within the days gets no more.")
    )
    cap_days = models.PositiveSmallIntegerField(_("within days"), default=7, validators=_DAYS)
    answers_become = models.CharField(
        _("answers become"), max_length=6, choices=AnswersBecome.choices, default=AnswersBecome.LEAD
    )
    window_days = models.PositiveSmallIntegerField(
        _("days in which a sale is credited"), default=30, validators=_DAYS,
    )  # fmt: skip

    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    audience = models.JSONField(default=dict, editable=False)
    frozen_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    activity_id = models.BigIntegerField(null=True, editable=False)
    conversation = models.OneToOneField(
        "messaging.Conversation", null=True, on_delete=models.PROTECT, related_name="campaign", editable=False
    )

    custom = models.JSONField(default=dict, db_default={}, editable=False)

    objects = live_manager(CampaignQuerySet)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="campaign_newest"),
            models.Index(fields=["owner", "-created_at"], name="campaign_by_owner"),
            models.Index(fields=["department", "-created_at"], name="campaign_by_department"),
            models.Index(
                fields=["send_at"], condition=Q(state__in=["scheduled", "sending"]), name="campaign_due"
            ),
            models.Index(fields=["activity_id"], condition=Q(activity_id__isnull=False), name="campaign_by_activity"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="campaign_binned"),
            GinIndex(fields=["search_key"], name="campaign_search_trgm", opclasses=["gin_trgm_ops"]),
        ]  # fmt: skip

    @property
    def code(self) -> str:
        """How addresses name it: the value of utm_campaign."""
        return f"c-{self.pk}"

    @property
    def channel(self) -> str:
        """The channel of consent that it needs, "" for a post."""
        return CHANNELS.get(CampaignKind(self.kind), "")

    @property
    def is_step(self) -> bool:
        """Whether it is the mail of a journey, which decides who gets it and when."""
        return self.kind == CampaignKind.STEP

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def has_results(self) -> bool:
        return self.state in WITH_RESULTS


class CampaignCost(BaseModel):
    """An amount in the campaign's currency, planned or booked."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="costs")
    kind = models.CharField(_("kind"), max_length=8, choices=CostKind.choices, default=CostKind.BOOKED)
    label = models.CharField(_("what for"), max_length=120)
    amount = models.DecimalField(_("amount"), **_AMOUNT)
    on = models.DateField(_("date"), default=clock.today)

    objects = OfCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["on", "pk"]


class PostResult(BaseModel):
    """What a network reported of a post, typed by staff."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="post_results")
    network = models.CharField(_("network"), max_length=60)
    on = models.DateField(_("date"), default=clock.today)
    reach = models.PositiveIntegerField(_("people reached"), default=0)
    clicks = models.PositiveIntegerField(_("clicks"), default=0)

    objects = OfCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a post")
        verbose_name_plural = _("results of posts")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "network", "on"], name="one_result_a_network_and_day")
        ]
