"""Leads that were converted, opportunities, quotes and contracts go over with their customer and contact."""

from django.utils.translation import gettext_lazy as _

from customers.lifecycles import lifecycles, moving

lifecycles.register(
    moving("sales.opportunities", "customer", _("Opportunities"), "sales.Opportunity.customer"),
    moving("sales.opportunities_with", "contact", _("Opportunities"), "sales.Opportunity.contact"),
    moving("sales.quotes", "customer", _("Quotes"), "sales.Quote.customer"),
    moving("sales.quotes_with", "contact", _("Quotes"), "sales.Quote.contact"),
    moving("sales.contracts", "customer", _("Contracts"), "sales.Contract.customer"),
    moving("sales.contracts_with", "contact", _("Contracts"), "sales.Contract.contact"),
    moving("sales.leads", "customer", "", "sales.Lead.converted_customer"),
    moving("sales.leads_with", "contact", "", "sales.Lead.converted_contact"),
)
