from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import NavItem, nav

from .models import Ticket


def my_open(actor: Actor) -> int | None:
    """How many tickets the actor holds that are not resolved; up to 999."""
    return Ticket.objects.filter(assignee_id=actor.user_id).unresolved()[:999].count() or None


nav.register(
    NavItem("requests", "service", _("My requests"), "inbox", "requests:request_list", order=80),
    NavItem("tickets", "service", _("Tickets"), "ticket", "tickets:ticket_list", "tickets.view", 10, my_open),
)
