"""Customers that lie in a pool or are held under its rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel

from ..querysets.pooled import PooledCustomerQuerySet


class PooledCustomer(BaseModel):
    """A customer under the rules of a pool: without an owner it lies in the pool since `put_at`, else it is held.

    taken_at: when its owner got it. returns_at: when it goes back by itself, by the pool's days.
    """

    customer = models.OneToOneField(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.CASCADE, related_name="pooling"
    )
    pool = models.ForeignKey(
        "sales.Pool", verbose_name=_("pool"), on_delete=models.PROTECT, related_name="pooled_customers"
    )
    put_at = models.DateTimeField(_("in the pool since"), default=clock.now)
    taken_at = models.DateTimeField(_("taken"), null=True)
    returns_at = models.DateTimeField(_("goes back to the pool"), null=True)

    objects = PooledCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer in a pool")
        verbose_name_plural = _("customers in pools")
        indexes = [
            models.Index(fields=["pool", "-put_at"], name="pooled_customer_by_pool"),
            models.Index(fields=["returns_at"], condition=~Q(returns_at=None), name="pooled_customer_by_return"),
        ]

    def __str__(self) -> str:
        return str(self.customer)
