"""What rules, policies and saved views may ask about a ticket."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from crm.conditions.registry import Field
from crm.core.actor import Actor
from crm.messaging.choices import Channel

from ..choices import Level, Priority, SlaState, StatusCategory, TicketKind
from ..models import RequestType, Status


def _types(actor: Actor) -> list[tuple[Any, Any]]:
    return [(row.pk, row.name) for row in RequestType.objects.visible_to(actor)]


def _statuses(actor: Actor) -> list[tuple[Any, Any]]:
    return [(row.pk, row.name) for row in Status.objects.visible_to(actor)]


def _category() -> Any:
    return Subquery(Status.objects.filter(pk=OuterRef("status_id")).values("category")[:1])


def _kind() -> Any:
    return Subquery(RequestType.objects.filter(pk=OuterRef("request_type_id")).values("kind")[:1])


def _choices(choices: Any) -> Any:
    return lambda actor: list(choices.choices)


_SEE = "tickets.view"

TICKET_FIELDS = (
    Field("ticket.subject", "ticket", _("Subject"), "text", "subject", permission=_SEE, order=10),
    Field(
        "ticket.type", "ticket", _("Type"), "choice", "request_type_id", values=_types, permission=_SEE, order=20
    ),
    Field(
        "ticket.kind", "ticket", _("Kind"), "choice", _kind, values=_choices(TicketKind),
        python=lambda ticket: ticket.request_type.kind, permission=_SEE, order=25,
    ),
    Field(
        "ticket.status", "ticket", _("Status"), "choice", "status_id", values=_statuses, permission=_SEE, order=30
    ),
    Field(
        "ticket.category", "ticket", _("Meaning of the status"), "choice", _category,
        values=_choices(StatusCategory), python=lambda ticket: ticket.status.category, permission=_SEE, order=35,
    ),
    Field(
        "ticket.priority", "ticket", _("Priority"), "choice", "priority", values=_choices(Priority),
        permission=_SEE, order=40,
    ),
    Field(
        "ticket.impact", "ticket", _("Impact"), "choice", "impact", values=_choices(Level), permission=_SEE,
        order=45,
    ),
    Field(
        "ticket.urgency", "ticket", _("Urgency"), "choice", "urgency", values=_choices(Level), permission=_SEE,
        order=46,
    ),
    Field("ticket.team", "ticket", _("Team"), "team", "team_id", permission=_SEE, order=50),
    Field("ticket.assignee", "ticket", _("Assignee"), "user", "assignee_id", permission=_SEE, order=55),
    Field(
        "ticket.channel", "ticket", _("Channel"), "choice", "channel", values=_choices(Channel), permission=_SEE,
        order=60,
    ),
    Field(
        "ticket.language", "ticket", _("Language"), "choice", "language",
        values=lambda actor: [("en", "English"), ("zh-hans", "简体中文")], permission=_SEE, order=65,
    ),
    Field(
        "ticket.sla_state", "ticket", _("Deadline"), "choice", "sla_state", values=_choices(SlaState),
        permission=_SEE, order=70,
    ),
    Field("ticket.created_at", "ticket", _("Created"), "datetime", "created_at", permission=_SEE, order=80),
    Field(
        "ticket.last_message_at", "ticket", _("Last message"), "datetime", "last_message_at", permission=_SEE,
        order=85,
    ),
    Field(
        "ticket.reopened", "ticket", _("Times reopened"), "number", "reopened_count", permission=_SEE, order=90
    ),
)  # fmt: skip
