"""Reads about merged tickets: which conversations a page shows, who may read whose words, what might be the same.

A message stays where it was written. The target's page reads the conversations of its duplicates too; a customer's
page reads only those of the same requester, so that nobody ever sees another customer's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, FloatField, Q, Value, When

from crm.core.actor import Actor

from .models import Ticket

#: How many tickets the picker proposes.
PROPOSED = 8


def same_requester(one: Ticket, other: Ticket) -> bool:
    """The same person, answered at the same address: a link or a mail of one proves as much for the other."""
    if one.contact_id != other.contact_id:
        return False
    if one.reply_email or other.reply_email:
        return one.reply_email == other.reply_email
    return bool(one.reply_phone) and one.reply_phone == other.reply_phone


def duplicates_of(ticket: Ticket) -> list[Ticket]:
    """The tickets that were merged into this one, oldest first."""
    return list(Ticket.objects.filter(merged_into=ticket).order_by("number"))


def further_conversations(ticket: Ticket, *, customer_only: bool = False) -> dict[int, Ticket]:
    """Conversations that belong to the ticket besides its own: id → the duplicate. One query.

    customer_only: only those of the ticket's own requester.
    """
    found = {row.conversation_id: row for row in duplicates_of(ticket)}
    return {pk: row for pk, row in found.items() if not customer_only or same_requester(row, ticket)}


def conversation_ids(ticket: Ticket) -> list[int]:
    """All conversations of a ticket: its own and those of its duplicates."""
    return [ticket.conversation_id, *further_conversations(ticket)]


def followed(ticket: Ticket) -> Ticket:
    """Where a requester's link leads: the ticket that took this one over, when it is the requester's own."""
    if ticket.merged_into is not None and same_requester(ticket, ticket.merged_into):
        return ticket.merged_into
    return ticket


def proposed_targets(viewer: Actor, ticket: Ticket) -> Sequence[Ticket]:
    """Open tickets this one may be a duplicate of: the same requester's, then the same customer's, similar first."""
    rows = (
        Ticket.objects.visible_to(viewer).unresolved().whole().filter(merged_into__isnull=True, brand=ticket.brand_id)
    )
    rows = rows.filter(Q(contact=ticket.contact_id) | Q(customer=ticket.customer_id)).exclude(pk=ticket.pk)
    own = Case(When(contact=ticket.contact_id, then=Value(0.3)), default=Value(0.0), output_field=FloatField())
    ranked = rows.annotate(likeness=TrigramSimilarity("search_key", ticket.search_key) + own)
    return list(ranked.select_related("status", "contact", "assignee").order_by("-likeness", "-pk")[:PROPOSED])
