"""Which answers of a ticket its agents may correct."""

from __future__ import annotations

from collections import defaultdict

from crm.fields.models import CustomField
from crm.fields.records import editable

from .models import RequestTypeQuestion, Ticket


def fields_to_correct(ticket: Ticket) -> list[CustomField]:
    """What its type asks, what it answers already, and what no type asks because it is for every ticket. One query."""
    asked_by: dict[int, set[int]] = defaultdict(set)
    for field_id, type_id in RequestTypeQuestion.objects.values_list("field_id", "request_type_id"):
        asked_by[field_id].add(type_id)
    return [
        entry
        for entry in editable("ticket")
        if entry.key in ticket.custom or entry.pk not in asked_by or ticket.request_type_id in asked_by[entry.pk]
    ]
