"""Switching a rule on or off and giving it another place; each saves through the verb of the rule's own app."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound

from ..ordering import moved
from ..rules import RuleList, rules_in_order


@action()
def switch_rule(*, actor: Actor, declared: RuleList, row: Any, on: bool) -> Any:
    """Switches the rule; saying again what holds changes nothing. Raises what the app's verb raises."""
    if not declared.switch:
        raise NotFound
    if getattr(row, declared.switch) == on:
        return row
    return declared.change(actor, row, {declared.switch: on})


@action()
def move_rule(*, actor: Actor, declared: RuleList, rows: QuerySet[Any], row: Any, way: str, steps: int = 1) -> bool:
    """Moves the rule some steps "up" or "down" in the line. False where it stands at its end.

    rows: those that the actor sees. Where rows share a place, all are numbered anew, ten apart.
    """
    if not declared.order:
        raise NotFound
    before = rules_in_order(declared, rows)
    line = moved(before, row, way, steps)
    if line is None:
        return False
    places = [getattr(entry, declared.order) for entry in before]
    if len(set(places)) < len(places):
        places = [10 * (number + 1) for number in range(len(line))]
    for entry, place in zip(line, places, strict=True):
        if getattr(entry, declared.order) != place:
            declared.change(actor, entry, {declared.order: place})
    return True
