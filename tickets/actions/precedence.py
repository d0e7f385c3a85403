"""Tickets that come first because of whose they are: what the desk's settings say about priority and seniority."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from crm.conditions.language import Condition, parse
from crm.core.actor import Actor

from ..choices import Priority
from ..models import ServiceSettings, Ticket


@lru_cache(maxsize=64)
def _compiled(tree: str) -> Condition:
    return parse(json.loads(tree), on="ticket", author=Actor.system(), stored=True)


def _holds(ticket: Ticket, column: str) -> bool:
    trees: Any = ServiceSettings.objects.filter(brand=ticket.brand_id).values_list(column, flat=True)
    tree = trees.first()
    return bool(tree) and _compiled(json.dumps(tree, sort_keys=True)).matches(ticket)


def raised(ticket: Ticket, priority: Priority) -> Priority:
    """The priority one step higher where the settings ask for it for this ticket; urgent stays."""
    if priority == Priority.URGENT or not _holds(ticket, "raise_when"):
        return priority
    return Priority(priority + 1)


def raise_new(ticket: Ticket) -> None:
    """Raises the priority of a ticket that was just stored, before its clocks are started."""
    priority = raised(ticket, Priority(ticket.priority))
    if priority != ticket.priority:
        ticket.priority = priority
        ticket.save(update_fields=["priority"])


def wants_senior(ticket: Ticket) -> bool:
    """Whether senior colleagues come first for this ticket, whatever its priority."""
    return _holds(ticket, "senior_when")
