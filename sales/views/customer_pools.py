"""Customers in pools: the list, claiming one, putting one back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from crm.core.errors import NotFound
from crm.ui.generic import cells
from crm.ui.views.generic import ActionView, ListView
from customers.models import Customer

from ..actions import customer_pools
from ..forms.customer_pools import PoolCustomerForm
from ..models import PooledCustomer


class CustomerPoolList(ListView):
    permission = "leads.claim"
    page = "pooled_customer"


class CustomerClaim(ActionView):
    """Makes a customer of a pool one's own."""

    permission = "leads.claim"
    model = PooledCustomer
    relations = ("customer", "pool")
    action = customer_pools.claim_customer
    record_as = "stay"
    title = gettext_lazy("Claim %(name)s?")
    button = gettext_lazy("Claim")
    done = gettext_lazy("%(name)s is yours now.")

    def answer(self) -> HttpResponse:
        return redirect(cells.url_of(self.object.customer))


class CustomerPool(ActionView):
    """Takes a customer from its owner and lays it into a pool."""

    permission = "leads.claim"
    model = Customer
    lookup = "number"
    relations = ("owner",)
    action = customer_pools.pool_customer
    record_as = "customer"
    form_class = PoolCustomerForm
    title = gettext_lazy("Put %(name)s into a pool")
    text = gettext_lazy("Members of the pool can claim it then. You may no longer see it yourself.")
    button = gettext_lazy("Put into the pool")
    done = gettext_lazy("%(name)s is in the pool.")

    def record(self) -> Any:
        customer = super().record()
        if not customer_pools.may_pool(self.actor, customer):
            raise NotFound
        return customer

    def form_kwargs(self) -> dict[str, Any]:
        stay = PooledCustomer.objects.filter(customer=self.object).first()
        return {"initial": {"pool": stay.pool_id if stay else None}}
