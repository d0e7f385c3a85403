"""What a request type asks, over and above subject and description."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet

from ..choices import Preset, Required, Shown


class RequestTypeQuestion(BaseModel):
    """One of the desk's custom fields as a question of a type.

    required, shown: in every case, never, or when `condition` holds for the other answers of the form.
    preset: whether an address may bring the answer, and whether it then stands fixed.
    """

    request_type = models.ForeignKey("tickets.RequestType", on_delete=models.CASCADE, related_name="questions")
    field = models.ForeignKey(
        "fields.CustomField", verbose_name=_("question"), on_delete=models.PROTECT, related_name="+"
    )
    order = models.SmallIntegerField(_("order"), default=0)
    required = models.CharField(_("must be answered"), max_length=6, choices=Required.choices, default=Required.NEVER)
    shown = models.CharField(_("is asked"), max_length=6, choices=Shown.choices, default=Shown.ALWAYS)
    condition = models.JSONField(_("condition"), default=dict, blank=True)
    preset = models.CharField(_("from the address"), max_length=4, choices=Preset.choices, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["request_type", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request_type", "field"],
                name="a_type_asks_once",
                violation_error_message=_("This type asks that already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.field)
