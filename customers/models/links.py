"""What came of what: a ticket that became a deal, a lead that became a customer's deal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel

from ..querysets import OfCustomerQuerySet


class Link(BaseModel):
    """A record (source) from which another (target) was made, both of one customer. Records are Kind code and id.

    Rooms that never import each other meet here: each shows the other's side by the kind's page and outcome.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="links")
    source_kind = models.SmallIntegerField()
    source_id = models.BigIntegerField()
    target_kind = models.SmallIntegerField()
    target_id = models.BigIntegerField()
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "target_kind", "target_id"], name="one_link_between_two_records"
            )
        ]
        indexes = [models.Index(fields=["target_kind", "target_id"], name="link_by_target")]
