"""What the sender of a paper should know first."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.sockets import facts
from customers.models import Customer


def warnings_about(actor: Actor, customer: Customer) -> list[Any]:
    """What is known about the customer that speaks against sending now: a complaint, bad satisfaction, money late."""
    found = []
    for fact in facts:
        may_know = not fact.permission or actor.can(fact.permission)
        if fact.on == "customer" and fact.tone in {"danger", "warning"} and may_know:
            found.append(fact.find(actor, customer))
    return [sentence for sentence in found if sentence]
