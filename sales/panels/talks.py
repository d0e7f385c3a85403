"""What was said to a customer lately, and what was made of it: one click turns a talk into an opportunity or a lead."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel, kinds
from crm.ui.generic.cells import url_of
from customers.links import name_of
from customers.models import Customer, Interaction, Link

from ..cells import stage_tone
from ..lists.leads import status_tone
from ..models import Lead, Opportunity

#: The kinds of record on whose page the panel stands; those other than the customer have a `customer`.
BESIDE = ("customer", "ticket")
SHOWN = 4


def talks_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """The last talks, each with the deals and leads made of it and how they stand. At most five queries."""
    customer = subject if isinstance(subject, Customer) else subject.customer
    rows = Interaction.objects.visible_to(actor).filter(customer=customer).select_related("user", "contact")
    talks = list(rows.order_by("-happened_at", "-pk")[:SHOWN])
    ids = [talk.pk for talk in talks]
    links = Link.objects.filter(
        source_kind=kinds["interaction"].code, source_id__in=ids, target_kind=kinds["opportunity"].code
    )
    joined = list(links.values_list("source_id", "target_id"))
    deals = Opportunity.objects.visible_to(actor).select_related("stage").in_bulk([target for _id, target in joined])
    made: dict[int, list[tuple[Any, str, Any, str]]] = {}
    for talk_id, deal_id in joined:
        if deal_id in deals:
            deal = deals[deal_id]
            made.setdefault(talk_id, []).append((deal, url_of(deal), deal.stage, stage_tone(deal)))
    code = kinds["interaction"].code
    for lead in Lead.objects.visible_to(actor).filter(origin_kind=code, origin_id__in=ids):
        line = (lead, url_of(lead), lead.get_status_display(), status_tone(lead))
        made.setdefault(lead.origin_id or 0, []).append(line)
    return {
        "customer": customer,
        "talks": [(talk, name_of(talk), made.get(talk.pk, [])) for talk in talks],
        "may_create": actor.can("opportunities.create"),
        "may_lead": actor.can("leads.create"),
    }


TALK_PANELS = [
    Panel(f"sales.talks_{on}", on, _("Last talks"), "sales/panels/_talks.html", talks_panel, "customers.view",
          order=48, queries=5)
    for on in BESIDE
]  # fmt: skip
