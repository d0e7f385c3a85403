"""People who might buy, and the signs of interest they give."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock, money, names
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, NamedModel, live_manager
from crm.core.numbering import next_number

from ..choices.leads import OPEN, DiscardReason, LeadEventKind, LeadSource, LeadStatus
from ..querysets.leads import LeadQuerySet, OfLeadQuerySet

NUMBER_SEQUENCE = "lead_number_seq"


class Lead(DeletableModel, NamedModel):
    """Somebody who might buy, known by a number such as L-1042; `name` is the person's.

    email: lower case; phone: E.164. owner and pool: held by a person and at home in a pool; without an owner it lies in
    the pool. utm: {"v": 1, "utm_source": …} of the first visit, with {"last": {…}} of a later one. score: 0 to 100 with
    score_reasons, which `actions.lead_scores` describes. returns_at: when it goes back to its pool by itself.
    (origin_kind, origin_id): the ticket or other record it was made from. consent_text: what a visitor agreed to, word
    by word.
    """

    number = models.BigIntegerField(_("number"), unique=True, editable=False)
    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="leads")
    company = models.CharField(_("company"), max_length=120, blank=True)
    company_key = models.CharField(max_length=400, blank=True, editable=False)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    email = models.CharField(_("email"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=100, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=LeadSource.choices, default=LeadSource.STAFF)
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    utm = models.JSONField(default=dict, editable=False)
    message = models.TextField(_("message"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=LeadStatus.choices, default=LeadStatus.NEW)
    discard_reason = models.CharField(_("why discarded"), max_length=12, choices=DiscardReason.choices, blank=True)
    discard_note = models.CharField(_("more about it"), max_length=300, blank=True)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="owned_leads",
    )  # fmt: skip
    pool = models.ForeignKey(
        "sales.Pool", verbose_name=_("pool"), null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    department = models.ForeignKey(
        "accounts.Department", verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="leads",
    )  # fmt: skip
    region = models.CharField(_("region"), max_length=60, blank=True)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY", choices=[(c, c) for c in money.SIGNS])
    language = models.CharField(_("language"), max_length=10, blank=True)
    custom = models.JSONField(default=dict, editable=False)
    score = models.PositiveSmallIntegerField(_("score"), default=0, editable=False)
    score_reasons = models.JSONField(default=dict, editable=False)
    scored_at = models.DateTimeField(null=True, editable=False)
    consent_text = models.TextField(blank=True, editable=False)
    consent_version = models.IntegerField(default=0, editable=False)
    consented_at = models.DateTimeField(null=True, editable=False)
    assigned_at = models.DateTimeField(_("assigned"), null=True, editable=False)
    claimed_at = models.DateTimeField(_("claimed"), null=True, editable=False)
    last_touched_at = models.DateTimeField(_("last follow-up"), null=True, editable=False)
    returns_at = models.DateTimeField(_("goes back to the pool"), null=True, editable=False)
    converted_at = models.DateTimeField(_("converted"), null=True, editable=False)
    converted_customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), null=True, editable=False, on_delete=models.SET_NULL,
        related_name="converted_leads",
    )  # fmt: skip
    converted_contact = models.ForeignKey(
        "customers.Contact", verbose_name=_("contact"), null=True, editable=False, on_delete=models.SET_NULL,
        related_name="converted_leads",
    )  # fmt: skip
    converted_opportunity_id = models.BigIntegerField(null=True, editable=False)
    origin_kind = models.SmallIntegerField(null=True, editable=False)
    origin_id = models.BigIntegerField(null=True, editable=False)

    objects = live_manager(LeadQuerySet)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        indexes = [
            models.Index(fields=["owner", "-created_at"], condition=LIVE, name="lead_by_owner"),
            models.Index(fields=["department", "-created_at"], condition=LIVE, name="lead_by_department"),
            models.Index(fields=["pool", "-created_at"], condition=LIVE & Q(owner__isnull=True), name="lead_in_pool"),
            models.Index(fields=["-created_at", "-id"], condition=LIVE, name="lead_newest"),
            models.Index(fields=["-score", "-id"], condition=LIVE, name="lead_by_score"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="lead_by_change"),
            models.Index(fields=["email"], condition=LIVE & ~Q(email=""), name="lead_by_email"),
            models.Index(fields=["phone"], condition=LIVE & ~Q(phone=""), name="lead_by_phone"),
            models.Index(fields=["returns_at"], condition=LIVE & Q(returns_at__isnull=False), name="lead_by_return"),
            models.Index(fields=["scored_at"], condition=LIVE, name="lead_by_scoring"),
            models.Index(fields=["origin_kind", "origin_id"], name="lead_by_origin"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="lead_binned"),
            GinIndex(fields=["search_key"], name="lead_search_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["company_key"], name="lead_company_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:
            self.number = next_number(NUMBER_SEQUENCE)
        if kwargs.get("update_fields") is not None and "company" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "company_key"}
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """The company's key besides."""
        super().fill_keys()
        self.company_key = names.search_key(self.company) if self.company else ""

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"L-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def in_pool(self) -> bool:
        """Whether it waits for somebody to claim it."""
        return self.owner_id is None and self.pool_id is not None and self.is_open


class LeadEvent(BaseModel):
    """A sign of interest; its points fade with time."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=LeadEventKind.choices)
    happened_at = models.DateTimeField(default=clock.now)

    objects = OfLeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of interest")
        verbose_name_plural = _("signs of interest")
        indexes = [models.Index(fields=["lead", "-happened_at"], name="lead_event_latest")]
