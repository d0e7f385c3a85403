"""Who else has the ticket open."""

from __future__ import annotations

from django.db import connection

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..choices import PresenceMode
from ..models import Ticket


@action(permission="tickets.view")
def be_present(*, actor: Actor, ticket: Ticket, mode: PresenceMode) -> None:
    """Notes that the actor looks at the ticket or writes on it; worth a minute."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticketpresence (ticket_id, user_id, mode, seen_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (ticket_id, user_id) DO UPDATE SET mode = excluded.mode, seen_at = excluded.seen_at",
            [ticket.pk, actor.user_id, mode, clock.now()],
        )
