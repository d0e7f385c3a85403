"""Leads beside tickets and customers: what became of a request, and where a customer came from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.sockets import Panel

from ..lists.leads import status_tone
from ..models import Lead
from ..selectors.leads import leads_from

SHOWN = 5


def ticket_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """The leads made from a ticket, and the button that makes one. One query."""
    return {
        "leads": [(lead, status_tone(lead)) for lead in leads_from(actor, subject)],
        "origin": f"{kind_of(subject).key}-{subject.pk}",
        "may_create": actor.can("leads.create"),
    }


def customer_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """The leads that became this customer. One query."""
    rows = Lead.objects.visible_to(actor).filter(converted_customer=subject).select_related("owner")
    return {
        "leads": [(lead, status_tone(lead)) for lead in rows.order_by("-converted_at", "-pk")[:SHOWN]],
        "origin": "",
        "may_create": False,
    }


LEAD_PANELS = [
    Panel("sales.leads_ticket", "ticket", _("Leads"), "sales/panels/_leads.html", ticket_panel, "leads.view",
          order=80, queries=2),
    Panel("sales.leads_customer", "customer", _("Leads"), "sales/panels/_leads.html", customer_panel, "leads.view",
          order=80, queries=2),
]  # fmt: skip
