"""Opportunities go over with their customer and contact."""

from django.utils.translation import gettext_lazy as _

from customers.lifecycles import lifecycles, moving

lifecycles.register(
    moving("sales.opportunities", "customer", _("Opportunities"), "sales.Opportunity.customer"),
    moving("sales.opportunities_with", "contact", _("Opportunities"), "sales.Opportunity.contact"),
)
