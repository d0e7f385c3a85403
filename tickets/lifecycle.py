"""Tickets, and requests of colleagues, go over with their customer and with whoever asked."""

from django.utils.translation import gettext_lazy as _

from customers.lifecycles import lifecycles, moving

lifecycles.register(
    moving("tickets.customer", "customer", _("Tickets"), "tickets.Ticket.customer"),
    moving("tickets.contact", "contact", _("Tickets"), "tickets.Ticket.contact"),
    moving("tickets.request_customer", "customer", "", "tickets.Request.customer"),
    moving("tickets.request_contact", "contact", "", "tickets.Request.contact"),
)
