"""What follows from a deed on a ticket: assignment, and telling staff. Safe to run twice."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for, users_who_can
from crm.accounts.models import User
from crm.accounts.selectors import supervisors_of
from crm.activity.models import Activity
from crm.core.actor import Actor, ActorKind
from crm.core.errors import DomainError
from crm.core.sockets import Subscriber, subscribers
from crm.core.translated import Translated
from crm.messaging.models import Message, OutgoingSms
from crm.notifications.actions import notify
from crm.planner.models import Task

from .actions.answering import add_note
from .actions.assignment import assign_automatically
from .actions.standing_in import stand_in
from .articles import note_sent
from .calling import CALL_KEY, call_instead
from .choices import StatusCategory
from .mentions import may_see
from .models import Request, Status, Ticket

ASSIGN_ON = (
    "tickets.submitted", "tickets.type_changed", "tickets.priority_changed", "tickets.reopened", "tickets.reassigned",
    "tickets.stood_in",
    "tickets.part_opened",
)  # fmt: skip


def _ticket(activity: Activity) -> Ticket | None:
    return Ticket.objects.select_related("customer", "team", "assignee").filter(pk=activity.object_id).first()


def assign(activity: Activity) -> None:
    """A ticket without assignee goes to somebody who is free."""
    ticket = _ticket(activity)
    if ticket is not None and ticket.assignee_id is None:
        assign_automatically(actor=Actor.system(), ticket=ticket)


def replace_absent(activity: Activity) -> None:
    """A customer writes to somebody who is out of office: the substitute or the queue gets it."""
    ticket = _ticket(activity)
    if ticket is not None and ticket.assignee_id is not None:
        stand_in(actor=Actor.system(), ticket=ticket)


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


def call_instead_of_text(activity: Activity) -> None:
    """A text message that did not arrive becomes a call task with its words."""
    sms = OutgoingSms.objects.filter(pk=activity.object_id).first()
    ticket = Ticket.objects.filter(conversation_id=sms.conversation_id).first() if sms and sms.conversation_id else None
    if ticket is not None and sms is not None:
        call_instead(ticket=ticket, reason="undelivered", key=f"sms:{sms.pk}", words=sms.text)


def note_call(activity: Activity) -> None:
    """What came of a call stands in the ticket's conversation, as a note of whoever called."""
    task = Task.objects.filter(pk=activity.object_id, source_key__startswith=CALL_KEY, done_by__isnull=False).first()
    ticket = Ticket.objects.filter(pk=task.object_id).first() if task is not None else None
    if task is None or task.done_by is None or ticket is None or not task.result:
        return
    with suppress(DomainError):  # who may not write notes keeps the words on the task
        body = _("Called the customer: %(text)s") % {"text": task.result}
        add_note(
            actor=actor_for(task.done_by), ticket=ticket, body=body, form_key=f"call-task-{task.pk}-{activity.pk:08d}"
        )


def tell_mentioned(activity: Activity) -> None:
    """Whom a note mentions, and who may see the ticket, is told so."""
    ticket = _ticket(activity)
    ids = activity.data.get("mentioned", [])
    if ticket is not None and ids:
        people = [user for user in User.objects.active().filter(pk__in=ids) if may_see(user, ticket)]
        _notify(activity, ticket, people, kind="tickets.mentioned")


def tell_followers(activity: Activity) -> None:
    """Followers learn of replies, notes and changes of the status, as long as they may see the ticket.

    The assignee is told as assignee, the mentioned as mentioned.
    """
    ticket = _ticket(activity)
    if ticket is None or activity.data.get("only_thanks"):
        return
    known = {*activity.data.get("mentioned", []), ticket.assignee_id, ticket.parent_assignee_id} - {None}
    users = User.objects.active().filter(followed_tickets__ticket=ticket).exclude(pk__in=known)
    _notify(activity, ticket, [user for user in users if may_see(user, ticket)])


def tell_colleague_who_asked(activity: Activity) -> None:
    """A colleague learns that their request was answered, solved or waits for them."""
    request = Request.objects.select_related("contact__user").filter(pk=activity.object_id).first()
    if request is None or request.contact.user is None or request.parent_id is not None:
        return
    if activity.key == "tickets.status_changed" and activity.data.get("category") != StatusCategory.WAITING:
        return
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind="tickets.request_answered" if activity.key == "tickets.replied" else "tickets.request_moved",
        users=[request.contact.user],
        subject=request,
        data={**activity.data, "subject": request.subject, "status": dict(_shown(request.status))},
        url=reverse("requests:request_detail", args=[request.number]),
        activity_id=activity.pk,
    )


def _shown(status: Status) -> Translated:
    return status.customer_name if str(status.customer_name) else status.name


def tell_about_part(activity: Activity) -> None:
    """Whoever holds the ticket learns that a part is done, late, open again or noted on; its assignee of notes."""
    ticket = _ticket(activity)
    if ticket is None or ticket.parent_id is None:
        return
    ids = [ticket.parent_assignee_id]
    if activity.key == "tickets.noted":
        ids = [pk for pk in (*ids, ticket.assignee_id) if pk not in activity.data.get("mentioned", [])]
    people = User.objects.active().filter(pk__in=[pk for pk in ids if pk is not None])
    _notify(activity, ticket, list(people), kind=_PART_KINDS[activity.key])


#: What happened to a part → how its ticket's assignee is told.
_PART_KINDS = {
    "tickets.part_finished": "tickets.part_finished", "tickets.noted": "tickets.part_noted",
    "tickets.sla_breached": "tickets.part_late", "tickets.reopened": "tickets.part_reopened",
}  # fmt: skip


def tell_undelivered(activity: Activity) -> None:
    """The assignee learns that the customer never got an answer."""
    message = Message.objects.filter(pk=activity.data.get("message")).first()
    ticket = Ticket.objects.filter(conversation_id=message.conversation_id).first() if message else None
    if ticket is not None and ticket.assignee is not None:
        data = {"number": ticket.number, "to": activity.data["to"], "text": activity.data["error"]}
        _notify(activity, ticket, [ticket.assignee], kind="tickets.mail_failed", data=data)


def _notify(activity: Activity, ticket: Ticket, users: list[User], kind: str = "", data: Any = None) -> None:
    notify(
        actor=Actor(ActorKind(activity.actor_kind), activity.actor_id, activity.actor_label),
        kind=kind or activity.key,
        users=users,
        subject=ticket,
        data={**(data or activity.data), "subject": ticket.subject, "customer": ticket.customer.name},
        url=f"/tickets/{ticket.number}/",
        activity_id=activity.pk,
    )


def note_articles_sent(activity: Activity) -> None:
    """Articles whose links an answer holds are tied to the ticket."""
    ticket = Ticket.objects.filter(pk=activity.object_id).first()
    if ticket is None:
        return
    said = Message.objects.filter(conversation=ticket.conversation_id, direction="outbound")
    for body in said.order_by("-created_at").values_list("body", flat=True)[:3]:
        note_sent(ticket, body)


subscribers.register(
    Subscriber("tickets.note_articles_sent", ("tickets.replied", "tickets.resolved"), note_articles_sent, order=70),
    Subscriber("tickets.assign", ASSIGN_ON, assign, order=10),
    Subscriber(
        "tickets.replace_absent", ("tickets.customer_replied", "tickets.reopened"), replace_absent, order=20
    ),
    Subscriber(
        "tickets.tell_assignee",
        ("tickets.assigned", "tickets.reassigned", "tickets.customer_replied", "tickets.reopened", "tickets.rated",
         "tickets.resolved",
         "tickets.sla_at_risk", "tickets.sla_breached", "tickets.stood_in", "tickets.handed_on"),
        tell_assignee,
        order=30,
    ),
    Subscriber("tickets.tell_supervisors", ("tickets.queued", "tickets.sla_breached"), tell_supervisors, order=40),
    Subscriber(
        "tickets.tell_colleague_who_asked",
        ("tickets.replied", "tickets.status_changed", "tickets.resolved"),
        tell_colleague_who_asked,
        order=42,
    ),
    Subscriber("tickets.tell_about_part", tuple(_PART_KINDS), tell_about_part, order=45),
    Subscriber("tickets.tell_undelivered", ("messaging.mail_failed",), tell_undelivered, order=45),
    Subscriber("tickets.call_instead_of_text", ("messaging.sms_failed",), call_instead_of_text, order=20),
    Subscriber("tickets.note_call", ("planner.task_finished",), note_call, order=20),
    Subscriber("tickets.tell_mentioned", ("tickets.noted",), tell_mentioned, order=50),
    Subscriber(
        "tickets.tell_followers",
        ("tickets.customer_replied", "tickets.replied", "tickets.noted", "tickets.status_changed", "tickets.resolved",
         "tickets.closed", "tickets.reopened"),
        tell_followers,
        order=60,
    ),
)  # fmt: skip
