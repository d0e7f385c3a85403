"""Following a ticket."""

from __future__ import annotations

from collections.abc import Iterable

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound

from ..models import Ticket, TicketFollower
from .statuses import locked


@action(permission="tickets.view")
def follow_ticket(*, actor: Actor, ticket: Ticket) -> None:
    """The actor, who must be a member of staff, hears of what happens to it. Following twice changes nothing."""
    if actor.user_id is None:
        raise NotFound
    row = locked(actor, ticket, to_note=True)
    _follower, is_new = TicketFollower.objects.get_or_create(ticket=row, user_id=actor.user_id)
    if is_new:
        record(actor=actor, type="tickets.followed", subject=row, data={"number": row.number})


@action(permission="tickets.view")
def unfollow_ticket(*, actor: Actor, ticket: Ticket) -> None:
    """The actor hears no more of it. Not following is fine too."""
    row = locked(actor, ticket, to_note=True)
    gone, _by_model = TicketFollower.objects.filter(ticket=row, user_id=actor.user_id or 0).delete()
    if gone:
        record(actor=actor, type="tickets.unfollowed", subject=row, data={"number": row.number})


def add_followers(ticket: Ticket, users: Iterable[User]) -> None:
    """Makes colleagues followers, inside the verb that names them and tells of it."""
    rows = [TicketFollower(ticket=ticket, user=user) for user in users]
    TicketFollower.objects.bulk_create(rows, ignore_conflicts=True)
