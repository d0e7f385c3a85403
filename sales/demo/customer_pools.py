"""The demo's pool of customers: some wait to be claimed, some are held and one goes back soon."""

from __future__ import annotations

import datetime as dt

from crm.accounts.models import User
from crm.activity.recording import kind_of
from crm.core.demo import DemoContext
from crm.core.translated import Translated
from customers.models import Customer

from ..choices.leads import PoolHolds, SpanEnd, SpanStart
from ..models import OwnerSpan, Pool, PooledCustomer

LYING, HELD = 8, 6


def make_customer_pool(context: DemoContext) -> None:
    """Taken and put back within the last months, so that each state is seen."""
    sales: list[User] = context.made["staff"].in_role("sales")
    pool = Pool.objects.create(
        name=Translated({"en": "Customer pool", "zh-hans": "客户公海"}), holds=PoolHolds.CUSTOMERS, daily_limit=5,
        capacity=40, wait_days=14, protect_days=7, idle_days=30, warn_days=7, order=20,
    )  # fmt: skip
    pool.users.set(sales)
    code, now, rng = kind_of(Customer).code, context.now, context.rng("customer pool")
    free = Customer.objects.external().filter(owner__isnull=True).order_by("-pk")[:LYING]
    for customer in free:
        put = now - dt.timedelta(days=rng.randint(1, 40))
        PooledCustomer.objects.create(customer=customer, pool=pool, put_at=put)
        OwnerSpan.objects.create(
            kind=code, object_id=customer.pk, user=rng.choice(sales), pool=pool, end=SpanEnd.RETURNED, ended_at=put,
            started_at=put - dt.timedelta(days=rng.randint(30, 90)), start=SpanStart.CLAIMED,
        )  # fmt: skip
    held = Customer.objects.external().filter(owner__in=sales, pooling__isnull=True).order_by("-pk")[:HELD]
    for place, customer in enumerate(held):
        taken = now - dt.timedelta(days=26 - place * 4)
        PooledCustomer.objects.create(customer=customer, pool=pool, put_at=taken, taken_at=taken)
        OwnerSpan.objects.create(
            kind=code, object_id=customer.pk, user_id=customer.owner_id, pool=pool, started_at=taken,
            start=SpanStart.CLAIMED,
        )  # fmt: skip
    PooledCustomer.objects.filter(pool=pool).reckon()
