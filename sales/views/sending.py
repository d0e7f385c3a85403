"""What other rooms know of the customer of a deal, quote or contract, and what speaks against sending it now."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from crm.core.actor import Actor
from crm.core.sockets import facts, panels
from crm.ui.generic.record_page import FactShown
from customers.models import Customer

#: Whose panels of the customer are not repeated, since the record has its own.
_OWN_PANELS = ("sales.", "planner.", "ui.")


def at_a_glance(actor: Actor, customer: Customer, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The customer's facts and panels for a record's page; none where the viewer may not open the customer.

    without: beginnings of the keys of further panels that the record has of its own.
    """
    if not Customer.objects.visible_to(actor).filter(pk=customer.pk).exists():
        return {"customer_facts": [], "customer_panels": []}
    return {
        "customer_facts": _facts(actor, customer),
        "customer_panels": [
            (panel, reverse("ui:panel", args=["customer", customer.pk, panel.key]))
            for panel in panels
            if panel.on == "customer" and panel.place == "side" and not panel.key.startswith((*_OWN_PANELS, *without))
            and (not panel.permission or actor.can(panel.permission))
        ],
    }  # fmt: skip


def warnings_about(actor: Actor, customer: Customer) -> list[Any]:
    """What speaks against sending now: a complaint, bad satisfaction, money late, a risk."""
    return [fact.sentence for fact in _facts(actor, customer) if fact.tone in {"danger", "warning"}]


def _facts(actor: Actor, customer: Customer) -> list[FactShown]:
    known = [fact for fact in facts if fact.on == "customer" and (not fact.permission or actor.can(fact.permission))]
    found = [(fact, fact.find(actor, customer)) for fact in known]
    return [FactShown(fact.label, fact.tone, sentence) for fact, sentence in found if sentence]
