"""The two deadlines of a ticket and what happens when they come near or pass."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.calendars.models import Clock
from crm.core.actor import Actor
from crm.core.sockets import ClockKind, clock_kinds
from crm.core.translated import in_all_languages

from .actions.deadlines import FIRST_RESPONSE, RESOLUTION, mirror
from .models import Ticket

_TYPES = {"warning": "tickets.sla_at_risk", "breach": "tickets.sla_breached"}


def on_level(clock: Clock, level: str) -> None:
    """Marks the ticket and tells of it, once each; a ticket that is gone or in a later cycle is left alone."""
    ticket = Ticket.objects.select_related("customer").lock().filter(pk=clock.object_id, cycle=clock.cycle).first()
    if ticket is None:
        return
    mirror(ticket)
    ticket.save(update_fields=["next_due_at", "sla_state"])
    declared = clock.declared
    record(
        actor=Actor.system(),
        type=_TYPES[level],
        subject=ticket,
        anchors=[ticket.customer],
        data={
            "number": ticket.number,
            "measure": in_all_languages(declared.label if declared else ""),
            "due_at": clock.due_at.isoformat(),
            "team_id": ticket.team_id,
            "assignee_id": ticket.assignee_id,
        },
    )


clock_kinds.register(
    ClockKind(1, FIRST_RESPONSE, _("First response"), on_level),
    ClockKind(2, RESOLUTION, _("Resolution"), on_level),
)
