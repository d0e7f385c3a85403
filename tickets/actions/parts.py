"""Parts: what another department does for a ticket, with an assignee and a deadline of its own.

Whoever holds the ticket stays the customer's contact and reads its parts. A part has internal notes only: it has no
address to answer to, no rating, and no mail is made for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line, clean_text, excerpt
from crm.files.actions import attach_uploads
from crm.jobs import idempotency
from crm.messaging.actions import add_message, open_conversation

from ..choices import UNRESOLVED, StatusCategory
from ..exceptions import NoFurtherParts, PartIsInternal, SolvedAlready
from ..models import RequestType, Ticket, TicketFacts
from ..selectors import default_status
from .deadlines import start_clocks
from .spans import enter_status
from .statuses import locked, resolve_ticket

MAX_DESCRIPTION = 20_000


@action(permission="tickets.create", leaves_scope=True)
def open_part(
    *,
    actor: Actor,
    ticket: Ticket,
    team: Team,
    subject: str,
    description: str,
    due_at: dt.datetime | None = None,
    request_type: RequestType | None = None,
    form_key: str = "",
    uploads: Sequence[str] = (),
) -> Ticket:
    """Asks another team for a part of a ticket; its engine assigns it, and the ticket stays with its assignee.

    due_at: until when; without it the type's time or the policy's holds. request_type: of the part, by default the
    team's first one. Impact, urgency and priority are the ticket's. The same form_key gives the first part. Raises
    `Invalid`, `SolvedAlready`, and `NoFurtherParts` on a part.
    """
    row = locked(actor, ticket)
    due_text = due_at.isoformat() if due_at else ""
    body = {"team": team.pk, "subject": subject, "description": description, "due": due_text}
    route, who = f"tickets.part.{row.pk}", f"staff:{actor.id}"
    earlier = idempotency.begin(route=route, actor=who, key=form_key, body=body) if form_key else None
    if earlier is not None:
        return Ticket.all_objects.get(pk=earlier.answer["ticket"])
    if row.parent_id is not None:
        raise NoFurtherParts
    if row.status.category not in UNRESOLVED:
        raise SolvedAlready
    line, text = _check(team, subject, description)
    part = _store(actor, row, team, request_type or _type_of(team, row), line, text, due_at)
    message = add_message(actor=actor, conversation=part.conversation, direction="internal", body=text)
    attach_uploads(
        actor=actor, form_key=form_key, tokens=list(uploads), kind="message", object_id=message.pk,
        visibility="internal",
    )  # fmt: skip
    start_clocks(part, part.created_at)
    enter_status(part, part.created_at, is_new=True)
    part.save()
    record(
        actor=actor, type="tickets.part_opened", subject=part, anchors=[row],
        data={"number": part.number, "subject": line, "team": dict(team.name), "parent": row.number,
              "text": excerpt(text, 280)},
    )  # fmt: skip
    if form_key:
        idempotency.finish(route=route, actor=who, key=form_key, answer={"ticket": part.pk})
    return part


@action(permission="tickets.resolve")
def finish_part(*, actor: Actor, ticket: Ticket, result: str) -> Ticket:
    """Marks a part as done, with the result that whoever holds the ticket is told. Twice changes nothing.

    Raises `Invalid` without a result, `PartIsInternal` for a ticket that is no part.
    """
    if ticket.parent_id is None:
        raise PartIsInternal(_("This is a ticket of its own. Resolve it with a cause and a solution."))
    return resolve_ticket(actor=actor, ticket=ticket, cause="", solution=result)


def _check(team: Team, subject: str, description: str) -> tuple[str, str]:
    line, text = clean_line(subject, 200), clean_text(description, MAX_DESCRIPTION)
    wrong = {}
    if not team.is_active:
        wrong["team"] = _("Choose a team that works")
    if not line:
        wrong["subject"] = _("Enter what it is about in a few words")
    if not text:
        wrong["description"] = _("Describe what the team shall do")
    if wrong:
        raise Invalid(fields=wrong)
    return line, text


def _type_of(team: Team, ticket: Ticket) -> RequestType:
    return RequestType.objects.usable().filter(team=team).first() or ticket.request_type


def _store(
    actor: Actor,
    ticket: Ticket,
    team: Team,
    request_type: RequestType,
    subject: str,
    text: str,
    due_at: dt.datetime | None,
) -> Ticket:
    now = clock.now()
    conversation = open_conversation(
        actor=actor, brand=ticket.brand, subject=subject, channel="staff", language=ticket.language
    )
    part = Ticket.objects.create(
        brand=ticket.brand, parent=ticket, parent_assignee_id=ticket.assignee_id, subject=subject,
        request_type=request_type, status=default_status(StatusCategory.NEW), impact=ticket.impact,
        urgency=ticket.urgency, priority=ticket.priority, team=team, created_by_id=actor.user_id,
        customer=ticket.customer, contact=ticket.contact, conversation=conversation, channel="staff",
        language=ticket.language, timezone=ticket.timezone, verified_at=now, promised_at=due_at, created_at=now,
        last_message_at=now, customer_waits=False, snippet=excerpt(text),
    )  # fmt: skip
    TicketFacts.objects.create(ticket=part)
    return part
