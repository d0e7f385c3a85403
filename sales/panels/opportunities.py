"""Deals beside a customer and beside every record that has one, and what came of that record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel
from customers.links import targets_of
from customers.models import Customer

from ..board import totals_of
from ..cells import next_step, stage_tone
from ..models import Opportunity
from ..origins.opportunities import origin_name

#: The kinds of record on whose page the panel stands; those other than the customer have a `customer`.
BESIDE = ("customer", "ticket")
SHOWN = 5


def opportunities_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """Deals made from the record first, then the customer's open ones; what they are worth. Five queries."""
    customer = subject if isinstance(subject, Customer) else subject.customer
    seen = Opportunity.objects.visible_to(actor)
    made = [] if isinstance(subject, Customer) else targets_of(subject, "opportunity")
    mine = seen.select_related("stage", "owner").defer("note")
    from_here = list(mine.filter(pk__in=made)) if made else []
    rows = mine.filter(customer=customer).open().exclude(pk__in=made).order_by("expected_close", "pk")
    return {
        "customer": customer,
        "from_here": [(deal, stage_tone(deal)) for deal in from_here],
        "deals": [
            (deal, stage_tone(deal), next_step(deal.next_task))  # type: ignore[attr-defined]
            for deal in rows.with_next_tasks(actor)[:SHOWN]
        ],
        "totals": totals_of(seen.filter(customer=customer).open()),
        "may_create": actor.can("opportunities.create"),
        "origin": origin_name(subject),
    }


DEAL_PANELS = [
    Panel(
        f"sales.opportunities_{on}", on, _("Opportunities"), "sales/panels/_opportunities.html", opportunities_panel,
        "opportunities.view", order=50, queries=6,
    )
    for on in BESIDE
]  # fmt: skip
