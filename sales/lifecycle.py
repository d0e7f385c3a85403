"""Leads that were converted, opportunities, quotes and contracts go over with their customer and contact."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.lifecycles import lifecycles, moving

from .models import PooledCustomer


def _has_pool(new: int) -> Q:
    """The survivor keeps its own pool; what the other one had stays with the row that is kept for undoing."""
    own = PooledCustomer.objects.filter(customer=new).exists()
    return Q(pk__gt=0) if own else Q(pk__in=[])


lifecycles.register(
    moving("sales.pools", "customer", "", "sales.PooledCustomer.customer", stays=_has_pool),
    moving("sales.opportunities", "customer", _("Opportunities"), "sales.Opportunity.customer"),
    moving("sales.opportunities_with", "contact", _("Opportunities"), "sales.Opportunity.contact"),
    moving("sales.quotes", "customer", _("Quotes"), "sales.Quote.customer"),
    moving("sales.quotes_with", "contact", _("Quotes"), "sales.Quote.contact"),
    moving("sales.contracts", "customer", _("Contracts"), "sales.Contract.customer"),
    moving("sales.contracts_with", "contact", _("Contracts"), "sales.Contract.contact"),
    moving("sales.leads", "customer", "", "sales.Lead.converted_customer"),
    moving("sales.leads_with", "contact", "", "sales.Lead.converted_contact"),
)
