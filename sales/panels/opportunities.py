"""Deals beside a customer and beside every record that has one, and what came of that record."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel
from customers.links import linked_ids, name_of
from customers.models import Customer

from ..board import totals_of
from ..cells import next_step, stage_tone
from ..models import Opportunity

#: The kinds of record on whose page the panel stands; those other than the customer have a `customer`.
BESIDE = ("customer", "ticket")
SHOWN = 5


def opportunities_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """Deals linked with the record first, then the customer's open ones; what they are worth. At most six queries.

    Whoever may see the customer sees its deals in outline; only those in the viewer's set are links with an amount.
    """
    customer = subject if isinstance(subject, Customer) else subject.customer
    known, seen = Opportunity.objects.visible_in_outline(actor), Opportunity.objects.visible_to(actor)
    made = [] if isinstance(subject, Customer) else linked_ids(subject, "opportunity")
    outline = known.select_related("stage", "owner").defer("note")
    from_here = list(outline.filter(pk__in=made)) if made else []
    rows = outline.filter(customer=customer).open().exclude(pk__in=made).order_by("expected_close", "pk")
    deals = list(rows.with_next_tasks(actor)[:SHOWN])
    return {
        "customer": customer,
        "from_here": [(deal, stage_tone(deal)) for deal in from_here],
        "deals": [(deal, stage_tone(deal), next_step(deal.next_task)) for deal in deals],  # type: ignore[attr-defined]
        "openable": set(seen.filter(pk__in=[row.pk for row in (*from_here, *deals)]).values_list("pk", flat=True)),
        "totals": totals_of(seen.filter(customer=customer).open()),
        "may_create": actor.can("opportunities.create"),
        "origin": name_of(subject),
    }


DEAL_PANELS = [
    Panel(
        f"sales.opportunities_{on}", on, _("Opportunities"), "sales/panels/_opportunities.html", opportunities_panel,
        "customers.view", order=50, queries=6,
    )
    for on in BESIDE
]  # fmt: skip
