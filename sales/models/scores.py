"""What leads are scored by, and the numbers of the lead desk."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.translated import TranslatedField

from ..choices.leads import LeadEventKind, ScoreGroup
from ..querysets.leads import PoolQuerySet


class ScoreRule(BaseModel):
    """Points for a lead: of fit while its condition holds, of engagement for each event of its kind."""

    name = TranslatedField(_("name"), max_length=80)
    group = models.CharField(_("group"), max_length=10, choices=ScoreGroup.choices, default=ScoreGroup.FIT)
    condition = models.JSONField(_("condition"), default=dict, blank=True)
    event = models.CharField(_("event"), max_length=8, choices=LeadEventKind.choices, blank=True)
    points = models.SmallIntegerField(_("points"), validators=[MinValueValidator(-100), MaxValueValidator(100)])
    is_active = models.BooleanField(_("active"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=50)

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("score rule")
        verbose_name_plural = _("score rules")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group="fit", event="") | (Q(group="engagement") & ~Q(event="")),
                name="score_rule_of_its_group",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


_CAP = [MinValueValidator(0), MaxValueValidator(100)]


class LeadSettings(BaseModel):
    """The numbers of the lead desk, one row a brand.

    fit_cap, engagement_cap: the most points of each group. hot_from: the score of a hot lead. fade_percent: how much of
    an event's points is gone after each month of 30 days. is_form_open: whether /help/contact/ takes leads, at most
    limit_per_network_hour from one network and limit_per_address_hour of one person.
    """

    brand = models.OneToOneField("core.Brand", on_delete=models.CASCADE, related_name="lead_settings")
    fit_cap = models.PositiveSmallIntegerField(_("most points for fit"), default=60, validators=_CAP)
    engagement_cap = models.PositiveSmallIntegerField(_("most points for engagement"), default=40, validators=_CAP)
    fade_percent = models.PositiveSmallIntegerField(
        _("points that fade each month (%)"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    hot_from = models.PositiveSmallIntegerField(_("hot from this score"), default=60, validators=_CAP)
    is_form_open = models.BooleanField(_("contact form is open"), default=True)
    consent_text = TranslatedField(_("consent text"), multiline=True)
    consent_version = models.PositiveIntegerField(default=1, editable=False)
    min_form_seconds = models.PositiveSmallIntegerField(_("fastest form (seconds)"), default=3)
    limit_per_address_hour = models.PositiveSmallIntegerField(
        _("forms a person and hour"), default=5, validators=[MinValueValidator(1)]
    )
    limit_per_network_hour = models.PositiveSmallIntegerField(
        _("forms a network and hour"), default=30, validators=[MinValueValidator(1)]
    )

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead desk")
        verbose_name_plural = _("lead desks")

    def __str__(self) -> str:
        return str(_("Lead desk"))
