"""What was merged into what, with all that undoing it needs; and who may be the same."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import BaseModel
from crm.core.querysets import BaseQuerySet
from crm.core.text import listed

from ..choices import SameBy


class MergeQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Merges are seen with their survivor."""
        from .contacts import Contact
        from .customers import Customer

        customers = Q(kind="customer", into_id__in=Customer.objects.visible_to(actor).values("pk"))
        return self.filter(customers | Q(kind="contact", into_id__in=Contact.objects.visible_to(actor).values("pk")))

    def of(self, kind: str, record_id: int) -> Self:
        """Those into that record which were not undone, newest first."""
        return self.filter(kind=kind, into_id=record_id, undone_at__isnull=True).order_by("-made_at", "-pk")


class Merge(BaseModel):
    """Records of one kind ("customer" or "contact") that became one. ids, since rows of both may be erased later.

    memory: values and rows before, as `customers.lifecycles` reads them, with "v".
    """

    kind = models.CharField(max_length=10)
    into_id = models.BigIntegerField()
    other_ids = ArrayField(models.BigIntegerField())
    memory = models.JSONField(default=dict)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [models.Index(fields=["kind", "into_id", "-made_at"], name="merge_by_survivor")]


class PossibleDuplicateQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Pairs of which both are in the actor's set."""
        from .customers import Customer

        seen = Customer.objects.visible_to(actor).values("pk")
        return self.filter(first__in=seen, second__in=seen)

    def open(self) -> Self:
        """Pairs of living customers that nobody called different."""
        return self.filter(dismissed_at__isnull=True, first__deleted_at__isnull=True, second__deleted_at__isnull=True)


class PossibleDuplicate(BaseModel):
    """Two customers that may be one, found by the nightly look. dismissed_at: somebody said that they are two."""

    first = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=8, choices=SameBy.choices)
    dismissed_at = models.DateTimeField(null=True)

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_duplicates"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicates_in_order"),
        ]
        indexes = [models.Index(fields=["-id"], condition=Q(dismissed_at__isnull=True), name="duplicates_open")]

    def __str__(self) -> str:
        return listed([self.first.name, self.second.name])
