"""Deals in the making. Amounts are Decimal in the deal's own currency."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock, money
from crm.core.containing import Characters
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, NamedModel, live_manager
from crm.core.numbering import next_number

from ..choices.opportunities import OpportunitySource, StageKind
from ..querysets.opportunities import OfOpportunityQuerySet, OpportunityQuerySet
from .pipelines import LostReason, Pipeline, Stage

NUMBER_SEQUENCE = "opportunity_number_seq"
_AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "default": 0}
_OPEN = LIVE & Q(won_at__isnull=True, lost_at__isnull=True)


class Opportunity(DeletableModel, NamedModel):
    """A deal that may be won. Known by a number such as O-3021.

    amount: what the customer would pay in `currency`, tax included; with lines it is their sum. probability: of
    winning in per cent, null for the stage's. stage_entered_at: since when it stands in its stage. won_at and lost_at
    are both null while it is open. stale_told_at: when its owner was told that it stands still in this stage.
    """

    number = models.BigIntegerField(_("number"), unique=True, editable=False)
    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="opportunities")
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="opportunities"
    )
    contact = models.ForeignKey(
        "customers.Contact", verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="opportunities",
    )  # fmt: skip
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="opportunities",
    )  # fmt: skip
    department = models.ForeignKey(
        "accounts.Department", verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="opportunities",
    )  # fmt: skip
    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="opportunities"
    )
    stage = models.ForeignKey(Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="opportunities")
    stage_entered_at = models.DateTimeField(_("in this stage since"), default=clock.now, editable=False)
    amount = models.DecimalField(_("amount"), validators=[MinValueValidator(0)], **_AMOUNT)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in money.SIGNS])
    tax_included = models.BooleanField(_("prices hold the tax"), default=True)
    probability = models.PositiveSmallIntegerField(
        _("own win probability (%)"), null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    expected_close = models.DateField(_("expected close date"))
    source = models.CharField(
        _("source"), max_length=10, choices=OpportunitySource.choices, default=OpportunitySource.STAFF
    )
    note = models.TextField(_("note"), blank=True)
    won_at = models.DateTimeField(_("won at"), null=True, blank=True, editable=False)
    lost_at = models.DateTimeField(_("lost at"), null=True, blank=True, editable=False)
    lost_reason = models.ForeignKey(
        LostReason, verbose_name=_("lost reason"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="opportunities", editable=False,
    )  # fmt: skip
    lost_note = models.CharField(_("what happened"), max_length=400, blank=True, editable=False)
    stale_told_at = models.DateTimeField(null=True, editable=False)
    custom = models.JSONField(default=dict, editable=False)

    objects = live_manager(OpportunityQuerySet)

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        constraints = [
            models.CheckConstraint(
                condition=Q(won_at__isnull=True) | Q(lost_at__isnull=True), name="opportunity_won_or_lost"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="opportunity_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__lte=100), name="opportunity_probability"
            ),
            models.CheckConstraint(
                condition=Q(lost_at__isnull=True) | Q(lost_reason__isnull=False), name="opportunity_lost_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], condition=LIVE, name="opportunity_by_owner"),
            models.Index(fields=["department", "-created_at"], condition=LIVE, name="opportunity_by_department"),
            models.Index(fields=["-created_at", "-id"], condition=LIVE, name="opportunity_newest"),
            models.Index(fields=["stage", "expected_close", "id"], condition=_OPEN, name="opportunity_board"),
            models.Index(fields=["customer", "-created_at"], condition=LIVE, name="opportunity_by_customer"),
            models.Index(fields=["expected_close"], condition=_OPEN, name="opportunity_closing"),
            models.Index(fields=["expected_close", "id"], condition=LIVE, name="opportunity_by_close"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="opportunity_by_change"),
            models.Index(fields=["won_at"], condition=LIVE & Q(won_at__isnull=False), name="opportunity_won"),
            models.Index(fields=["lost_at"], condition=LIVE & Q(lost_at__isnull=False), name="opportunity_lost"),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="opportunity_binned"),
            GinIndex(fields=["search_key"], name="opportunity_search_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(Characters("search_key"), name="opportunity_search_chars"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:
            self.number = next_number(NUMBER_SEQUENCE)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"O-{self.number}"

    @property
    def amount_text(self) -> str:
        return money.shown(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.won_at is None and self.lost_at is None

    @property
    def state(self) -> str:
        """A `StageKind`: open, won or lost."""
        return StageKind.WON if self.won_at else StageKind.LOST if self.lost_at else StageKind.OPEN

    @property
    def chance(self) -> int:
        """The win probability that counts, in per cent."""
        return self.stage.probability if self.probability is None else self.probability


class OpportunityLine(BaseModel):
    """One position of what the customer may buy; name and price are those of the day it was entered.

    list_price: what one unit cost by the price list that day, in the deal's currency and tax; null without any.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        "customers.Product", verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="opportunity_lines",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=160)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, default=1, validators=[MinValueValidator(0)]
    )
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    price_list = models.ForeignKey(
        "sales.PriceList", verbose_name=_("price list"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    list_price = models.DecimalField(_("list price"), max_digits=14, decimal_places=4, null=True, blank=True)
    discount_percent = models.DecimalField(_("discount (%)"), max_digits=5, decimal_places=2, default=0)
    tax_percent = models.DecimalField(_("tax (%)"), max_digits=5, decimal_places=2, default=0)
    net = models.DecimalField(**_AMOUNT)
    tax = models.DecimalField(**_AMOUNT)
    gross = models.DecimalField(_("total"), **_AMOUNT)

    objects = OfOpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity line")
        verbose_name_plural = _("opportunity lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "position"], name="one_opportunity_line_a_position")
        ]

    def __str__(self) -> str:
        return self.name


class StageSpan(BaseModel):
    """A stay in a stage; left_at is null for the present one. amount: the deal's when it came in."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="spans")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="spans")
    entered_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)
    amount = models.DecimalField(**_AMOUNT)

    objects = OfOpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage history")
        verbose_name_plural = _("stage history")
        ordering = ["entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opportunity"], condition=Q(left_at__isnull=True), name="one_present_stage")
        ]
        indexes = [
            models.Index(fields=["opportunity", "entered_at"], name="stage_span_of"),
            models.Index(fields=["stage", "entered_at"], name="stage_span_by_stage"),
        ]


class Collaborator(BaseModel):
    """A colleague who works on a deal beside its owner, and sees it."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="collaborators")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    objects = OfOpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("collaborators")
        constraints = [models.UniqueConstraint(fields=["opportunity", "user"], name="one_collaboration_on_a_deal")]
        indexes = [models.Index(fields=["user", "opportunity"], name="deal_collaboration_by_user")]
