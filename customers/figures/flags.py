"""What is worth knowing of a customer at a glance: the same flags on its page, beside its tickets and its deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.core import sockets
from crm.core.actor import Actor

from ..models import Customer


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. key: of the `Fact` that found it. label: what it is about. sentence: what there is to know."""

    key: str
    label: Any
    sentence: Any
    tone: str


def flags_of(viewer: Actor, customer: Customer) -> list[Flag]:
    """What every room says of a customer that the viewer may read, most pressing first.

    Rooms say it in their `facts.py`. The caller has made sure that the viewer may see the customer.
    """
    found = []
    for fact in sorted(sockets.facts, key=lambda entry: entry.order):
        if fact.on == "customer" and (not fact.permission or viewer.can(fact.permission)):
            sentence = fact.find(viewer, customer)
            if sentence:
                found.append(Flag(fact.key, fact.label, sentence, fact.tone))
    return found
