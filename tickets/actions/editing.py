"""Changing what a ticket is: subject, type, impact, urgency, team, assignee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line
from crm.core.translated import in_all_languages
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, in_words, store_answers

from ..choices import UNRESOLVED, Level, Priority
from ..exceptions import HasMerged
from ..models import RequestType, Ticket, TicketFacts
from ..selectors import priority_from
from .deadlines import retarget_clocks, stop_clocks
from .precedence import raised
from .spans import enter_status
from .statuses import locked, parts_are_done

EDITABLE = ("subject", "request_type", "impact", "urgency")


@action(permission="tickets.update")
def update_ticket(*, actor: Actor, ticket: Ticket, values: Mapping[str, Any]) -> Ticket:
    """Sets subject, type, impact and urgency (priority follows the matrix), and answers to own questions.

    An answer is named "custom_" and its key, in its stored form or as text; None takes it away. A changed type
    moves the ticket to that type's team and assigns anew; changed type or priority clocks anew. Nothing is
    written when nothing differs. Raises `Invalid`.
    """
    answers = custom_values(values)
    unknown = set(values) - set(EDITABLE) - {PREFIX + key for key in answers}
    if unknown:
        raise Invalid(fields={name: _("This field cannot be set") for name in unknown})
    row = locked(actor, ticket)
    if "subject" in values:
        _rename(actor, row, clean_line(values["subject"], 200))
    if "request_type" in values and values["request_type"].pk != row.request_type_id:
        _retype(actor, row, values["request_type"])
    if {"impact", "urgency"} & set(values):
        impact, urgency = _level(values, "impact", row.impact), _level(values, "urgency", row.urgency)
        _reprioritise(actor, row, impact, urgency, raised(row, priority_from(impact, urgency)))
    if answers:
        _answer(actor, row, answers)
    return row


@action(permission="tickets.update")
def change_priority(*, actor: Actor, ticket: Ticket, priority: int) -> Ticket:
    """Sets the priority by hand, over the matrix; clocks count anew from their start. Raises `Invalid`."""
    if priority not in Priority.values:
        raise Invalid(fields={"priority": _("Choose a priority")})
    row = locked(actor, ticket)
    _reprioritise(actor, row, Level(row.impact), Level(row.urgency), Priority(priority))
    return row


@action(permission="tickets.reassign", leaves_scope=True)
def reassign_ticket(*, actor: Actor, ticket: Ticket, team: Team, assignee: User | None) -> Ticket:
    """Hands a ticket to a team and, unless the team's queue shall decide, to one of its members.

    Raises `Invalid` when the person is not of the team or cannot sign in.
    """
    row = locked(actor, ticket)
    if assignee is not None and not (assignee.is_active and assignee.memberships.filter(team=team).exists()):
        raise Invalid(fields={"assignee": _("Choose an active member of the team")})
    if row.team_id == team.pk and row.assignee_id == (assignee.pk if assignee else None):
        return row
    row.team, row.assignee, row.accepted_at = team, assignee, None
    row.save()
    enter_status(row, clock.now())
    if assignee is not None:
        TicketFacts.objects.filter(ticket=row).update(assignments=F("assignments") + 1)
    record(
        actor=actor, type="tickets.reassigned", subject=row, anchors=[row.customer],
        data={"number": row.number, "to": assignee.name if assignee else dict(team.name), "team_id": team.pk,
              "assignee_id": assignee.pk if assignee else None},
    )  # fmt: skip
    return row


@action(permission="tickets.delete")
def delete_ticket(*, actor: Actor, ticket: Ticket) -> None:
    """Moves a ticket to the recycle bin with its finished parts; its deadlines end. Raises `PartsOpen`, `HasMerged`."""
    row = locked(actor, ticket)
    parts_are_done(row)
    if Ticket.all_objects.filter(merged_into=row).exists():
        raise HasMerged
    stop_clocks(row)
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save()
    Ticket.objects.filter(parent=row).update(deleted_at=row.deleted_at, deleted_by_id=row.deleted_by_id)
    record(actor=actor, type="tickets.deleted", subject=row, anchors=[row.customer], data={"number": row.number})


def _rename(actor: Actor, ticket: Ticket, subject: str) -> None:
    if not subject:
        raise Invalid(fields={"subject": _("Enter what it is about in a few words")})
    if subject == ticket.subject:
        return
    before, ticket.subject = ticket.subject, subject
    ticket.save(update_fields=["subject"])
    record(
        actor=actor, type="tickets.updated", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "fields": in_all_languages(_("subject")),
              "changes": {"subject": [before, subject]}},
    )  # fmt: skip


def _answer(actor: Actor, ticket: Ticket, answers: Mapping[str, Any]) -> None:
    changes = store_answers(ticket, answers)
    if not changes:
        return
    ticket.save(update_fields=["custom"])
    record(
        actor=actor, type="tickets.updated", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "fields": in_words(list(changes)),
              "changes": {PREFIX + entry.key: pair for entry, pair in changes.items()}},
    )  # fmt: skip


def _retype(actor: Actor, ticket: Ticket, request_type: RequestType) -> None:
    before = ticket.request_type
    ticket.request_type = request_type
    if request_type.team_id != ticket.team_id:
        ticket.team, ticket.assignee, ticket.accepted_at = request_type.team, None, None
    ticket.save()
    now = clock.now()
    enter_status(ticket, now)
    _retarget(ticket)
    record(
        actor=actor, type="tickets.type_changed", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "before": dict(before.name), "after": dict(request_type.name)},
    )  # fmt: skip


def _reprioritise(actor: Actor, ticket: Ticket, impact: Level, urgency: Level, priority: Priority) -> None:
    if (ticket.impact, ticket.urgency, ticket.priority) == (impact, urgency, priority):
        return
    before = Priority(ticket.priority)
    ticket.impact, ticket.urgency, ticket.priority = impact, urgency, priority
    ticket.save()
    if before == priority:
        return
    _retarget(ticket)
    record(
        actor=actor, type="tickets.priority_changed", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "before": in_all_languages(before.label),
              "after": in_all_languages(priority.label), "priority": priority},
    )  # fmt: skip


def _retarget(ticket: Ticket) -> None:
    if ticket.status.category in UNRESOLVED:
        retarget_clocks(ticket, clock.now())
        ticket.save()


def _level(values: Mapping[str, Any], name: str, present: int) -> Level:
    value = values.get(name, present)
    if value not in Level.values:
        raise Invalid(fields={name: _("Choose low, medium or high")})
    return Level(value)
