"""Who sees which customers of a pool, and when they go back to it."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from crm.core import names
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet

from .returning import COUNTED, due_moment, latest


class PooledCustomerQuerySet(BaseQuerySet):
    """What lies in a pool is seen in outline by its members; what is held, by who sees the customer."""

    def visible_to(self, actor: Actor) -> Self:
        from customers.models import Customer

        from ..models import Pool

        rows = self.filter(customer__deleted_at__isnull=True)
        if actor.sees_all:
            return rows
        if not actor.can("customers.view"):
            return rows.none()
        seen = Q(customer__in=Customer.objects.visible_to(actor))
        if actor.can("leads.manage"):
            return rows.filter(seen | Q(customer__owner__isnull=True))
        if not actor.can("leads.claim"):
            return rows.filter(seen)
        mine = Pool.objects.of(actor).order_by().values("pk")
        return rows.filter(seen | Q(customer__owner__isnull=True, pool__any_of=ArraySubquery(mine)))

    def lying(self) -> Self:
        """Those that wait for somebody to claim them."""
        return self.filter(customer__owner__isnull=True, customer__deleted_at__isnull=True)

    def held(self) -> Self:
        """Those that somebody owns."""
        return self.filter(customer__owner__isnull=False, customer__deleted_at__isnull=True)

    def matching(self, text: str) -> Self:
        """By the customer's name in any script."""
        return self.filter(customer__search_key__contains=names.fold(text))

    def reckon(self) -> int:
        """Writes anew when each held customer goes back. Returns how many rows.

        A talk, an order or an opportunity keeps it; the days without conversion end with an order or an opportunity.
        """
        from customers.models import Customer, CustomerFacts

        from ..models import Opportunity

        mine = OuterRef("customer_id")
        talked = Subquery(Customer.objects.filter(pk=mine).values("last_interaction_at"))
        ordered = Subquery(CustomerFacts.objects.filter(customer=mine).values("last_order_at"))
        deals = Opportunity.objects.filter(customer=mine).order_by("-created_at").values("created_at")
        taken = Coalesce(F("taken_at"), F("put_at"))
        worked = latest(ordered, Subquery(deals[:1]), taken)
        running = self.filter(COUNTED, customer__owner__isnull=False)
        ids = list(running.values_list("pk", flat=True))
        due = due_moment(latest(talked, worked), worked, taken)
        count = self.model.objects.filter(pk__in=ids).update(returns_at=due)
        self.filter(returns_at__isnull=False).exclude(pk__in=ids).update(returns_at=None)
        return int(count)
