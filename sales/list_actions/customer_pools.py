"""What can be done with many customers and pools at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.lists import BulkAction
from customers.models import Customer

from ..actions.customer_pools import claim_customer, pool_customer
from ..forms.customer_pools import PoolCustomerForm
from ..models import PooledCustomer


def _claim(actor: Actor, row: PooledCustomer, values: dict[str, Any]) -> None:
    claim_customer(actor=actor, stay=row)


def _pool(actor: Actor, row: Customer, values: dict[str, Any]) -> None:
    pool_customer(actor=actor, customer=row, **values)


CUSTOMER_POOL_BULK = [
    BulkAction("claim", "pooled_customer", _("Claim"), _claim, "assign", "leads.claim", order=10),
    BulkAction("pool", "customer", _("Put into a pool"), _pool, "undo", "leads.claim", PoolCustomerForm, order=60),
]
