"""Who else has the ticket open."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..models import Ticket, TicketPresence


@action(permission="tickets.view")
def be_present(*, actor: Actor, ticket: Ticket, writing: bool) -> None:
    """Notes that the actor looks at the ticket or types on it. No event of the business, so no activity."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticketpresence AS p (ticket_id, user_id, seen_at, wrote_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (ticket_id, user_id) DO UPDATE SET seen_at = excluded.seen_at,"
            " wrote_at = COALESCE(excluded.wrote_at, p.wrote_at)",
            [ticket.pk, actor.user_id, now, now if writing else None],
        )


def forget_presence() -> int:
    """Removes who looked at a ticket longer than a day ago."""
    old = clock.database_now() - dt.timedelta(days=1)
    return TicketPresence.objects.filter(seen_at__lt=old).delete()[0]
