"""Reads about tickets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotFound
from customers.choices import IdentityKind
from customers.models import Identity

from .choices import AfterSending, Audience, Priority, StatusCategory
from .exceptions import LinkInvalid, NoStatus
from .merging import followed
from .models import (
    AgentProfile,
    AssignmentDecision,
    PendingReply,
    PriorityRule,
    Rating,
    RequestType,
    Status,
    Ticket,
    TicketPresence,
)
from .models.assignment import UNDO_SECONDS
from .querysets import TicketQuerySet

#: A presence older than this means that the page was closed.
PRESENT_FOR = dt.timedelta(seconds=45)
WRITING_FOR = dt.timedelta(seconds=30)


def ticket_by_number(viewer: Actor, number: int) -> Ticket:
    """The ticket with that number and what its page shows. Raises `NotFound`."""
    rows = Ticket.objects.select_related(
        "status", "request_type", "team", "assignee", "customer", "contact", "conversation", "brand"
    )
    return rows.fetch(viewer, number=number)


def ticket_by_token(token: str) -> tuple[Ticket, bool]:
    """The ticket behind a customer's link, and whether the link was mailed (and so proves the address).

    The mailed link of a merged ticket leads its own requester to the one that took it over, and nobody else.
    Raises `LinkInvalid` for an unknown token.
    """
    rows = Ticket.objects.select_related("status", "request_type", "team", "assignee", "contact", "brand")
    rows = rows.whole()
    ticket = rows.select_related("merged_into").filter(access_token=token).first()
    if ticket is not None:
        into = followed(ticket)
        return (ticket if into is ticket else rows.get(pk=into.pk)), True
    ticket = rows.filter(guest_token=token).first()
    if ticket is None:
        raise LinkInvalid
    return ticket, False


def rating_by_token(token: str) -> Rating:
    """The rating asked for by that link. Raises `LinkInvalid`."""
    rating = Rating.objects.select_related("ticket__brand", "ticket__contact").filter(token=token).first()
    if rating is None or rating.ticket.deleted_at is not None:
        raise LinkInvalid
    return rating


def default_status(category: StatusCategory) -> Status:
    """The usual status of that meaning. Raises `NoStatus` when an administrator switched all of them off."""
    status = Status.objects.filter(category=category, is_active=True).order_by("-is_default", "order", "pk").first()
    if status is None:
        raise NoStatus
    return status


def priority_from(impact: int, urgency: int) -> Priority:
    """The matrix cell; normal where the matrix has a hole."""
    rule = PriorityRule.objects.filter(impact=impact, urgency=urgency).first()
    return Priority(rule.priority) if rule else Priority.NORMAL


def public_request_types() -> list[RequestType]:
    """What everybody may ask for, in order."""
    return list(RequestType.objects.offered_to(Audience.PUBLIC))


def next_statuses(viewer: Actor, ticket: Ticket) -> list[Status]:
    """Statuses the ticket may move to now, resolved left out: that has a verb of its own; none once it is merged."""
    if not viewer.can("tickets.update") or ticket.merged_into_id is not None:
        return []
    return list(ticket.status.next_statuses.filter(is_active=True).exclude(category=StatusCategory.RESOLVED))


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else on the ticket. is_writing: typed within the last half minute."""

    user_id: int
    name: str
    is_writing: bool


def others_on(viewer: Actor, ticket: Ticket) -> list[Other]:
    """Who else has the ticket open, writers first."""
    now = clock.now()
    rows = TicketPresence.objects.filter(ticket=ticket, seen_at__gte=now - PRESENT_FOR).exclude(user_id=viewer.user_id)
    found = [
        Other(row.user_id, row.user.name, row.wrote_at is not None and row.wrote_at > now - WRITING_FOR)
        for row in rows.select_related("user").order_by("user__sort_key")
    ]
    return sorted(found, key=lambda other: not other.is_writing)


def latest_decision(viewer: Actor, ticket: Ticket) -> AssignmentDecision | None:
    """Why the ticket went where it is, if the product decided. Raises `NotFound` out of scope."""
    if not Ticket.objects.visible_to(viewer).filter(pk=ticket.pk).exists():
        raise NotFound
    return AssignmentDecision.objects.filter(ticket=ticket).select_related("team", "user").first()


def deleted_tickets(viewer: Actor) -> TicketQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return TicketQuerySet(Ticket).filter(deleted_at__isnull=False).visible_to(viewer)


def queue_of(viewer: Actor) -> TicketQuerySet:
    """What waits for anybody in the viewer's teams, most pressing first: soonest due, then oldest."""
    waiting = Ticket.objects.visible_to(viewer).active().in_my_teams(viewer).filter(assignee__isnull=True)
    return waiting.order_by(F("next_due_at").asc(nulls_last=True), "created_at")


def after_sending_of(viewer: Actor) -> str:
    """Where a sent reply leads the viewer: an `AfterSending`."""
    chosen = AgentProfile.objects.filter(user_id=viewer.user_id or 0).values_list("after_sending", flat=True).first()
    return chosen or AfterSending.STAY


def undo_seconds_of(viewer: Actor) -> int:
    """How long the viewer's replies can be taken back, 0 for not at all."""
    chosen = AgentProfile.objects.filter(user_id=viewer.user_id or 0).values_list("undo_seconds", flat=True).first()
    return UNDO_SECONDS if chosen is None else chosen


def open_parts(ticket: Ticket) -> list[Ticket]:
    """Parts of a ticket that other teams still work on, oldest first."""
    return list(Ticket.objects.filter(parent=ticket).unresolved().order_by("number"))


def pending_replies(viewer: Actor, ticket: Ticket) -> list[PendingReply]:
    """Replies of a visible ticket that are not out yet; is_own: the viewer may take it back."""
    rows = list(PendingReply.objects.filter(ticket=ticket).select_related("user"))
    for row in rows:
        row.is_own = row.user_id == viewer.user_id  # type: ignore[attr-defined]
    return rows


def identity_of(ticket: Ticket) -> Identity | None:
    """The address the ticket's answers go to as a row of its requester; None when it is not theirs."""
    kind, value = IdentityKind.EMAIL, ticket.reply_email
    if not value:
        kind, value = IdentityKind.PHONE, ticket.reply_phone
    if not value:
        return None
    return Identity.objects.filter(contact_id=ticket.contact_id, kind=kind, value=value).first()
