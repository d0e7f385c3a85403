"""How deals go: pipelines, their stages, and why deals are lost."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.translated import TranslatedField

from ..choices.opportunities import StageKind


class Pipeline(BaseModel):
    """A way of selling with stages of its own."""

    name = TranslatedField(_("name"), max_length=80)
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class Stage(BaseModel):
    """A step of a pipeline. probability: of winning, in per cent. expected_days: calendar days a deal usually stays.

    A pipeline has one stage of the kind won and one of the kind lost, at the end.
    """

    pipeline = models.ForeignKey(Pipeline, verbose_name=_("pipeline"), on_delete=models.CASCADE, related_name="stages")
    name = TranslatedField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=4, choices=StageKind.choices, default=StageKind.OPEN)
    probability = models.PositiveSmallIntegerField(
        _("win probability (%)"), default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    expected_days = models.PositiveSmallIntegerField(
        _("usual days"), default=14, help_text=_("A deal that stays longer is marked as stale. 0: never.")
    )
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_probability_in_per_cent"),
            models.UniqueConstraint(
                fields=["pipeline", "kind"], condition=~Q(kind="open"), name="one_end_of_a_kind_per_pipeline"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class LostReason(BaseModel):
    """Why a deal was lost. needs_note: only with a sentence of explanation, as "Other" does."""

    name = TranslatedField(_("name"), max_length=80)
    needs_note = models.BooleanField(_("asks for a note"), default=False)
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost reason")
        verbose_name_plural = _("lost reasons")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)
