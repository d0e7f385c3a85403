"""Landing pages: what visitors see, how often, and what they sent."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.blocks.content import empty_content
from crm.core.models import BINNED, LIVE, BaseModel, Brand, DeletableModel, NamedModel, live_manager
from crm.core.translated import Translated, TranslatedField
from customers.choices import ConsentChannel

from ..choices.landing import PageStatus
from ..querysets.landing import LandingPageQuerySet, OfLandingPageQuerySet

#: The kinds of advertising that a form may ask consent for.
CHANNELS = [(channel.value, channel.label) for channel in ConsentChannel if channel != ConsentChannel.SERVICE]


def advertising_text() -> Translated:
    """What a visitor agrees to, until the page says it in other words."""
    return Translated(
        {"en": "Tell me about news and offers. I can take this back at any time.",
         "zh-hans": "我愿意接收新品和优惠信息，并可随时取消。"}
    )  # fmt: skip


def thanks_text() -> Translated:
    """What follows a sent form, until the page says it in other words."""
    return Translated(
        {"en": "Thank you. Somebody who knows the subject answers you within one working day.",
         "zh-hans": "感谢您的留言，我们的专业人员会在一个工作日内与您联系。"}
    )  # fmt: skip


class LandingPage(DeletableModel, NamedModel):
    """A page of blocks in both languages, at /p/<slug>/. `name` is for staff, `title` for visitors and search engines.

    content: as it is edited; live_content: as visitors see it, empty before the first publication. title, description,
    thanks and what is asked hold from the moment they are saved. advertising: what a visitor may agree to for each of
    `channels`, with a version that grows with every change. campaign: what its leads are credited to.
    """

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="landing_pages", editable=False)
    slug = models.SlugField(_("address"), max_length=60)
    status = models.CharField(_("status"), max_length=10, choices=PageStatus.choices, default=PageStatus.DRAFT)
    title = TranslatedField(_("title"), max_length=80)
    description = TranslatedField(_("description"), max_length=160, blank=True)
    is_listed = models.BooleanField(_("may be found by search engines"), default=True)
    content = models.JSONField(default=empty_content, editable=False)
    live_content = models.JSONField(default=empty_content, editable=False)
    thanks = TranslatedField(_("after sending"), multiline=True, max_length=2000, default=thanks_text)
    channels = ArrayField(
        models.CharField(max_length=12, choices=CHANNELS), verbose_name=_("consent asked for"), default=list, blank=True
    )
    advertising = TranslatedField(_("what visitors agree to"), multiline=True, max_length=500, default=advertising_text)
    advertising_version = models.PositiveIntegerField(default=1, editable=False)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="landing_pages",
    )  # fmt: skip
    department = models.ForeignKey(
        "accounts.Department", verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="landing_pages",
    )  # fmt: skip
    campaign = models.ForeignKey(
        "marketing.Campaign", verbose_name=_("campaign"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="landing_pages",
    )  # fmt: skip
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = live_manager(LandingPageQuerySet)

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")
        constraints = [
            models.UniqueConstraint(fields=["brand", "slug"], condition=LIVE, name="one_live_page_an_address")
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="landing_newest"),
            models.Index(fields=["owner", "-updated_at"], name="landing_by_owner"),
            models.Index(fields=["department", "-updated_at"], name="landing_by_department"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="landing_binned"),
            GinIndex(fields=["search_key"], name="landing_search_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def get_absolute_url(self) -> str:
        """Its page for staff."""
        return reverse("landingpages:page_detail", args=[self.pk])

    @property
    def path(self) -> str:
        """Its path for visitors."""
        return reverse("landing:page", args=[self.slug])

    @property
    def address(self) -> str:
        """The whole address that visitors are given."""
        return f"{self.brand.base_url}{self.path}"

    @property
    def is_published(self) -> bool:
        return self.status == PageStatus.PUBLISHED

    @property
    def has_changes(self) -> bool:
        """Published, and edited since."""
        return self.is_published and self.content != self.live_content


class LandingDay(models.Model):
    """How often a page was opened on one day from one source; nobody is recognised from visit to visit.

    day: in the company's zone. source: `utm_source`, else the site that led here, "" for neither. is_machine: robots,
    counted apart.
    """

    page = models.ForeignKey(LandingPage, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    source = models.CharField(max_length=60, blank=True)
    is_machine = models.BooleanField(default=False)
    visits = models.PositiveIntegerField(default=0)

    objects = OfLandingPageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "day", "source", "is_machine"], name="one_landing_day_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source}"


class LandingSubmission(BaseModel):
    """One sent form and the lead it made or met. day and source: as in `LandingDay`, so that the two can be divided.

    utm: {"v": 1, "utm_source": …} of this visit. consents: {"v": 1, "email": "the very words"}, one entry a channel
    that was agreed to; carried_at: when they became consents of the person whom the lead was converted to.
    """

    page = models.ForeignKey(LandingPage, on_delete=models.CASCADE, related_name="submissions")
    lead = models.ForeignKey("sales.Lead", on_delete=models.CASCADE, related_name="landing_submissions")
    form_key = models.CharField(max_length=64, unique=True, editable=False)
    day = models.DateField(editable=False)
    source = models.CharField(_("source"), max_length=60, blank=True)
    utm = models.JSONField(default=dict, editable=False)
    language = models.CharField(_("language"), max_length=10)
    is_new_lead = models.BooleanField(_("new lead"), default=True)
    consents = models.JSONField(default=dict, editable=False)
    consent_version = models.PositiveIntegerField(default=0, editable=False)
    carried_at = models.DateTimeField(null=True, editable=False)

    objects = OfLandingPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        indexes = [
            models.Index(fields=["page", "-created_at"], name="submission_by_page"),
            models.Index(fields=["-created_at", "-id"], name="submission_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.page} · {self.lead.label}"

    def get_absolute_url(self) -> str:
        """The lead's page: what came in is read there."""
        return reverse("leads:lead_detail", args=[self.lead.number])

    @property
    def agreed(self) -> list[Any]:
        """The channels that were agreed to, in words."""
        return [label for key, label in CHANNELS if key in self.consents]
