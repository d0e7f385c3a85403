"""The quotes of a customer or an opportunity, beside them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel

from ..choices.quotes import TONES, QuoteState
from ..models import Opportunity, Quote

#: How many a panel shows.
IN_PANEL = 6


def quotes_of(actor: Actor, record: Any) -> dict[str, Any]:
    """The latest quotes of a customer or an opportunity."""
    name = "opportunity" if isinstance(record, Opportunity) else "customer"
    rows = list(Quote.objects.visible_to(actor).filter(**{name: record}).order_by("-created_at", "-pk")[:IN_PANEL])
    address = reverse("quotes:quote_create", args=[record.customer_id if name == "opportunity" else record.pk])
    return {
        "quotes": [(row, TONES[QuoteState(row.state)]) for row in rows],
        "create_url": f"{address}?opportunity={record.pk}" if name == "opportunity" else address,
        "may_create": actor.can("quotes.create"),
    }


QUOTE_PANELS = [
    Panel(f"quotes.{kind}", kind, _("Quotes"), "quotes/panels/_quotes.html", quotes_of, "quotes.view", order=22)
    for kind in ("customer", "opportunity")
]
