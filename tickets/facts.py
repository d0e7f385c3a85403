from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.actor import Actor
from crm.core.sockets import Fact, facts
from customers.models import Customer

from .choices import SlaState, TicketKind
from .models import Ticket


def open_complaint(actor: Actor, customer: Customer) -> Any:
    """Whether a complaint is not resolved yet."""
    rows = Ticket.objects.visible_in_outline(actor).filter(customer=customer).unresolved()
    count = rows.filter(request_type__kind=TicketKind.COMPLAINT)[:100].count()
    return (
        ngettext("%(count)s open complaint", "%(count)s open complaints", count) % {"count": count} if count else None
    )


def broken_promise(actor: Actor, customer: Customer) -> Any:
    """Whether an unresolved ticket is past its deadline."""
    rows = Ticket.objects.visible_in_outline(actor).filter(customer=customer, sla_state=SlaState.BREACHED).unresolved()
    count = rows[:100].count()
    return (
        ngettext("%(count)s ticket overdue", "%(count)s tickets overdue", count) % {"count": count} if count else None
    )


facts.register(
    Fact("tickets.complaint", "customer", _("Complaint"), "danger", open_complaint, "customers.view", 10),
    Fact("tickets.overdue", "customer", _("Overdue"), "warning", broken_promise, "customers.view", 20),
)
