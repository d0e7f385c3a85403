"""What follows from a deed on a ticket: assignment, and telling staff. Safe to run twice."""

from __future__ import annotations

from crm.accounts.access import users_who_can
from crm.accounts.models import User
from crm.accounts.selectors import supervisors_of
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import Subscriber, subscribers
from crm.notifications.actions import notify

from .actions.assignment import assign_automatically
from .models import Ticket

ASSIGN_ON = (
    "tickets.submitted", "tickets.type_changed", "tickets.priority_changed", "tickets.reopened", "tickets.reassigned",
)  # fmt: skip


def _ticket(activity: Activity) -> Ticket | None:
    return Ticket.objects.select_related("customer", "team", "assignee").filter(pk=activity.object_id).first()


def assign(activity: Activity) -> None:
    """A ticket without assignee goes to somebody who is free."""
    ticket = _ticket(activity)
    if ticket is not None and ticket.assignee_id is None:
        assign_automatically(actor=Actor.system(), ticket=ticket)


def tell_assignee(activity: Activity) -> None:
    """The assignee learns of new work, of the customer's words (mere thanks apart), of deadlines, of a verdict."""
    ticket = _ticket(activity)
    if ticket is not None and ticket.assignee is not None and not activity.data.get("only_thanks"):
        _notify(activity, ticket, [ticket.assignee])


def tell_supervisors(activity: Activity) -> None:
    """Supervisors learn that a ticket waits for somebody, or that a promise was broken."""
    ticket = _ticket(activity)
    if ticket is not None:
        people = supervisors_of(ticket.team_id) or users_who_can("tickets.manage", team_id=ticket.team_id)
        _notify(activity, ticket, people)


def _notify(activity: Activity, ticket: Ticket, users: list[User]) -> None:
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=activity.key,
        users=users,
        subject=ticket,
        data={**activity.data, "subject": ticket.subject, "customer": ticket.customer.name},
        url=f"/tickets/{ticket.number}/",
        activity_id=activity.pk,
    )


subscribers.register(
    Subscriber("tickets.assign", ASSIGN_ON, assign, order=10),
    Subscriber(
        "tickets.tell_assignee",
        ("tickets.assigned", "tickets.reassigned", "tickets.customer_replied", "tickets.reopened", "tickets.rated",
         "tickets.sla_at_risk", "tickets.sla_breached"),
        tell_assignee,
        order=30,
    ),
    Subscriber("tickets.tell_supervisors", ("tickets.queued", "tickets.sla_breached"), tell_supervisors, order=40),
)  # fmt: skip
