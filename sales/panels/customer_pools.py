"""Beside a customer: the pool it lies in or is held under, and who held it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel

from ..actions.customer_pools import may_pool
from ..models import Pool, PooledCustomer
from ..pooling.claiming import may_claim
from ..pooling.spans import days_until, spans_of

SHOWN = 5


def pool_panel(actor: Actor, customer: Any) -> dict[str, Any]:
    """The stay, how long until it ends by itself, and the last holders. At most five queries."""
    stay = PooledCustomer.objects.select_related("pool").filter(customer=customer).first()
    claims = stay is not None and customer.owner_id is None and actor.can("leads.claim")
    return {
        "customer": customer,
        "stay": stay,
        "days": days_until(stay.returns_at) if stay is not None and stay.returns_at else None,
        "may_claim": claims and may_claim(actor, stay.pool_id),  # type: ignore[union-attr]
        "may_pool": may_pool(actor, customer) and (stay is None or customer.owner_id is not None)
        and Pool.objects.for_customers().exists(),
        "holders": list(spans_of(customer).select_related("user").order_by("-started_at", "-pk")[:SHOWN]),
    }  # fmt: skip


CUSTOMER_POOL_PANELS = [
    Panel("sales.pool", "customer", _("Pool"), "sales/panels/_pool.html", pool_panel, "customers.view", order=85,
          queries=5),
]  # fmt: skip
