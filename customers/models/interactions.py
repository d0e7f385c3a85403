"""Talks with a customer, as staff logged them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel
from crm.core.text import excerpt

from ..choices import InteractionKind, InteractionOutcome
from ..places import Position
from ..querysets import OfCustomerQuerySet


class Interaction(BaseModel):
    """A call, meeting, visit or message that no machine saw. minutes: how long it took, 0 when nobody said.

    place: where it was, as somebody typed it. latitude and longitude: WGS 84 degrees, both or neither, as the
    browser of whoever logged it gave them after a click. Photos are attachments.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="interactions")
    contact = models.ForeignKey(
        "customers.Contact",
        verbose_name=_("with"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interactions",
    )
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=InteractionKind.choices, default=InteractionKind.CALL)
    outcome = models.CharField(_("outcome"), max_length=12, choices=InteractionOutcome.choices, blank=True)
    text = models.TextField(_("what was said"))
    happened_at = models.DateTimeField(_("when"), default=clock.now)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    place = models.CharField(_("place"), max_length=300, blank=True, default="", db_default="")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [
            models.Index(fields=["customer", "-happened_at"], name="interaction_by_customer"),
            models.Index(fields=["happened_at", "id"], name="interaction_by_moment"),
            models.Index(fields=["created_at", "id"], name="interaction_by_creation"),
            models.Index(fields=["updated_at", "id"], name="interaction_by_change"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def subject(self) -> str:
        """What a record that is made from it is called at first."""
        return excerpt(self.text, 120)

    @property
    def position(self) -> Position | None:
        """Where it was, None when nobody said."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def get_absolute_url(self) -> str:
        """Among the talks on the customer's page."""
        return f"{reverse('customers:customer_detail', args=[self.customer.number])}?show=customers.talked"
