"""A lost tracking link: the wish is stored by the page, and looked at by a worker."""

from __future__ import annotations

from crm.activity.recording import record
from crm.core import limits
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import TooMany
from crm.jobs.broker import enqueue_on_commit

from ..mailing import send_link
from ..models import LinkWish, Ticket

#: A ticket's address is not flooded by whoever knows it.
LETTERS_PER_TICKET, DAY = 3, 86_400


@action()
def wish_for_link(*, actor: Actor, number: int, email: str = "", phone: str = "") -> None:
    """Stores the wish for the link of a ticket. email or phone: in normal form. Says nothing about either."""
    wish = LinkWish.objects.create(number=number, email=email, phone=phone)
    enqueue_on_commit("tickets.look_for_link", wish.pk)


@action()
def look_for_link(*, actor: Actor, wish_id: int) -> None:
    """Sends the link to the address on the ticket when the one that was typed is it; the wish is forgotten.

    The history of the ticket tells of the letter; a wish that fits no ticket leaves nothing behind.
    """
    wish = LinkWish.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=wish_id).first()
    if wish is None:
        return
    wish.delete()
    ticket = _meant(wish)
    if ticket is None:
        return
    try:
        limits.hit("lost.ticket", str(ticket.pk), limit=LETTERS_PER_TICKET, window_seconds=DAY)
    except TooMany:
        return
    address = send_link(actor=actor, ticket=ticket, by_phone=bool(wish.phone), key=str(wish_id))
    record(
        actor=actor, type="tickets.link_sent", subject=ticket,
        data={"number": ticket.number, "to": address},
    )  # fmt: skip


def look_for_links(limit: int = 50) -> int:
    """Looks at every wish that waits. Returns how many there were."""
    waiting = list(LinkWish.objects.order_by("pk").values_list("pk", flat=True)[:limit])
    for wish_id in waiting:
        look_for_link(actor=Actor.system(), wish_id=wish_id)
    return len(waiting)


def _meant(wish: LinkWish) -> Ticket | None:
    """The ticket of that number, if the address that was typed is the ticket's own."""
    rows = Ticket.objects.select_related("brand", "team", "status", "assignee", "contact", "conversation")
    rows = rows.filter(number=wish.number, parent__isnull=True)
    own = rows.filter(reply_email=wish.email) if wish.email else rows.filter(reply_phone=wish.phone)
    return own.first() if wish.email or wish.phone else None
